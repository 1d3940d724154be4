import { overBudget } from '../refusal.js';
import { asIndex, isKind, isName, type PdfDict, type PdfObject } from '../values.js';
import { keyOf, type Comparison, type Place } from './comparison.js';

const ROOT_RULES = ['K', 'ParentTree', 'ParentTreeNextKey'];

/**
 * The structure tree of a tagged document (ISO 32000-1 §14.7). A new signature field brings an element
 * that points at its widget; everything else, replacement text above all, must stay.
 */
export function compareStructure(
  comparison: Comparison,
  oldCatalog: PdfDict,
  catalog: PdfDict,
  parent: Place,
  widgets: ReadonlySet<string>,
): void {
  const [a, b] = [oldCatalog.entries.get('StructTreeRoot'), catalog.entries.get('StructTreeRoot')];
  const place: Place = {
    object: keyOf(b) || parent.object,
    path: `${parent.path}/StructTreeRoot`,
    class: 'structure',
  };
  const [old, now] = [comparison.old(a), comparison.new(b)];
  if (!isKind(old, 'dict') || !isKind(now, 'dict') || keyOf(a) !== keyOf(b))
    return comparison.equal(a, b, place);
  if (keyOf(b)) comparison.managed.add(keyOf(b));
  const tree = new StructureComparison(comparison, widgets);
  tree.compareKids(old, now, place);
  tree.compareParents(old, now, place);
  comparison.equalDicts(old, now, place, 'never', ROOT_RULES);
  tree.later.forEach((compare) => compare());
}

class StructureComparison {
  /** Entries wait until every element is known. */
  readonly later: (() => void)[] = [];
  private readonly added = new Set<string>();
  private depth = 0;

  constructor(
    private readonly comparison: Comparison,
    private readonly widgets: ReadonlySet<string>,
  ) {}

  /** Old kids stay in order; new ones must be elements of new widgets. */
  compareKids(old: PdfDict, now: PdfDict, parent: Place): void {
    const { comparison } = this;
    const place = { ...parent, path: `${parent.path}/K` };
    if (++this.depth > comparison.file.budget.depth) overBudget('the structure tree is too deep');
    const was = listOf(comparison.old(old.entries.get('K')), old.entries.get('K'));
    const is = listOf(comparison.new(now.entries.get('K')), now.entries.get('K'));
    let next = 0;
    is.forEach((item, i) => {
      const at = { ...place, path: `${place.path}[${i}]`, object: keyOf(item) || place.object };
      if (this.isWidgetElement(item) && keyOf(item) !== keyOf(was[next])) {
        this.added.add(keyOf(item));
        return comparison.report(at, 'fill');
      }
      this.compareKid(was[next++], item, at);
    });
    if (next < was.length) comparison.report(place, 'never');
    this.depth--;
  }

  private compareKid(a: PdfObject | undefined, b: PdfObject, place: Place): void {
    const { comparison } = this;
    const [old, now] = [comparison.old(a), comparison.new(b)];
    const isElement = isKind(old, 'dict') && isKind(now, 'dict') && keyOf(b) !== '';
    if (!isElement || keyOf(a) !== keyOf(b)) return comparison.equal(a, b, place);
    if (comparison.managed.has(keyOf(b))) return;
    comparison.managed.add(keyOf(b));
    this.compareKids(old, now, place);
    this.later.push(() => comparison.equalDicts(old, now, place, 'never', ['K']));
  }

  /** An element that holds nothing but references to widgets the form vouches for. */
  private isWidgetElement(item: PdfObject): boolean {
    const { comparison } = this;
    const element = comparison.new(item);
    if (!isKind(item, 'ref') || !isKind(element, 'dict')) return false;
    if (![...element.entries.keys()].every((key) => ['Type', 'S', 'P', 'K', 'Pg'].includes(key)))
      return false;
    const kids = listOf(comparison.new(element.entries.get('K')), element.entries.get('K'));
    return (
      kids.length > 0 &&
      kids.every((kid) => {
        const reference = comparison.new(kid);
        return (
          isKind(reference, 'dict') &&
          isName(comparison.new(reference.entries.get('Type')), 'OBJR') &&
          this.widgets.has(keyOf(reference.entries.get('Obj')))
        );
      })
    );
  }

  /** The way back from content to elements: what is listed stays, new keys lead to new elements. */
  compareParents(old: PdfDict, now: PdfDict, parent: Place): void {
    const { comparison } = this;
    const place = { ...parent, path: `${parent.path}/ParentTree` };
    const was = this.numbers(old.entries.get('ParentTree'), 'old');
    const is = this.numbers(now.entries.get('ParentTree'), 'new');
    for (const [key, value] of was) {
      const at = { ...place, path: `${place.path}[${key}]` };
      this.later.push(() => comparison.equal(value, is.get(key), at));
    }
    for (const [key, value] of is)
      if (!was.has(key))
        comparison.report(
          { ...place, path: `${place.path}[${key}]` },
          this.added.has(keyOf(value)) ? 'fill' : 'never',
        );
    const [before, after] = [old, now].map((it) => asIndex(it.entries.get('ParentTreeNextKey')));
    if (before !== undefined && (after === undefined || after < before))
      comparison.report({ ...parent, path: `${parent.path}/ParentTreeNextKey` }, 'never');
  }

  /** A number tree (§7.9.7) flattened. */
  private numbers(root: PdfObject | undefined, side: 'old' | 'new'): Map<number, PdfObject> {
    const found = new Map<number, PdfObject>();
    const visit = (item: PdfObject | undefined, depth: number): void => {
      if (depth > this.comparison.file.budget.depth) overBudget('a number tree is too deep');
      const node = this.comparison[side](item);
      if (!isKind(node, 'dict')) return;
      const kids = this.comparison[side](node.entries.get('Kids'));
      if (isKind(kids, 'array')) kids.items.forEach((kid) => visit(kid, depth + 1));
      const pairs = this.comparison[side](node.entries.get('Nums'));
      if (!isKind(pairs, 'array')) return;
      for (let i = 0; i + 1 < pairs.items.length; i += 2) {
        const key = asIndex(this.comparison[side](pairs.items[i]));
        if (key !== undefined && !found.has(key)) found.set(key, pairs.items[i + 1]!);
      }
    };
    visit(root, 0);
    return found;
  }
}

/** One kid may stand without its array. */
const listOf = (value: PdfObject, written: PdfObject | undefined): readonly PdfObject[] =>
  value === null ? [] : isKind(value, 'array') ? value.items : [written ?? null];
