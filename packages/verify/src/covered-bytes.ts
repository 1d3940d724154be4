import type { PdfSignature } from '@mandate/pdf';

/** What a signature covers: the bytes before and behind its `/Contents`, in order. */
export function coveredBytes(
  file: Uint8Array,
  { byteRange }: Pick<PdfSignature, 'byteRange'>,
): [Uint8Array, Uint8Array] {
  const [start, length, resume, rest] = byteRange;
  return [file.subarray(start, start + length), file.subarray(resume, resume + rest)];
}
