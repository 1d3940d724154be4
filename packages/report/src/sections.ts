import type { Context, Finding, OwnFindingId, Status } from '@mandate/verify';

/** In the order of the report; the first three are the sub-reports of JR/T 0299-2024. */
export const SECTION_IDS = [
  'identity',
  'issuance',
  'signature',
  'content',
  'process',
  'ledger',
  'bundle',
] as const;
export type SectionId = (typeof SECTION_IDS)[number];

const OWN: Readonly<Record<OwnFindingId, SectionId>> = {
  'input-recognised': 'signature',
  'within-budget': 'signature',
  processed: 'signature',
  'bundle-readable': 'bundle',
  'part-readable': 'bundle',
  'pdf-readable': 'signature',
  'signature-present': 'signature',
  'pdf-later-changes': 'signature',
  'pdf-signature-cryptography': 'signature',
  'pdf-signature-format': 'signature',
  'pdf-signature-time': 'signature',
  'pdf-signer-certificate': 'signature',
  'signature-covers-file': 'signature',
  'update-template': 'signature',
  'later-revisions': 'signature',
  'cms-readable': 'signature',
  'certificate-profile': 'issuance',
  'binding-present': 'issuance',
  'binding-letter': 'issuance',
  'certificate-subject': 'identity',
  'binding-scene': 'issuance',
  'binding-evidence': 'issuance',
  'binding-origin': 'issuance',
  'key-origin-allowed': 'issuance',
  'timestamp-present': 'signature',
  'timestamp-readable': 'signature',
  'timestamp-order': 'bundle',
  'timestamp-ageing': 'signature',
  'timestamp-algorithms': 'signature',
  'authority-status': 'signature',
  'operators-distinct': 'signature',
  'archive-readable': 'signature',
  'archive-ageing': 'signature',
  'archive-order': 'signature',
  'signature-algorithms': 'signature',
  'proof-of-existence': 'signature',
  'revocation-assured': 'issuance',
  'ocsp-readable': 'issuance',
  'ocsp-after-timestamp': 'issuance',
  'manifest-complete': 'bundle',
  'manifest-digests': 'bundle',
  'seal-readable': 'bundle',
  'seal-purpose': 'bundle',
  'letter-copy': 'content',
  'certificate-copy': 'issuance',
  'token-copy': 'signature',
  'scene-terms': 'content',
  'scene-letter': 'content',
  'scene-institution': 'identity',
  'scene-subject': 'identity',
  'measures-met': 'identity',
  'challenge-letter': 'content',
  'challenge-scene': 'content',
  'code-challenge': 'identity',
  'code-times': 'identity',
  'code-phone': 'identity',
  'key-confirmed': 'issuance',
  'proof-of-possession': 'issuance',
  'confirmation-parts': 'content',
  'trail-chain': 'process',
  'trail-steps': 'process',
  'trail-confirmed': 'process',
  'trail-issued': 'process',
  'terms-embedded': 'content',
  'terms-equal': 'content',
  'terms-on-pages': 'content',
  'ledger-proof-present': 'ledger',
  'ledger-proof-readable': 'ledger',
  'ledger-origin': 'ledger',
  'ledger-checkpoint': 'ledger',
  'ledger-inclusion': 'ledger',
  'entry-serial': 'ledger',
  'entry-signature': 'ledger',
  'entry-letter': 'ledger',
  'entry-scene': 'ledger',
  'entry-bundle': 'ledger',
};

const CONTEXT: Readonly<Record<Context, SectionId>> = {
  signature: 'signature',
  timestamp: 'signature',
  'document-timestamp': 'signature',
  certificate: 'issuance',
  ocsp: 'issuance',
  crl: 'issuance',
  seal: 'bundle',
  'seal-timestamp': 'bundle',
  'seal-certificate': 'bundle',
};

export function sectionOf({ id }: Finding): SectionId {
  const [context, check] = id.split('/');
  return check === undefined ? OWN[context as OwnFindingId] : CONTEXT[context as Context];
}

/** Worst first; a section none of whose checks was made is not checked. */
const ORDER: readonly Status[] = ['failed', 'indeterminate', 'passed', 'not-checked'];

export const worstStatus = (findings: readonly { readonly status: Status }[]): Status =>
  ORDER.find((status) => findings.some((finding) => finding.status === status)) ?? 'not-checked';
