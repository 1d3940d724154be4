import { textString } from '../form-fields.js';
import { overBudget, refuse } from '../refusal.js';
import { isKind, isName, refKey, type PdfDict, type PdfObject, type PdfRef } from '../values.js';
import { deepEqual, keyOf, sameRef, type Comparison, type Place } from './comparison.js';
import type { ComparedPages } from './page-rules.js';
import { compareNewWidgets } from './widget-rules.js';

/** What a field inherits from above. */
interface Inherited {
  readonly name: string;
  readonly type: string | undefined;
}

/** A signature field that was not there before. */
export interface NewField {
  readonly name: string;
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  readonly place: Place;
  readonly isTimestamp: boolean;
  /** Its annotations: itself when merged, else its kids. */
  readonly widgets: readonly PdfRef[];
}

/** The interactive form: which fields changed, came or went. */
export function compareForm(
  comparison: Comparison,
  oldCatalog: PdfDict,
  catalog: PdfDict,
  parent: Place,
  pages: ComparedPages,
): void {
  const value = catalog.entries.get('AcroForm');
  const place: Place = {
    object: keyOf(value) || parent.object,
    path: `${parent.path}/AcroForm`,
    class: 'form',
  };
  const old = comparison.old(oldCatalog.entries.get('AcroForm'));
  const now = comparison.new(value);
  if (old === null && now === null) return;
  if (!isKind(now, 'dict') || (old !== null && !isKind(old, 'dict')))
    return comparison.report(place, 'never');
  const was: PdfDict = isKind(old, 'dict') ? old : { kind: 'dict', entries: new Map() };
  const form = new FormComparison(comparison);
  form.compareList(was.entries.get('Fields'), now.entries.get('Fields'), {
    ...place,
    path: `${place.path}/Fields`,
  });
  form.later.forEach((compare) => compare());
  compareNewWidgets(comparison, form.added, pages);
  comparison.equalDicts(was, now, place, 'never', ['Fields', 'SigFlags', 'DR', 'DA']);
  compareFlags(comparison, was, now, place);
  compareResources(comparison, was, now, place);
}

/** Bits may be set (there are signatures now), never cleared. */
function compareFlags(comparison: Comparison, old: PdfDict, now: PdfDict, place: Place): void {
  const [a, b] = [
    comparison.old(old.entries.get('SigFlags')),
    comparison.new(now.entries.get('SigFlags')),
  ];
  const bits = (value: PdfObject): number => (isKind(value, 'number') ? value.value : 0);
  if ((bits(a) & ~bits(b)) !== 0 || bits(b) > 3)
    comparison.report({ ...place, path: `${place.path}/SigFlags` }, 'never');
}

/** Default resources may grow; a font that is there may not become another. */
function compareResources(comparison: Comparison, old: PdfDict, now: PdfDict, place: Place): void {
  if (old.entries.has('DA'))
    comparison.equal(old.entries.get('DA'), now.entries.get('DA'), {
      ...place,
      path: `${place.path}/DA`,
    });
  const [a, b] = [comparison.old(old.entries.get('DR')), comparison.new(now.entries.get('DR'))];
  if (!isKind(a, 'dict')) return;
  const at = { ...place, path: `${place.path}/DR` };
  if (!isKind(b, 'dict')) return comparison.report(at, 'never');
  for (const [kind, value] of a.entries) {
    // Signing software leaves the pieces of its last appearance here under one name.
    if (kind === 'XObject' || kind === 'ProcSet') continue;
    const [from, to] = [comparison.old(value), comparison.new(b.entries.get(kind))];
    const here = { ...at, path: `${at.path}/${kind}` };
    if (!isKind(from, 'dict') || !isKind(to, 'dict')) comparison.equal(from, to, here);
    else
      for (const [name, item] of from.entries)
        comparison.equal(item, to.entries.get(name), { ...here, path: `${here.path}/${name}` });
  }
}

/** Keys that filling in a field or signing it may touch. */
const VALUE_KEYS = ['V', 'AP', 'AS'];
const SIGNING_KEYS = [...VALUE_KEYS, 'MK', 'F', 'Lock', 'DA', 'M', 'BS', 'DR'];

const SIGNING_KINDS: Readonly<Record<string, 'dict' | 'name' | 'number' | 'string'>> = {
  AP: 'dict',
  AS: 'name',
  MK: 'dict',
  F: 'number',
  Lock: 'dict',
  DA: 'string',
  M: 'string',
  BS: 'dict',
  DR: 'dict',
};

