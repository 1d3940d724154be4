import { ARTEFACT_FINDINGS } from './artefacts/artefact-findings.js';
import type { Block, Claim } from './verification.js';

export interface Place {
  readonly block: Block;
  readonly claim: Claim;
}

/** Checks of our own, in the order in which they are made, with the claim each supports. */
export const OWN_FINDINGS = {
  'input-recognised': { block: 'format', claim: 'integrity' },
  'within-budget': { block: 'format', claim: 'integrity' },
  processed: { block: 'format', claim: 'integrity' },
  'bundle-readable': { block: 'format', claim: 'integrity' },
  'part-readable': { block: 'format', claim: 'integrity' },
  'pdf-readable': { block: 'format', claim: 'integrity' },
  'signature-present': { block: 'format', claim: 'integrity' },
  'signature-covers-file': { block: 'format', claim: 'integrity' },
  'update-template': { block: 'format', claim: 'integrity' },
  'later-revisions': { block: 'format', claim: 'integrity' },
  'cms-readable': { block: 'format', claim: 'integrity' },
  'certificate-profile': { block: 'signing-certificate', claim: 'identity' },
  'binding-present': { block: 'acceptance', claim: 'identity' },
  'binding-letter': { block: 'acceptance', claim: 'identity' },
  'certificate-subject': { block: 'acceptance', claim: 'identity' },
  'binding-scene': { block: 'acceptance', claim: 'identity' },
  'binding-evidence': { block: 'acceptance', claim: 'identity' },
  'binding-origin': { block: 'acceptance', claim: 'identity' },
  'key-origin-allowed': { block: 'acceptance', claim: 'identity' },
  'timestamp-present': { block: 'time', claim: 'time' },
  'timestamp-readable': { block: 'time', claim: 'time' },
  'timestamp-order': { block: 'time', claim: 'time' },
  'timestamp-ageing': { block: 'time', claim: 'time' },
  'timestamp-algorithms': { block: 'time', claim: 'time' },
  'authority-status': { block: 'time', claim: 'time' },
  'operators-distinct': { block: 'time', claim: 'time' },
  'archive-readable': { block: 'time', claim: 'time' },
  'archive-ageing': { block: 'time', claim: 'time' },
  'archive-order': { block: 'time', claim: 'time' },
  'signature-algorithms': { block: 'acceptance', claim: 'identity' },
  'proof-of-existence': { block: 'x509', claim: 'identity' },
  'revocation-assured': { block: 'x509', claim: 'identity' },
  'ocsp-readable': { block: 'x509', claim: 'identity' },
  'ocsp-after-timestamp': { block: 'x509', claim: 'identity' },
  'keys-not-ended': { block: 'x509', claim: 'integrity' },
  'pdf-signature-format': { block: 'format', claim: 'integrity' },
  'pdf-signature-cryptography': { block: 'cryptography', claim: 'integrity' },
  'pdf-later-changes': { block: 'format', claim: 'integrity' },
  'pdf-signer-certificate': { block: 'x509', claim: 'identity' },
  'pdf-signature-time': { block: 'time', claim: 'time' },
  'manifest-complete': { block: 'bundle', claim: 'integrity' },
  'manifest-digests': { block: 'bundle', claim: 'integrity' },
  'seal-readable': { block: 'bundle', claim: 'integrity' },
  'seal-purpose': { block: 'bundle', claim: 'integrity' },
  'letter-copy': { block: 'bundle', claim: 'integrity' },
  'certificate-copy': { block: 'bundle', claim: 'integrity' },
  'token-copy': { block: 'bundle', claim: 'integrity' },
  'template-record': { block: 'acceptance', claim: 'intent' },
  'template-version': { block: 'acceptance', claim: 'scope' },
  'template-second-person': { block: 'acceptance', claim: 'intent' },
  'template-published': { block: 'acceptance', claim: 'intent' },
  'scene-policy': { block: 'acceptance', claim: 'identity' },
  'scene-terms': { block: 'acceptance', claim: 'identity' },
  'scene-letter': { block: 'acceptance', claim: 'identity' },
  'scene-institution': { block: 'acceptance', claim: 'identity' },
  'scene-subject': { block: 'acceptance', claim: 'identity' },
  'presentation-record': { block: 'acceptance', claim: 'intent' },
  'presentation-letter': { block: 'acceptance', claim: 'intent' },
  'presentation-clauses': { block: 'acceptance', claim: 'intent' },
  'presentation-page': { block: 'acceptance', claim: 'intent' },
  'provenance-page': { block: 'acceptance', claim: 'intent' },
  'presentation-visit': { block: 'acceptance', claim: 'intent' },
  'choices-shown': { block: 'acceptance', claim: 'intent' },
  'choices-offered': { block: 'acceptance', claim: 'scope' },
  'measures-met': { block: 'acceptance', claim: 'intent' },
  'challenge-letter': { block: 'acceptance', claim: 'intent' },
  'challenge-scene': { block: 'acceptance', claim: 'intent' },
  'set-letters': { block: 'acceptance', claim: 'intent' },
  'set-challenge': { block: 'acceptance', claim: 'intent' },
  'code-challenge': { block: 'acceptance', claim: 'intent' },
  'code-times': { block: 'acceptance', claim: 'intent' },
  'code-phone': { block: 'acceptance', claim: 'intent' },
  'passkey-readable': { block: 'acceptance', claim: 'intent' },
  'passkey-challenge': { block: 'acceptance', claim: 'intent' },
  'passkey-origin': { block: 'acceptance', claim: 'intent' },
  'passkey-user': { block: 'acceptance', claim: 'intent' },
  'passkey-signature': { block: 'acceptance', claim: 'intent' },
  'passkey-times': { block: 'acceptance', claim: 'intent' },
  'passkey-registration': { block: 'acceptance', claim: 'intent' },
  'passkey-registered-before': { block: 'acceptance', claim: 'intent' },
  'passkey-not-ended': { block: 'acceptance', claim: 'intent' },
  'identity-results': { block: 'acceptance', claim: 'identity' },
  'identity-met': { block: 'acceptance', claim: 'identity' },
  'identity-letter': { block: 'acceptance', claim: 'identity' },
  'identity-subject': { block: 'acceptance', claim: 'identity' },
  'identity-times': { block: 'acceptance', claim: 'identity' },
  'identity-receipt': { block: 'acceptance', claim: 'identity' },
  'identity-signature': { block: 'acceptance', claim: 'identity' },
  'identity-simulated': { block: 'acceptance', claim: 'identity' },
  'key-confirmed': { block: 'acceptance', claim: 'intent' },
  'proof-of-possession': { block: 'acceptance', claim: 'intent' },
  'confirmation-parts': { block: 'acceptance', claim: 'intent' },
  'trail-chain': { block: 'acceptance', claim: 'intent' },
  'trail-steps': { block: 'acceptance', claim: 'intent' },
  'trail-confirmed': { block: 'acceptance', claim: 'intent' },
  'trail-issued': { block: 'acceptance', claim: 'intent' },
  'terms-embedded': { block: 'scope', claim: 'scope' },
  'terms-equal': { block: 'scope', claim: 'scope' },
  'terms-on-pages': { block: 'scope', claim: 'scope' },
  'field-on-pages': { block: 'scope', claim: 'scope' },
  'ledger-proof-present': { block: 'ledger', claim: 'ledger' },
  'ledger-proof-readable': { block: 'ledger', claim: 'ledger' },
  'ledger-origin': { block: 'ledger', claim: 'ledger' },
  'ledger-checkpoint': { block: 'ledger', claim: 'ledger' },
  'ledger-inclusion': { block: 'ledger', claim: 'ledger' },
  'ledger-cosigned': { block: 'ledger', claim: 'ledger' },
  'entry-serial': { block: 'ledger', claim: 'single-signature' },
  'entry-signature': { block: 'ledger', claim: 'single-signature' },
  'entry-letter': { block: 'ledger', claim: 'single-signature' },
  'entry-scene': { block: 'ledger', claim: 'single-signature' },
  'entry-bundle': { block: 'ledger', claim: 'ledger' },
  'ledger-copy': { block: 'ledger', claim: 'ledger' },
  'ledger-copy-extends': { block: 'ledger', claim: 'ledger' },
  'intent-announced': { block: 'ledger', claim: 'single-signature' },
  'letter-recorded-once': { block: 'ledger', claim: 'single-signature' },
  'serial-not-void': { block: 'ledger', claim: 'single-signature' },
  'later-told': { block: 'ledger', claim: 'ledger' },
  'receipt-recorded': { block: 'ledger', claim: 'ledger' },
  ...ARTEFACT_FINDINGS,
  'disclosure-readable': { block: 'bundle', claim: 'integrity' },
  'disclosure-values': { block: 'bundle', claim: 'integrity' },
  'later-readable': { block: 'bundle', claim: 'integrity' },
  'later-chain': { block: 'bundle', claim: 'integrity' },
  'later-seal': { block: 'bundle', claim: 'integrity' },
  'later-order': { block: 'bundle', claim: 'time' },
  'later-letter': { block: 'bundle', claim: 'integrity' },
  'later-receipts': { block: 'bundle', claim: 'integrity' },
  'later-receipt-signature': { block: 'bundle', claim: 'integrity' },
  'later-receipt-time': { block: 'bundle', claim: 'time' },
  'later-checkpoint': { block: 'ledger', claim: 'ledger' },
  'later-proofs': { block: 'ledger', claim: 'ledger' },
  'later-entries': { block: 'bundle', claim: 'integrity' },
  'later-state': { block: 'bundle', claim: 'integrity' },
  'later-accesses': { block: 'bundle', claim: 'integrity' },
} as const satisfies Record<string, Place>;
export type OwnFindingId = keyof typeof OWN_FINDINGS;

