import type { SubIndication } from '@mandate/pki';
import type { FindingId, NotCheckedId } from './catalogue.js';
import type { LaterAccess, LaterState } from './material/later-material.js';
import type { PdfSignatureVerdict } from './pdf/verify-pdf.js';
import type { Facts } from './verification-facts.js';

export * from './verification-facts.js';

/** Main indications of ETSI EN 319 102-1 §5.1.2. */
export type Indication = 'TOTAL-PASSED' | 'INDETERMINATE' | 'TOTAL-FAILED';

export type { LaterAccess, LaterState };

/** Where in the process of EN 319 102-1 a check belongs; the last four are ours. */
export type Block =
  | 'format'
  | 'signing-certificate'
  | 'x509'
  | 'cryptography'
  | 'acceptance'
  | 'time'
  | 'scope'
  | 'ledger'
  | 'bundle';

export type Status = 'passed' | 'failed' | 'indeterminate' | 'not-checked';

export const CLAIMS = [
  'integrity',
  'identity',
  'intent',
  'time',
  'scope',
  'single-signature',
  'ledger',
] as const;
export type Claim = (typeof CLAIMS)[number];

/** Result of one check. No prose: `findingText` has the words. */
export interface Finding {
  readonly id: FindingId;
  readonly block: Block;
  readonly status: Status;
  /** Present when `failed` or `indeterminate`. */
  readonly subIndication?: SubIndication;
  /** Values the words may show: part names, times, a reason. */
  readonly params?: Readonly<Record<string, string>>;
}

export interface ClaimResult {
  readonly status: Status;
  readonly subIndication?: SubIndication;
  /** Ids of the findings it rests on. */
  readonly findings: readonly FindingId[];
}

/** The whole result; a negative one is data, not an exception. */
export interface Verification {
  readonly format: 'mandate-verification/v1';
  readonly input: {
    readonly kind:
      | 'bundle'
      /** Several reports under sealed lists of evidence. */
      | 'filing'
      | 'pdf'
      | 'receipt'
      | 'status-list'
      | 'checkpoint'
      | 'proof'
      /** A report's data; the sealed report is a PDF. */
      | 'report'
      | 'unknown';
    /** Rules a PDF was held to: the strict ones of our letters or of our reports, or EN 319 102-1 alone. */
    readonly profile?: 'letter' | 'report' | 'pades';
    /** SHA-256, hex. */
    readonly digest: string;
    readonly size: number;
  };
  /** The moment it was judged for, RFC 3339. */
  readonly at: string;
  readonly verdict: { readonly indication: Indication; readonly subIndication?: SubIndication };
  /** Of what was signed: for a PDF the worst signature. A timestamp that does not hold takes its proof away, not this. */
  readonly integrity: 'sound' | 'broken';
  /** Every signature and document timestamp of a PDF, as far as it can be read. */
  readonly signatures?: readonly PdfSignatureVerdict[];
  readonly claims: Readonly<Record<Claim, ClaimResult>>;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  /** What this verification cannot or did not look at. */
  readonly notChecked: readonly NotCheckedId[];
}
