import { overBudget, refuse } from '../refusal.js';
import { isKind, isName, refKey, type PdfDict, type PdfObject, type PdfRef } from '../values.js';
import { hasOverlap } from './rectangles.js';
import { keyOf, type Comparison, type Place } from './comparison.js';

/** An annotation that was not there before. */
export interface NewAnnotation {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  readonly place: Place;
  /** Page it stands on. */
  readonly page: ComparedPage;
}

export interface ComparedPage {
  readonly place: Place;
  readonly old: PdfDict;
  readonly now: PdfDict;
  /** Annotations that stay, as references. */
  readonly kept: readonly PdfRef[];
}

/** The page tree compared; contents wait until the form has said which annotations are its own. */
export interface ComparedPages {
  readonly added: readonly NewAnnotation[];
  /** Widgets the form vouches for; the rest of `added` is judged as plain annotations. */
  readonly accepted: Set<string>;
  compareContents(): void;
}

/** Inherited by pages, so equally the page's business (ISO 32000-1 §7.7.3.4). */
export function comparePages(
  comparison: Comparison,
  oldCatalog: PdfDict,
  catalog: PdfDict,
  parent: Place,
): ComparedPages {
  const pages: ComparedPage[] = [];
  const added: NewAnnotation[] = [];
  const seen = new Set<string>();
  const place: Place = { ...parent, path: `${parent.path}/Pages`, class: 'page-tree' };

  const visit = (a: PdfObject, b: PdfObject, at: Place, depth: number): void => {
    if (depth > comparison.file.budget.depth) overBudget('the page tree is too deep');
    if (!isKind(a, 'ref') || !isKind(b, 'ref') || refKey(a) !== refKey(b))
      return comparison.report(at, 'never');
    const here = { ...at, object: refKey(b) };
    if (seen.has(refKey(b))) refuse('a page stands twice');
    seen.add(refKey(b));
    const [old, now] = [comparison.old(a), comparison.new(b)];
    if (!isKind(old, 'dict') || !isKind(now, 'dict')) return comparison.report(here, 'never');
    comparison.managed.add(refKey(b));
    if (isName(comparison.new(now.entries.get('Type')), 'Page') || !now.entries.has('Kids')) {
      pages.push(compareAnnotations(comparison, old, now, { ...here, class: 'page' }, added));
      return;
    }
    const [before, after] = ['old', 'new'].map((side) =>
      comparison[side as 'old' | 'new']((side === 'old' ? old : now).entries.get('Kids')),
    );
    if (!isKind(before, 'array') || !isKind(after, 'array'))
      return comparison.report(here, 'never');
    if (before.items.length !== after.items.length)
      comparison.report({ ...here, path: `${here.path}/Kids` }, 'never');
    else
      after.items.forEach((kid, i) =>
        visit(before.items[i]!, kid, { ...here, path: `${here.path}/Kids[${i}]` }, depth + 1),
      );
    nodes.push(() => comparison.equalDicts(old, now, here, 'never', ['Kids']));
  };
  const nodes: (() => void)[] = [];
  visit(oldCatalog.entries.get('Pages') ?? null, catalog.entries.get('Pages') ?? null, place, 0);
  const accepted = new Set<string>();
  return {
    added,
    accepted,
    compareContents() {
      for (const { ref, dict, place: at } of added)
        if (!accepted.has(refKey(ref)))
          comparison.report(at, isHarmlessNote(comparison, dict) ? 'annotate' : 'never');
      nodes.forEach((compare) => compare());
      for (const page of pages) {
        // Which of two overlapping pictures is seen depends on the viewer once anything is added.
        if (added.length > 0 && hasOverlap(comparison, page.kept))
          comparison.report({ ...page.place, class: 'annotation' }, 'never');
        comparison.equalDicts(page.old, page.now, page.place, 'never', ['Annots', 'LastModified']);
        const modified = page.now.entries.get('LastModified');
        comparison.equal(
          page.old.entries.get('LastModified'),
          modified,
          { ...page.place, path: `${page.place.path}/LastModified` },
          isKind(modified, 'string') ? 'always' : 'never',
        );
        for (const ref of page.kept)
          comparison.equal(ref, ref, { ...page.place, object: refKey(ref), class: 'annotation' });
      }
    },
  };
}

/** Old annotations must stay, in order; what is new is collected. Direct annotations may not appear. */
function compareAnnotations(
  comparison: Comparison,
  old: PdfDict,
  now: PdfDict,
  place: Place,
  added: NewAnnotation[],
): ComparedPage {
  const annots = { ...place, path: `${place.path}/Annots`, class: 'annotation' as const };
  const before = comparison.old(old.entries.get('Annots'));
  const after = comparison.new(now.entries.get('Annots'));
  const was = isKind(before, 'array') ? before.items : [];
  const is = isKind(after, 'array') ? after.items : [];
  const page: ComparedPage & { kept: PdfRef[] } = { place, old, now, kept: [] };
  if (after !== null && !isKind(after, 'array')) comparison.report(annots, 'never');
  let next = 0;
  is.forEach((item, i) => {
    const at = { ...annots, path: `${annots.path}[${i}]`, object: keyOf(item) || place.object };
    const expected = was[next];
    if (expected !== undefined && isKind(item, 'ref') && keyOf(expected) === refKey(item)) {
      next++;
      page.kept.push(item);
      return;
    }
    const dict = comparison.new(item);
    if (isKind(item, 'ref') && isKind(dict, 'dict'))
      added.push({ ref: item, dict, place: at, page });
    else if (expected !== undefined && !isKind(item, 'ref')) {
      next++;
      comparison.equal(expected, item, at);
    } else comparison.report(at, 'never');
  });
  if (next < was.length) comparison.report(annots, 'never');
  return page;
}

/** Marks beside the text. Whatever brings its own picture or an action can fake or hide content. */
const NOTES = ['Text', 'Highlight', 'Underline', 'Squiggly', 'StrikeOut', 'Popup'];

function isHarmlessNote(comparison: Comparison, dict: PdfDict): boolean {
  const subtype = comparison.new(dict.entries.get('Subtype'));
  return (
    isKind(subtype, 'name') &&
    NOTES.includes(subtype.value) &&
    !['AP', 'A', 'AA', 'OC'].some((key) => dict.entries.has(key))
  );
}