/** What a group of standard checks (package `pki`) is applied to. */
export const CONTEXTS = {
  signature: { block: 'cryptography', claim: 'integrity' },
  timestamp: { block: 'time', claim: 'time' },
  'document-timestamp': { block: 'time', claim: 'time' },
  certificate: { block: 'x509', claim: 'identity' },
  ocsp: { block: 'x509', claim: 'identity' },
  crl: { block: 'x509', claim: 'identity' },
  seal: { block: 'bundle', claim: 'integrity' },
  'seal-timestamp': { block: 'bundle', claim: 'time' },
  'seal-certificate': { block: 'bundle', claim: 'integrity' },
} as const satisfies Record<string, Place>;
export type Context = keyof typeof CONTEXTS;

/** `<context>/<check>` for standard checks, a plain word for ours. */
export type FindingId = OwnFindingId | `${Context}/${string}`;

/** The CMS checks that EN 319 102-1 puts elsewhere than under cryptography. */
const CMS_BLOCKS: Readonly<Record<string, Block>> = {
  'cms-one-signer': 'format',
  'cms-signed-attributes': 'format',
  'cms-content-type': 'format',
  'cms-attributes': 'format',
  'cms-signer': 'signing-certificate',
  'cms-ess': 'signing-certificate',
};

/** Block and claim of a finding. */
export function placeOf(id: FindingId): Place {
  const [context, check] = id.split('/');
  if (check === undefined) return OWN_FINDINGS[id as OwnFindingId];
  const place = CONTEXTS[context as Context];
  const block = context === 'signature' ? (CMS_BLOCKS[check] ?? place.block) : place.block;
  return { block, claim: place.claim };
}

