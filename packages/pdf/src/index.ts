export { checkSignatureUpdate } from './check-signature-update.js';
export type { ExpectedUpdate, UpdateFinding, UpdateFindingId } from './check-signature-update.js';
export type { Change, ChangeClass } from './changes/change.js';
export { changesAfter, signedRevision, standsInItsRevision } from './changes/changes-after.js';
export { embeddedFile } from './embedded-file.js';
export { extractAnnotations, extractText, type AnnotationText } from './extract-text.js';
export type { Inflate } from './filters.js';
export { formFields, type FormField } from './form-fields.js';
export { laterRevisions, type LaterRevision } from './later-revisions.js';
export { readPages, type PdfPage } from './pages.js';
export { PdfFile, readPdf, type ReadOptions } from './read-pdf.js';
export { letterLength, readSignatures, splitSigned } from './read-signatures.js';
export type { PdfSignature, SplitSigned } from './read-signatures.js';
export { DEFAULT_BUDGET, type Budget } from './refusal.js';
export type { Revision } from './revisions.js';
export { signatureUpdate, type SignatureUpdateOptions } from './signature-update.js';
export { closeTimestamp, timestampedRanges, timestampUpdate } from './timestamp-update.js';
export {
  closeSignature,
  layoutOfUpdate,
  signedRanges,
  type UpdateLayout,
} from './update-layout.js';
export * from './values.js';
export { validationUpdate, type Sha1, type ValidationMaterial } from './validation-update.js';
