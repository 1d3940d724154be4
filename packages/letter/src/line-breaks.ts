/**
 * Lines for mixed Chinese and Latin text, a small part of UAX #14 and of JIS X 4051's kinsoku: words
 * stay whole, Chinese breaks anywhere, but closing marks never begin a line and opening marks never end one.
 */

const NO_LINE_START = new Set(
  '!%),.:;?]}\u00b7\u2014\u2026\u2030\u2103\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3005\u201d\u2019\uff5e\uff01\uff05\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d',
);
const NO_LINE_END = new Set(
  '([{$\u00a3\u00a5\u2018\u201c\u3008\u300a\u300c\u300e\u3010\u3014\u3016\uff08\uff3b\uff5b\uffe5\uff04',
);

const isIdeographic = (character: string): boolean => character.codePointAt(0)! >= 0x2e80;

/** Pieces that may not be broken; white space is a piece of its own. */
function unbreakable(text: string): string[] {
  const units: string[] = [];
  let previous = '';
  for (const character of text) {
    const last = units.length - 1;
    const space = character === ' ';
    const joins =
      last >= 0 &&
      !space &&
      previous !== ' ' &&
      (NO_LINE_START.has(character) ||
        NO_LINE_END.has(previous) ||
        (!isIdeographic(character) && !isIdeographic(previous)));
    if (joins) units[last] += character;
    else units.push(character);
    previous = character;
  }
  return units;
}

/**
 * Breaks text into lines no wider than `width`; spaces at a break are dropped. A word wider than a
 * line is cut. `measure` must be additive. `null` when even one character is wider than the line.
 */
export function breakLines(
  text: string,
  width: number,
  measure: (text: string) => number,
): string[] | null {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const endLine = (): void => {
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  const place = (unit: string, unitWidth: number): void => {
    if (used + unitWidth > width) endLine();
    if (line === '' && unit === ' ') return;
    line += unit;
    used += unitWidth;
  };
  for (const unit of unbreakable(text)) {
    const unitWidth = measure(unit);
    if (unitWidth <= width) place(unit, unitWidth);
    else for (const character of unit) place(character, measure(character));
    if (used > width) return null;
  }
  endLine();
  return lines.length > 0 ? lines : [''];
}