const isOfKind = (
  value: PdfObject,
  kind: 'dict' | 'name' | 'number' | 'string' | undefined,
): boolean => kind !== undefined && isKind(value, kind);

class FormComparison {
  readonly added: NewField[] = [];
  /** Contents wait until every field is known. */
  readonly later: (() => void)[] = [];
  private readonly names = new Set<string>();
  private readonly seen = new Set<string>();
  private depth = 0;

  constructor(private readonly comparison: Comparison) {}

  /** Old members must stay, in order; new ones must be signature fields. */
  compareList(
    old: PdfObject | undefined,
    now: PdfObject | undefined,
    place: Place,
    parent: Inherited = { name: '', type: undefined },
  ): void {
    const [a, b] = [this.comparison.old(old), this.comparison.new(now)];
    const was = isKind(a, 'array') ? a.items : [];
    if (b !== null && !isKind(b, 'array')) return this.comparison.report(place, 'never');
    if (++this.depth > this.comparison.file.budget.depth)
      overBudget('form fields are nested too deeply');
    let next = 0;
    (isKind(b, 'array') ? b.items : []).forEach((item, i) => {
      const at = { ...place, path: `${place.path}[${i}]`, object: keyOf(item) || place.object };
      if (!isKind(item, 'ref')) return this.comparison.report(at, 'never');
      if (this.seen.has(refKey(item))) refuse('a form field stands twice');
      this.seen.add(refKey(item));
      if (sameRef(was[next], item)) {
        next++;
        this.compareField(item, at, parent);
      } else this.addField(item, at, parent);
    });
    if (next < was.length) this.comparison.report(place, 'never');
    this.depth--;
  }

  private compareField(ref: PdfRef, place: Place, parent: Inherited): void {
    const [old, now] = [this.comparison.old(ref), this.comparison.new(ref)];
    const here: Place = { ...place, class: 'form-field' };
    if (!isKind(old, 'dict') || !isKind(now, 'dict')) {
      if (old !== now) this.comparison.report(here, 'never');
      return;
    }
    this.comparison.managed.add(refKey(ref));
    const { name, type } = this.describe(now, parent);
    const at = { ...here, field: name };
    // A name that stays may be odd; one that changes is found with the other entries.
    this.names.add(name);
    if (old.entries.has('Kids') !== now.entries.has('Kids'))
      this.comparison.report({ ...at, path: `${at.path}/Kids` }, 'never');
    else if (now.entries.has('Kids'))
      this.compareList(
        old.entries.get('Kids'),
        now.entries.get('Kids'),
        { ...at, path: `${at.path}/Kids` },
        { name, type },
      );
    this.later.push(() => this.compareEntries(old, now, at, type));
  }

  private compareEntries(old: PdfDict, now: PdfDict, place: Place, type: string | undefined): void {
    const { comparison } = this;
    const [before, after] = [
      comparison.old(old.entries.get('V')),
      comparison.new(now.entries.get('V')),
    ];
    if (type === 'Sig') {
      if (before !== null || after === null) return this.keep(old, now, place);
      const isTimestamp = isTimestampValue(comparison, after);
      const at: Place = { ...place, class: isTimestamp ? 'document-timestamp' : 'signature' };
      comparison.report({ ...at, path: `${at.path}/V` }, isTimestamp ? 'always' : 'fill');
      for (const key of SIGNING_KEYS.slice(1)) {
        const [a, b] = [old.entries.get(key), now.entries.get(key)];
        const isKept = key === 'Lock' && a !== undefined;
        // A shared appearance that one role drops lives on in the other.
        const isSwapped = isKind(a, 'ref') && b !== undefined && !isKind(b, 'ref');
        const here = { ...at, path: `${at.path}/${key}` };
        // What else the dictionary might be taken for must not gain anything by it.
        const isOdd = b !== undefined && !isOfKind(comparison.new(b), SIGNING_KINDS[key]);
        if (isSwapped || isOdd) comparison.report(here, 'never');
        else comparison.equal(a, b, here, isKept ? 'never' : 'fill');
      }
      this.compareType(old, now, place);
      return comparison.equalDicts(old, now, place, 'never', [...SIGNING_KEYS, 'Kids', 'Type']);
    }
    // A picture that changes while the value stays is what shadow attacks do.
    const changed = !deepEqual(
      comparison,
      old.entries.get('V') ?? null,
      now.entries.get('V') ?? null,
    );
    const permission = changed && type !== undefined ? 'fill' : 'never';
    for (const key of VALUE_KEYS)
      comparison.equal(
        old.entries.get(key),
        now.entries.get(key),
        {
          ...place,
          class: key === 'V' ? 'form-field' : 'appearance',
          path: `${place.path}/${key}`,
        },
        // A button's pictures are drawn in advance; a value only chooses among them.
        key === 'AP' && type === 'Btn'
          ? 'never'
          : key === 'AS' && type === 'Btn'
            ? 'fill'
            : permission,
      );
    this.compareType(old, now, place);
    comparison.equalDicts(old, now, place, 'never', [...VALUE_KEYS, 'Kids', 'Type']);
  }

