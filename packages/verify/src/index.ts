export * from './catalogue.js';
export {
  NO_ANCHORS,
  parseTrust,
  type IdentityKey,
  type PasskeyEnded,
  type TrustAnchors,
} from './trust.js';
export { exitCode } from './verdict.js';
export * from './verification.js';
export { verifyFile } from './verify-file.js';
export * from './words.js';
export {
  verifyPdf,
  type PdfSignatureVerdict,
  type PdfTrust,
  type PdfVerdict,
} from './pdf/verify-pdf.js';