/** Things a reader might believe to be covered and that are not. */
export const NOT_CHECKED = [
  /** The input is a letter alone: everything the bundle would prove. */
  'bundle-claims',
  /** That no second entry for the same serial stands elsewhere in the ledger (needs the whole ledger). */
  'ledger-uniqueness',
  /** That witnesses saw the same ledger: no witness is trusted. */
  'ledger-witnesses',
  /** Revocation of the issuing and of the timestamp authority's certificates. */
  'authority-revocation',
  /** Byte-for-byte re-rendering of the letter from its terms. */
  'rendering',
  /** Who held the phone. */
  'person',
  /** Uses, withdrawal and holds after signing. */
  'later-events',
  /** Whether anything happened after the newest generation given. */
  'later-newest',
  /** Openings for the disputes desk that a ledger records: no bundle has what they could be compared with. */
  'desk-openings',
  /** Of any PDF: who stands behind the name in the certificate. */
  'signer-identity',
  /** Of any PDF: revocation data that is not in the file; nothing is fetched. */
  'current-revocation',
  /** Of a receipt: that it belongs to the letter somebody has in hand. */
  'receipt-letter',
  /** Of a receipt: whether it was withdrawn, disputed or given back since. */
  'receipt-status',
  /** Of a receipt: that its fact stands in the ledger. */
  'receipt-ledger',
  /** Of a checkpoint: that the tree holds what it should and grew from older ones. */
  'ledger-content',
  /** Of a proof: that its entry is about the file somebody has in hand. */
  'proof-subject',
  /** Of a report: that verdict, integrity and claims are as it says; recomputed when the file is given. */
  'report-content',
  /** Of a report: all it says beyond these, and its printed pages. */
  'report-details',
  /** Of a filing: what its files say themselves, and the printed pages of its lists. */
  'filing-content',
] as const;
export type NotCheckedId = (typeof NOT_CHECKED)[number];
