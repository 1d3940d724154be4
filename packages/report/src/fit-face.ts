import type { FontFace } from '@mandate/letter';
import { codePointText } from './printable.js';

/** Every string with the characters the face cannot draw replaced by their code points. */
export function fitFace<T>(value: T, face: FontFace): T {
  if (typeof value === 'string')
    return [...value]
      .map((it) => (face.hasGlyph(it.codePointAt(0)!) ? it : codePointText(it)))
      .join('') as T;
  if (Array.isArray(value)) return value.map((item: unknown) => fitFace(item, face)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, fitFace(item, face)]),
  ) as T;
}
