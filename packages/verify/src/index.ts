export type { ArtefactFacts, ReceiptFacts } from './artefacts/artefact-facts.js';
export type { FactKind } from './artefacts/fact-shapes.js';
export type { ArtefactFindingId } from './artefacts/artefact-findings.js';
export * from './catalogue.js';
export {
  NO_ANCHORS,
  parseTrust,
  type IdentityKey,
  type KeyEnded,
  type PasskeyEnded,
  type TrustAnchors,
} from './trust.js';
export { stampJudge } from './checks/ledger-stamp.js';
export { askedClaims, exitCode } from './verdict.js';
export * from './verification.js';
export { verifyFile, type VerifyOptions } from './verify-file.js';
export * from './words.js';
export {
  verifyPdf,
  type PdfSignatureVerdict,
  type PdfTrust,
  type PdfVerdict,
} from './pdf/verify-pdf.js';
