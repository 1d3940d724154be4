import { isKind, isName, refKey } from '../values.js';
import type { Comparison } from './comparison.js';
import type { NewField } from './form-rules.js';
import type { ComparedPages, NewAnnotation } from './page-rules.js';
import { areaOf, overlap, pageBox, rectOf } from './rectangles.js';

/** The annotations of new signature fields: each once, on one page, and not over another annotation. */
export function compareNewWidgets(
  comparison: Comparison,
  fields: readonly NewField[],
  pages: ComparedPages,
): void {
  const places = new Map<string, NewAnnotation[]>();
  for (const annotation of pages.added) {
    const key = refKey(annotation.ref);
    places.set(key, [...(places.get(key) ?? []), annotation]);
  }
  for (const field of fields)
    for (const widget of field.widgets) {
      const shown = places.get(refKey(widget)) ?? [];
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

/** A signature's picture is small; one over much of the page is there to be seen instead of it. */
const LARGEST_SHARE = 1 / 4;

/** A visible widget laid over something that was signed can replace what is seen. */
function hidesAnother(comparison: Comparison, { dict, page }: NewAnnotation): boolean {
  const own = rectOf(comparison, dict);
  if (!own) return false;
  if (areaOf(own) > LARGEST_SHARE * areaOf(pageBox(comparison, page.now))) return true;
  return page.kept.some((ref) => {
    const other = comparison.new(ref);
    const rect = isKind(other, 'dict') ? rectOf(comparison, other) : undefined;
    return rect !== undefined && overlap(own, rect);
  });
}