  /** Optional in a widget (ISO 32000-1 table 164), so it may be added, with its only value. */
  private compareType(old: PdfDict, now: PdfDict, place: Place): void {
    const isAdded = !old.entries.has('Type') && isName(now.entries.get('Type'), 'Annot');
    this.comparison.equal(
      old.entries.get('Type'),
      now.entries.get('Type'),
      { ...place, path: `${place.path}/Type` },
      isAdded ? 'always' : 'never',
    );
  }

  private keep(old: PdfDict, now: PdfDict, place: Place): void {
    const at: Place = { ...place, class: 'signature-field' };
    this.compareType(old, now, at);
    this.comparison.equalDicts(old, now, at, 'never', ['Kids', 'Type']);
  }

  private addField(ref: PdfRef, place: Place, parent: Inherited): void {
    const at: Place = { ...place, class: 'signature-field' };
    const dict = this.comparison.new(ref);
    if (!isKind(dict, 'dict')) return this.comparison.report(at, 'never');
    const { name, type } = this.describe(dict, parent);
    const kids = this.comparison.new(dict.entries.get('Kids'));
    const widgets = isKind(kids, 'array') ? kids.items.filter((kid) => isKind(kid, 'ref')) : [ref];
    const isLeaf = widgets.every((kid) => {
      const child = this.comparison.new(kid);
      return kid === ref || (isKind(child, 'dict') && !child.entries.has('T'));
    });
    if (type === undefined && isKind(kids, 'array') && dict.entries.has('T')) {
      // A new group is only as good as what stands in it.
      if (!this.claim(name, dict, parent)) return this.comparison.report(at, 'never');
      return this.compareList(undefined, kids, { ...at, path: `${at.path}/Kids` }, { name, type });
    }
    if (type !== 'Sig' || !isLeaf || !this.claim(name, dict, parent) || !dict.entries.has('T'))
      return this.comparison.report(at, 'never');
    const value = this.comparison.new(dict.entries.get('V'));
    const isTimestamp = isTimestampValue(this.comparison, value);
    const field: NewField = { name, ref, dict, place: at, isTimestamp, widgets };
    this.added.push(field);
    this.comparison.report(
      { ...at, field: name, class: isTimestamp ? 'document-timestamp' : 'signature' },
      isTimestamp ? 'always' : 'fill',
    );
  }

  private describe(dict: PdfDict, parent: Inherited): Inherited {
    const part = this.comparison.new(dict.entries.get('T'));
    const type = this.comparison.new(dict.entries.get('FT'));
    return {
      name: isKind(part, 'string')
        ? [parent.name, textString(part.bytes)].filter(Boolean).join('.')
        : parent.name,
      type: isKind(type, 'name') ? type.value : parent.type,
    };
  }

  /** Full names are unique, and a part holds no period (ISO 32000-1 §12.7.3.2). */
  private claim(name: string, dict: PdfDict, parent: Inherited): boolean {
    const part = this.comparison.new(dict.entries.get('T'));
    if (part === null) return name === parent.name && name !== '';
    if (!isKind(part, 'string') || textString(part.bytes).includes('.') || this.names.has(name))
      return false;
    this.names.add(name);
    return true;
  }
}

const isTimestampValue = (comparison: Comparison, value: PdfObject): boolean =>
  isKind(value, 'dict') &&
  isName(comparison.new(value.entries.get('Type')), 'DocTimeStamp') &&
  isName(comparison.new(value.entries.get('SubFilter')), 'ETSI.RFC3161');
