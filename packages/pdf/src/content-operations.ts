import { refuse, type Budget } from './refusal.js';
import { Syntax } from './syntax.js';
import type { PdfValue } from './values.js';

export interface Operation {
  readonly operator: string;
  readonly operands: readonly PdfValue[];
}

/** Operators with their operands, of a content stream or a CMap. Throws `format-pdf`. */
export function* contentOperations(bytes: Uint8Array, budget: Budget): Generator<Operation> {
  const syntax = new Syntax(bytes, 0, budget.depth);
  let operands: PdfValue[] = [];
  for (;;) {
    syntax.skipSpace();
    if (syntax.atEnd) break;
    if (startsValue(syntax)) {
      operands.push(syntax.value());
      continue;
    }
    const operator = syntax.word();
    if (operator === '') syntax.fail('unexpected delimiter in a content stream');
    if (operator === 'ID') skipInlineImage(syntax);
    yield { operator, operands };
    operands = [];
  }
  if (operands.length > 0) refuse('operands without an operator');
}

function startsValue(syntax: Syntax): boolean {
  const c = String.fromCharCode(syntax.peek());
  if (/[/(<[\d+\-.]/.test(c)) return true;
  const start = syntax.position;
  const word = syntax.word();
  syntax.position = start;
  return word === 'true' || word === 'false' || word === 'null';
}

/** Image data ends at the first EI between white space; its length stands nowhere (§8.9.7). */
function skipInlineImage(syntax: Syntax): void {
  const isSpace = (ahead: number): boolean =>
    /^[\s\0]$/.test(String.fromCharCode(syntax.peek(ahead)));
  for (; !syntax.atEnd; syntax.position++) {
    const ends = syntax.peek(3) < 0 || isSpace(3);
    if (isSpace(0) && syntax.peek(1) === 0x45 && syntax.peek(2) === 0x49 && ends) return;
  }
  refuse('an inline image without an end');
}
