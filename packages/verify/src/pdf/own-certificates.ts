import { isDomainError } from '@mandate/core';
import { FILING_FIELD, FILING_FILE, REPORT_FIELD, REPORT_FILE } from '@mandate/evidence';
import {
  checkSignatureUpdate,
  embeddedFile,
  formFields,
  type PdfFile,
  type PdfSignature,
} from '@mandate/pdf';
import { EVIDENCE_SEAL_POLICY, REPORT_SEAL_POLICY, type Certificate } from '@mandate/pki';
import { fault, type Fault } from './cms-checks.js';

/** What seals for reports may stand on. */
const PAPERS = [
  { field: REPORT_FIELD, file: REPORT_FILE },
  { field: FILING_FIELD, file: FILING_FILE },
] as const;

/**
 * Each of our certificates is for one thing: a scene certificate for one letter, which is judged
 * elsewhere, a seal for bundles or for reports. Undefined when this one is in its place, or not ours.
 */
export function misplaced(
  file: PdfFile,
  signature: PdfSignature,
  { sceneBinding, policies }: Certificate,
): Fault | undefined {
  const out = (detail: string): Fault => fault('own-profile', 'FORMAT_FAILURE', detail);
  if (sceneBinding) return out('a scene certificate, but no letter');
  if (policies.includes(EVIDENCE_SEAL_POLICY)) return out('a seal for evidence, but no bundle');
  if (policies.includes(REPORT_SEAL_POLICY) && !isSealedPaper(file, signature))
    return out('a seal for reports, but no report');
  return undefined;
}

/** One field, sealed by the fixed template over the whole file, and the paper's data inside. */
function isSealedPaper(file: PdfFile, signature: PdfSignature): boolean {
  const { bytes } = file;
  const { field, coversWholeFile, letterLength } = signature;
  const paper = PAPERS.find((it) => it.field === field);
  if (!paper || !coversWholeFile) return false;
  try {
    if (formFields(file).filter(({ type }) => type === 'Sig').length !== 1) return false;
    embeddedFile(file, paper.file);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return false;
  }
  const expected = { field: paper.field, certify: true };
  const drawn = bytes.subarray(0, letterLength);
  return checkSignatureUpdate(drawn, bytes.subarray(letterLength), expected).length === 0;
}
