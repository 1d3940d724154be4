import type { DeskClient } from '../desk-client.js';
import type { Page } from './reconciliations.js';

export const SAMPLE_KINDS = ['redemptions', 'authorizations'] as const;
export type SampleKind = (typeof SAMPLE_KINDS)[number];
export const SAMPLE_FINDINGS = [
  'in-order',
  'no-business',
  'purpose-doubtful',
  'operator-doubtful',
  'letter-defect',
  'evidence-missing',
  'case-needed',
] as const;
export type SampleFinding = (typeof SAMPLE_FINDINGS)[number];

export interface Sample {
  readonly id: string;
  /** Null: of all institutions. */
  readonly institution: string | null;
  readonly kind: SampleKind;
  readonly from: string;
  readonly to: string;
  readonly wanted: number;
  /** Digest of what was fixed; null: fixed when the desk still drew seeds alone. */
  readonly definition: string | null;
  /** Null: not drawn yet. */
  readonly seed: string | null;
  readonly madeAt: string;
  readonly drawnAt: string | null;
  readonly sweptAt: string | null;
  readonly population: number | null;
  readonly populationDigest: string | null;
}
export interface SampleItem {
  readonly ordinal: number;
  readonly id: string;
  readonly authorization: string;
  readonly findings: readonly {
    readonly finding: SampleFinding;
    readonly note: string;
    readonly by: string;
    readonly at: string;
  }[];
}
/** The first published head of the ledger that covers the sample's entry, and the seed that follows. */
export interface Settled {
  readonly entry: number;
  readonly size: number;
  readonly note: string;
  readonly seed: string;
}
export interface SampleDetail extends Sample {
  /** Null: the ledger has published no such head yet. */
  readonly settled: Settled | null;
  readonly items: readonly SampleItem[];
}

export const listSamples = (client: DeskClient): Promise<Page<Sample>> => client.get('/samples');
export const fixSample = (
  client: DeskClient,
  asked: {
    readonly institution?: string;
    readonly kind: SampleKind;
    readonly from: string;
    readonly to: string;
    readonly wanted: number;
  },
): Promise<Sample> => client.post('/samples', asked);
export const readSample = (client: DeskClient, id: string): Promise<SampleDetail> =>
  client.get(`/samples/${id}`);
/** The page looks by itself; in the register there is nothing of it. */
export const watchSeed = (
  client: DeskClient,
  id: string,
): Promise<{ readonly settled: Settled | null }> => client.look(`/samples/${id}/seed`);
export const drawSample = (client: DeskClient, id: string): Promise<SampleDetail> =>
  client.post(`/samples/${id}/drawing`);
export const verifySample = (
  client: DeskClient,
  id: string,
): Promise<{
  readonly sameItems: boolean;
  readonly samePopulation: boolean;
  /** Null: a seed that the desk drew alone. */
  readonly sameSeed: boolean | null;
}> => client.get(`/samples/${id}/verification`);
export const noteFinding = (
  client: DeskClient,
  id: string,
  found: { readonly ordinal: number; readonly finding: SampleFinding; readonly note: string },
): Promise<SampleDetail> => client.post(`/samples/${id}/findings`, found);
export const sampleFile = (id: string): string => `/desk/api/samples/${id}/items.csv`;
