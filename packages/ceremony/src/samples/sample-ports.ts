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
  /** Not included, and over when it was fixed. */
  readonly to: Date;
  readonly wanted: number;
  /** 32 random bytes: nobody can try out what was fixed. Null: fixed when the desk still drew seeds alone. */
  readonly nonce: Uint8Array | null;
  /** Of one with a nonce as the ledger settled it; null until it is drawn. */
  readonly seed: Uint8Array | null;
  /** Size of the ledger whose signed head settled the seed. */
  readonly seedSize: number | null;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly drawnBy: string | null;
  readonly drawnAt: Date | null;
  /** What was drawn and found was destroyed then. */
  readonly sweptAt: Date | null;
  readonly population: number | null;
  readonly populationDigest: string | null;
}

/** What settles the seed of a sample that was fixed. */
export interface SettledSeed {
  /** `sampleDefinition`, as the ledger's entry has it. */
  readonly fact: string;
  /** Index of that entry. */
  readonly leafIndex: number;
  /** The first published head that covers it: its size, and the note as the ledger signed it. */
  readonly size: number;
  readonly note: string;
  readonly seed: Uint8Array;
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
  /** Null: the ledger has published no head yet that covers the sample's entry. */
  settledSeed(id: string): Promise<SettledSeed | null>;
  /** False: drawn already. Throws `illegal-transition` for another seed than the ledger settled. */
  keepDrawn(p: {
    id: string;
    by: string;
    at: Date;
    seed: Pick<SampleRow, 'seed' | 'seedSize'>;
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
