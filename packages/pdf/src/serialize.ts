import { toHex } from '@mandate/core/encoding';
import { latin1, type PdfValue } from './values.js';

/**
 * The one spelling of a value, ASCII only: same value, same bytes, in every run and every engine.
 * Strings are literal when printable, hexadecimal otherwise; numbers keep their text.
 */
export function serialize(value: PdfValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  switch (value.kind) {
    case 'number':
      return value.text;
    case 'name':
      return serializeName(value.value);
    case 'string':
      return serializeString(value.bytes);
    case 'ref':
      return `${value.number} ${value.generation} R`;
    case 'array':
      return `[${value.items.map(serialize).join(' ')}]`;
    case 'dict': {
      const entries = [...value.entries];
      return `<< ${entries.map(([k, v]) => `${serializeName(k)} ${serialize(v)}`).join(' ')} >>`;
    }
  }
}

function serializeName(name: string): string {
  return `/${name.replace(
    /[^!-~]|[#()<>[\]{}/%]/g,
    (c) => `#${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )}`;
}

function serializeString(bytes: Uint8Array): string {
  const text = latin1(bytes);
  if (!/^[ -~]*$/.test(text)) return `<${toHex(bytes)}>`;
  return `(${text.replace(/[\\()]/g, '\\$&')})`;
}
