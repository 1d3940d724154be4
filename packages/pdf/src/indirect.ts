import type { Budget } from './refusal.js';
import { Syntax } from './syntax.js';
import { makeRef, type PdfObject, type PdfRef, type PdfValue } from './values.js';

/** `N G obj` at exactly this offset; leaves the position behind it. */
export function readObjectHeader(syntax: Syntax): PdfRef {
  const number = syntax.integer();
  syntax.skipSpace();
  const generation = syntax.integer();
  syntax.skipSpace();
  syntax.expect('obj');
  return makeRef(number, generation);
}

/**
 * The indirect object that starts at `offset`, and the offset behind its `endobj`.
 * `lengthOf` turns a stream's `/Length` into a number of bytes. Throws `format-pdf`.
 */
export function parseIndirectAt(
  bytes: Uint8Array,
  offset: number,
  budget: Budget,
  lengthOf: (length: PdfValue | undefined) => number,
): { ref: PdfRef; object: PdfObject; end: number } {
  const syntax = new Syntax(bytes, offset, budget.depth);
  const ref = readObjectHeader(syntax);
  let object: PdfObject = syntax.value();
  syntax.skipSpace();
  if (typeof object === 'object' && object?.kind === 'dict' && syntax.take('stream')) {
    // §7.3.8.1: CR LF or LF, never CR alone.
    if (!syntax.take('\r\n') && !syntax.take('\n')) syntax.fail('bad end of line after stream');
    const start = syntax.position;
    const length = lengthOf(object.entries.get('Length'));
    if (start + length > bytes.length) syntax.fail('stream runs past the end of the file');
    object = { kind: 'stream', dict: object, raw: bytes.subarray(start, start + length) };
    syntax.position = start + length;
    syntax.takeEndOfLine();
    syntax.expect('endstream');
    syntax.skipSpace();
  }
  syntax.expect('endobj');
  return { ref, object, end: syntax.position };
}
