/** An element with its attributes, and texts or elements inside. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly (XmlElement | string)[];
}

export const element = (
  name: string,
  content: readonly (XmlElement | string)[],
  attributes: Readonly<Record<string, string>> = {},
): XmlElement => ({ name, attributes, content });

/** A document of XML 1.0, one element a line; the same tree gives the same text. */
export const xmlText = (root: XmlElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, 0)}\n`;

function written({ name, attributes, content }: XmlElement, depth: number): string {
  const indent = '  '.repeat(depth);
  const names = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const head = `${indent}<${name}${names.join('')}`;
  if (content.length === 0) return `${head}/>`;
  // Text stands alone in its element: white space beside it would become part of it.
  if (content.every((item) => typeof item === 'string'))
    return `${head}>${content.map(escaped).join('')}</${name}>`;
  const inner = content.map((item) =>
    typeof item === 'string' ? escaped(item) : written(item, depth + 1),
  );
  return `${head}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

/** XML 1.0 §2.2 allows no control characters; `printable` has written them as code points before. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
