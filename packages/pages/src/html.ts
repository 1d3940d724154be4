/** A piece of HTML that is already escaped; only `html` makes one. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = string | number | null | undefined | false | Html | readonly Piece[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escaped for element content and for quoted attribute values. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

function render(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return '';
  if (piece instanceof Html) return piece.text;
  if (Array.isArray(piece)) return piece.map(render).join('');
  return escapeHtml(String(piece));
}

/** Template tag: every value is escaped unless it is itself `Html`. Attribute values must be quoted. */
export function html(strings: TemplateStringsArray, ...values: Piece[]): Html {
  return new Html(
    strings.map((text, i) => text + (i < values.length ? render(values[i]) : '')).join(''),
  );
}
