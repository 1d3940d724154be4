/** Text as rules see it, and where each of its UTF-16 units stood before. */
export interface FoldedText {
  readonly text: string;
  readonly at: Int32Array;
}

const SPACE = /[ \t\r\n\u3000]/;
const CHINESE = /[\u2e80-\u2fdf\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]/;
/** What makes the next line a paragraph of its own: an empty line or the mark of a list or heading. */
const PARAGRAPH =
  /^[ \t\r\u3000]{0,200}\n(?:[ \t\r\u3000]{0,200}\n|[ \t\u3000]{0,20}(?:[-*#>|]|\d{1,3}[.、)]))/;

/**
 * Full-width Latin and punctuation become ASCII, capitals small letters; spaces and line ends vanish beside
 * Chinese and are one space elsewhere, so that 关联 方 or a wrapped line hides nothing; a paragraph's end
 * stays as one line end. One unit becomes at most one, so offsets map back.
 */
export function foldText(source: string): FoldedText {
  const at = new Int32Array(source.length);
  const out: string[] = [];
  const put = (character: string, from: number) => {
    at[out.length] = from;
    out.push(character);
  };
  for (let i = 0; i < source.length;) {
    const character = source[i]!;
    if (!SPACE.test(character)) {
      put(foldCharacter(character), i);
      i += 1;
      continue;
    }
    let next = i + 1;
    while (next < source.length && SPACE.test(source[next]!)) next += 1;
    if (endsParagraph(source, i, next)) put('\n', i);
    else if (
      i > 0 &&
      next < source.length &&
      !CHINESE.test(source[i - 1]!) &&
      !CHINESE.test(source[next]!)
    )
      put(' ', i);
    i = next;
  }
  return { text: out.join(''), at: at.subarray(0, out.length) };
}

function endsParagraph(source: string, from: number, next: number): boolean {
  // Looked for in these spaces only: to the end of the text, for every space of it, would be a long way.
  return (
    source.slice(from, next).includes('\n') &&
    PARAGRAPH.test(source.slice(from, Math.min(next + 8, from + 500)))
  );
}

function foldCharacter(character: string): string {
  const unit = character.charCodeAt(0);
  const ascii = unit >= 0xff01 && unit <= 0xff5e ? unit - 0xfee0 : unit;
  if (ascii >= 0x41 && ascii <= 0x5a) return String.fromCharCode(ascii + 0x20);
  if (ascii === 0x2018 || ascii === 0x2019) return "'";
  if (ascii >= 0x2010 && ascii <= 0x2013) return '-';
  return ascii === unit ? character : String.fromCharCode(ascii);
}
