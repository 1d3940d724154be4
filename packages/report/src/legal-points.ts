import type { Finding } from '@mandate/verify';
import { worstStatus } from './sections.js';
import type { LegalPoint } from './report.js';

/** What a law asks, and the findings that answer it: exact ids, or a group ending in a slash. */
type Answers<Id extends string> = Readonly<Record<Id, readonly string[]>>;

/** The six points a court looks at (Provisions on Internet Courts, art. 11), in their order. */
export const COURT_POINTS = [
  'environment',
  'maker-and-time',
  'custody',
  'extraction',
  'alteration',
  'verifiable',
] as const;
export type CourtPointId = (typeof COURT_POINTS)[number];

/** The four conditions of a reliable electronic signature (Electronic Signature Law, art. 13). */
export const SIGNATURE_LIMBS = [
  'exclusive',
  'controlled',
  'signature-change',
  'content-change',
] as const;
export type SignatureLimbId = (typeof SIGNATURE_LIMBS)[number];

const COURT: Answers<CourtPointId> = {
  environment: [
    'presentation-record',
    'presentation-page',
    'trail-chain',
    'trail-steps',
    'binding-origin',
    'certificate-profile',
  ],
  'maker-and-time': [
    'certificate/',
    'certificate-subject',
    'scene-subject',
    'scene-institution',
    'proof-of-existence',
    'timestamp/',
    'terms-equal',
    'terms-on-pages',
    'field-on-pages',
  ],
  custody: [
    'manifest-complete',
    'seal/',
    'seal-certificate/',
    'timestamp-order',
    'ledger-inclusion',
    'entry-bundle',
  ],
  extraction: ['input-recognised', 'bundle-readable', 'part-readable', 'pdf-readable'],
  alteration: [
    'manifest-digests',
    'manifest-complete',
    'update-template',
    'later-revisions',
    'letter-copy',
    'terms-equal',
    'trail-chain',
    'entry-letter',
    'entry-bundle',
  ],
  verifiable: [
    'signature/',
    'timestamp/',
    'ocsp/',
    'seal/',
    'ledger-checkpoint',
    'ledger-inclusion',
  ],
};

const LIMBS: Answers<SignatureLimbId> = {
  exclusive: [
    'binding-present',
    'binding-letter',
    'certificate-subject',
    'key-confirmed',
    'proof-of-possession',
    'entry-serial',
  ],
  controlled: [
    'measures-met',
    'code-challenge',
    'code-phone',
    'code-times',
    'passkey-signature',
    'passkey-user',
    'key-origin-allowed',
    'trail-confirmed',
  ],
  'signature-change': ['signature/', 'timestamp/', 'entry-signature', 'update-template'],
  'content-change': [
    'signature/cms-message-digest',
    'signature-covers-file',
    'later-revisions',
    'letter-copy',
    'terms-equal',
  ],
};

/** Each point with the findings that were made about it; the worst of them is its result. */
export const courtPoints = (findings: readonly Finding[]): LegalPoint<CourtPointId>[] =>
  COURT_POINTS.map((id) => answered(id, COURT[id], findings));

export const signatureLimbs = (findings: readonly Finding[]): LegalPoint<SignatureLimbId>[] =>
  SIGNATURE_LIMBS.map((id) => answered(id, LIMBS[id], findings));

function answered<Id extends string>(
  id: Id,
  answers: readonly string[],
  findings: readonly Finding[],
): LegalPoint<Id> {
  const own = findings.filter((finding) =>
    answers.some((it) => (it.endsWith('/') ? finding.id.startsWith(it) : finding.id === it)),
  );
  return { id, status: worstStatus(own), findings: own.map((finding) => finding.id) };
}
