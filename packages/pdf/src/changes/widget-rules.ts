import { isKind, isName, refKey, type PdfDict, type PdfObject } from '../values.js';
import type { Comparison } from './comparison.js';
import type { NewField } from './form-rules.js';
import type { ComparedPages, NewAnnotation } from './page-rules.js';

type Rect = readonly [number, number, number, number];

/** The annotations of new signature fields: each once, on one page, and not over another annotation. */
export function compareNewWidgets(
  comparison: Comparison,
  fields: readonly NewField[],
  pages: ComparedPages,
): void {
  for (const field of fields)
    for (const widget of field.widgets) {
      const shown = pages.added.filter(({ ref }) => refKey(ref) === refKey(widget));
      const at = { ...field.place, object: refKey(widget), class: 'annotation' as const };
      // More than once would put one picture on several pages.
      if (shown.length > 1) comparison.report(at, 'never');
      const [annotation] = shown;
      if (!annotation) continue;
      pages.accepted.add(refKey(widget));
      if (!isName(comparison.new(annotation.dict.entries.get('Subtype')), 'Widget'))
        comparison.report(at, 'never');
      if (hidesAnother(comparison, annotation)) comparison.report(at, 'never');
    }
}

/** A visible widget laid over something that was signed can replace what is seen. */
function hidesAnother(comparison: Comparison, { dict, page }: NewAnnotation): boolean {
  const own = rectOf(comparison, dict);
  if (!own) return false;
  return page.kept.some((ref) => {
    const other = comparison.new(ref);
    const rect = isKind(other, 'dict') ? rectOf(comparison, other) : undefined;
    return rect !== undefined && overlap(own, rect);
  });
}

function overlap(a: Rect, b: Rect): boolean {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  // Shared borders are common; a point is about a third of a millimetre.
  return width > 1 && height > 1;
}

/** Corners in order; undefined when nothing is drawn. */
function rectOf(comparison: Comparison, dict: PdfDict): Rect | undefined {
  const value: PdfObject = comparison.new(dict.entries.get('Rect'));
  if (!isKind(value, 'array') || value.items.length !== 4) return undefined;
  const n = value.items.map((item) => {
    const number = comparison.new(item);
    return isKind(number, 'number') ? number.value : Number.NaN;
  });
  const [x1, y1, x2, y2] = n as [number, number, number, number];
  const rect: Rect = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  return rect[2] > rect[0] && rect[3] > rect[1] ? rect : undefined;
}
