/** A value of a JSON text: the line it begins on, counted from 1, and where it stands in the text. */
export interface PlacedValue {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Where each value of a JSON text stands, by the path findings name it with: `clauses[2].text.zh`. Of a text that is
 * no JSON as far as it can be read.
 */
export function pathLines(text: string): ReadonlyMap<string, PlacedValue> {
  const places = new Map<string, PlacedValue>();
  let at = 0;
  let line = 1;
  const space = (): void => {
    for (; at < text.length && /\s/.test(text[at]!); at++) if (text[at] === '\n') line++;
  };
  const string = (): string => {
    const from = at;
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    at++;
    return text.slice(from, at);
  };
  const nameOf = (literal: string): string => {
    try {
      return JSON.parse(literal) as string;
    } catch {
      return literal;
    }
  };
  const value = (path: string): void => {
    space();
    const [from, begun] = [at, line];
    const open = text[at];
    if (open === '{' || open === '[') {
      const end = open === '{' ? '}' : ']';
      at++;
      for (let i = 0; at < text.length; i++) {
        space();
        if (text[at] === end) break;
        if (open === '{') {
          const name = nameOf(string());
          space();
          at++; // the colon
          value(path === '' ? name : `${path}.${name}`);
        } else value(`${path}[${i}]`);
        space();
        if (text[at] !== ',') break;
        at++;
      }
      at++;
    } else if (open === '"') string();
    else while (at < text.length && !/[\s,\]}]/.test(text[at]!)) at++;
    places.set(path, { line: begun, from, to: at });
  };
  value('');
  return places;
}

/** The place of the nearest value that stands there: of the path itself, or of what it lies in. */
export function placeOf(places: ReadonlyMap<string, PlacedValue>, path: string): PlacedValue {
  for (let left = path; ; left = left.replace(/(\.[^.[\]]*|\[\d*\]|^[^.[]*)$/, '')) {
    const place = places.get(left);
    if (place) return place;
    if (left === '') return { line: 1, from: 0, to: 0 };
  }
}
