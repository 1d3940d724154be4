import type { DrawnItem, DrawnSample } from './draw-sample.js';

export const SAMPLE_KINDS = ['redemptions', 'authorizations'] as const;
export type SampleKind = (typeof SAMPLE_KINDS)[number];

/** What the auditor finds of an item. Closed. */
export const SAMPLE_FINDINGS = [
  'in-order',
  /** No business of the institution's behind it. */
  'no-business',
  'purpose-doubtful',
  'operator-doubtful',
  'letter-defect',
  'evidence-missing',
  'case-needed',
] as const;
export type SampleFinding = (typeof SAMPLE_FINDINGS)[number];

export interface SampleRow {
  readonly id: string;
  /** Null: of all institutions. */
  readonly institutionId: string | null;
  readonly kind: SampleKind;
  readonly from: Date;
  /** Not included, and over when the seed was made. */
  readonly to: Date;
  readonly wanted: number;
  readonly seed: Uint8Array;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly drawnBy: string | null;
  readonly drawnAt: Date | null;
  readonly population: number | null;
  readonly populationDigest: string | null;
}

export interface SampleItem extends DrawnItem {
  readonly ordinal: number;
  /** Newest last. */
  readonly findings: readonly {
    readonly finding: SampleFinding;
    readonly note: string;
    readonly staffId: string;
    readonly at: Date;
  }[];
}

/** Role desk. */
export interface SampleRecord {
  createSample(row: SampleRow): Promise<void>;
  sample(id: string): Promise<SampleRow | null>;
  samples(p: {
    institutionId?: string | undefined;
    before?: string | undefined;
    limit: number;
  }): Promise<readonly SampleRow[]>;
  /** What a sample is drawn from, in ascending order of ids. */
  population(sample: SampleRow): AsyncIterable<readonly DrawnItem[]>;
  /** False: drawn already. */
  keepDrawn(p: {
    id: string;
    by: string;
    at: Date;
    drawn: DrawnSample<DrawnItem>;
  }): Promise<boolean>;
  sampleItems(id: string): Promise<readonly SampleItem[]>;
  addSampleFinding(p: {
    sampleId: string;
    ordinal: number;
    finding: SampleFinding;
    note: string;
    staffId: string;
    at: Date;
  }): Promise<void>;
}
