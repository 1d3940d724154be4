import { bytesEqual } from '@mandate/core/encoding';
import { DomainError, isDomainError } from '@mandate/core/errors';
import { readAppendable } from './append-objects.js';
import { readPdf, type PdfFile } from './read-pdf.js';
import { readSignatures, type PdfSignature } from './read-signatures.js';
import { refuse } from './refusal.js';
import { timestampGap, writeTimestamp } from './timestamp-update.js';
import {
  recordedMaterial,
  writeValidation,
  type Sha1,
  type ValidationMaterial,
} from './validation-update.js';

/** What a revision after the signature holds; `revision` counts from 0, the letter. */
export type LaterRevision =
  | {
      readonly kind: 'validation';
      readonly revision: number;
      /** Recorded for the signature or timestamp before. */
      readonly material: ValidationMaterial;
    }
  | {
      readonly kind: 'timestamp';
      readonly revision: number;
      readonly signature: PdfSignature;
    };

/** More would be a renewal every year for a generation. */
const MAX_LATER = 64;

/**
 * The revisions after a signed letter (revision 1), each of which must be exactly what `validationUpdate`
 * or `timestampUpdate` makes of the bytes before it: they are regenerated and compared, so nothing else can
 * hide in them. That revisions 0 and 1 are letter and signature is `checkSignatureUpdate`'s. Throws `format-pdf` naming the first revision that is something else.
 */
export function laterRevisions(file: PdfFile, sha1: Sha1): LaterRevision[] {
  if (file.last < 1) refuse('the letter is not signed');
  if (file.last - 1 > MAX_LATER)
    throw new DomainError('budget-exceeded', 'too many revisions after the signature');
  const later: LaterRevision[] = [];
  let before: PdfFile | undefined;
  for (let revision = 2; revision <= file.last; revision++) {
    const { start, end } = file.revisions[revision]!;
    try {
      before ??= readAppendable(file.bytes.subarray(0, start));
      const upTo: PdfFile = revision === file.last ? file : readPdf(file.bytes.subarray(0, end));
      later.push(readLater(before, upTo, sha1));
      // What our templates wrote may grow again.
      before = upTo;
    } catch (error) {
      if (!isDomainError(error, 'format-pdf')) throw error;
      throw new DomainError('format-pdf', `revision ${revision + 1}: ${error.detail}`, {
        cause: error,
      });
    }
  }
  return later;
}

/** The last revision of `upTo`, which without it is `before`. */
function readLater(before: PdfFile, upTo: PdfFile, sha1: Sha1): LaterRevision {
  const revision = upTo.last;
  const start = before.bytes.length;
  const update = upTo.bytes.subarray(start);
  const gap = timestampGap(start, update);
  if (!gap) {
    const material = recordedMaterial(upTo, before, sha1);
    if (!bytesEqual(writeValidation(before, material, sha1), update))
      refuse('it is neither validation material nor a document timestamp of the template');
    return { kind: 'validation', revision, material };
  }
  const { gapStart, gapEnd } = gap;
  const expected = writeTimestamp(before, (gapEnd - gapStart - 2) / 2);
  if (
    !bytesEqual(expected.subarray(0, gapStart + 1), update.subarray(0, gapStart + 1)) ||
    !bytesEqual(expected.subarray(gapEnd - 1), update.subarray(gapEnd - 1))
  )
    refuse('it is not the document timestamp of the template');
  const signature = readSignatures(upTo).find((found) => found.revision === revision);
  if (!signature?.coversWholeFile || !signature.paddingIsZeros)
    return refuse('its /Contents is no token filled with zeros');
  return { kind: 'timestamp', revision, signature };
}
