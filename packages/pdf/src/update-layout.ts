import { concat } from '@mandate/core/encoding';
import { parsePdfDate } from './date.js';
import { refuse } from './refusal.js';
import { APPROVAL_TAIL, CERTIFICATION_TAIL, contentsHex } from './signature-update.js';
import { fromLatin1, isLowerHex, latin1 } from './values.js';

/** What an update says about itself; offsets are into the update's bytes. */
export interface UpdateLayout {
  readonly date: Date;
  readonly contentsBytes: number;
  readonly certify: boolean;
  /** Offset of the `<` of `/Contents`, and behind its `>`. */
  readonly gapStart: number;
  readonly gapEnd: number;
}

/**
 * Finds the variable parts of an update made by `signatureUpdate`, from its end backwards. It proves
 * nothing about the rest: that is `checkSignatureUpdate`. Throws `format-pdf`.
 */
export function layoutOfUpdate(letterLength: number, update: Uint8Array): UpdateLayout {
  const end = /\nstartxref\n(\d{1,15})\n%%EOF\n$/.exec(latin1(update.subarray(-64)));
  const xref = end ? Number(end[1]) - letterLength : -1;
  if (xref <= 0 || xref >= update.length) return refuse('the update has no end of its template');
  const endsWith = (text: string): boolean =>
    latin1(update.subarray(Math.max(0, xref - text.length), xref)) === text;
  const certify = endsWith(CERTIFICATION_TAIL);
  if (!certify && !endsWith(APPROVAL_TAIL)) return refuse('the update is not the template');
  const gapEnd = xref - (certify ? CERTIFICATION_TAIL : APPROVAL_TAIL).length;

  let gapStart = gapEnd - 2;
  while (gapStart >= 0 && isLowerHex(update[gapStart]!)) gapStart--;
  const contentsBytes = (gapEnd - gapStart - 2) / 2;
  if (update[gapEnd - 1] !== 0x3e || update[gapStart] !== 0x3c || !Number.isInteger(contentsBytes))
    return refuse('the update has no /Contents of its template');

  const head = latin1(update.subarray(Math.max(0, gapStart - 160), gapStart));
  const m = /\/M \((D:\d{14}Z)\) \/ByteRange \[0 (\d+) (\d+) (\d+)\] * \/Contents $/.exec(head);
  const date = m ? parsePdfDate(m[1]!) : undefined;
  if (!m || !date) return refuse('the update has no date and /ByteRange of its template');
  const range = [letterLength + gapStart, letterLength + gapEnd, update.length - gapEnd];
  if (range.some((n, i) => String(n) !== m[i + 2]))
    return refuse('/ByteRange is not everything but /Contents');
  return { date, contentsBytes, certify, gapStart, gapEnd };
}

/**
 * The two byte spans the signature covers, in order: what is digested for the CMS message digest.
 * Throws `format-pdf`.
 */
export function signedRanges(letter: Uint8Array, update: Uint8Array): [Uint8Array, Uint8Array] {
  const { gapStart, gapEnd } = layoutOfUpdate(letter.length, update);
  return [concat(letter, update.subarray(0, gapStart)), update.subarray(gapEnd)];
}

/** The signed file: letter, update, and the CMS in its place. Throws `format-pdf` when the CMS does not fit. */
export function closeSignature(
  letter: Uint8Array,
  update: Uint8Array,
  cms: Uint8Array,
): Uint8Array {
  const { gapStart, contentsBytes } = layoutOfUpdate(letter.length, update);
  const signed = concat(letter, update);
  signed.set(fromLatin1(contentsHex(cms, contentsBytes)), letter.length + gapStart + 1);
  return signed;
}
