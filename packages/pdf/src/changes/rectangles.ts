import { isKind, type PdfDict, type PdfObject, type PdfRef } from '../values.js';
import type { Comparison } from './comparison.js';

/** Corners of a rectangle: left, bottom, right, top. */
export type Rect = readonly [number, number, number, number];

export function overlap(a: Rect, b: Rect): boolean {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  // Shared borders are common; a point is about a third of a millimetre.
  return width > 1 && height > 1;
}

/** An annotation's place; undefined when nothing is drawn. */
export function rectOf(comparison: Comparison, dict: PdfDict, key = 'Rect'): Rect | undefined {
  const value: PdfObject = comparison.new(dict.entries.get(key));
  if (!isKind(value, 'array') || value.items.length !== 4) return undefined;
  const n = value.items.map((item) => {
    const number = comparison.new(item);
    return isKind(number, 'number') ? number.value : Number.NaN;
  });
  const [x1, y1, x2, y2] = n as [number, number, number, number];
  const rect: Rect = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  return rect[2] > rect[0] && rect[3] > rect[1] ? rect : undefined;
}

/** Whether any two of the annotations lie over each other. */
export function hasOverlap(comparison: Comparison, annotations: readonly PdfRef[]): boolean {
  const rects = annotations.flatMap((ref) => {
    const dict = comparison.new(ref);
    const rect = isKind(dict, 'dict') ? rectOf(comparison, dict) : undefined;
    return rect ? [rect] : [];
  });
  return rects.some((a, i) => rects.slice(i + 1, i + 200).some((b) => overlap(a, b)));
}

export const areaOf = ([left, bottom, right, top]: Rect): number => (right - left) * (top - bottom);

const LETTER: Rect = [0, 0, 612, 792];

/** What is seen of a page: its crop box, else its media box, both inherited (ISO 32000-1 §7.7.3.3). */
export function pageBox(comparison: Comparison, page: PdfDict): Rect {
  let media: Rect | undefined;
  let node: PdfObject = page;
  for (let depth = 0; isKind(node, 'dict') && depth < comparison.file.budget.depth; depth++) {
    const crop = rectOf(comparison, node, 'CropBox');
    if (crop) return crop;
    media ??= rectOf(comparison, node, 'MediaBox');
    node = comparison.new(node.entries.get('Parent'));
  }
  return media ?? LETTER;
}
