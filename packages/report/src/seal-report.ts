import { concat, sha256 } from '@mandate/core';
import { REPORT_FIELD } from '@mandate/evidence';
import { closeSignature, signatureUpdate, signedRanges } from '@mandate/pdf';

/** Room for the CMS with its chain and its timestamp, bytes. */
const CONTENTS_BYTES = 16_384;

/**
 * Certifies the report (PAdES, DocMDP P=1) with the organisation's CMS. `seal` gets the SHA-256 of the
 * bytes to be covered and returns a detached CMS in DER. Throws `format-pdf` when that does not fit,
 * and whatever `seal` throws: no seal, no report.
 */
export async function sealReport(
  pdf: Uint8Array,
  options: {
    /** Claimed time for `/M`; the token in the CMS is what proves one. */
    readonly date: Date;
    /** Default: the report's. */
    readonly field?: string;
    readonly seal: (digest: Uint8Array) => Promise<Uint8Array>;
  },
): Promise<Uint8Array> {
  const update = signatureUpdate(pdf, {
    field: options.field ?? REPORT_FIELD,
    date: options.date,
    contentsBytes: CONTENTS_BYTES,
  });
  const cms = await options.seal(sha256(concat(...signedRanges(pdf, update))));
  return closeSignature(pdf, update, cms);
}
