import { overBudget } from '../refusal.js';
import type { PdfFile } from '../read-pdf.js';
import { isKind, refKey, type PdfDict, type PdfObject, type PdfRef } from '../values.js';
import type { ChangeClass, Difference, Permission } from './change.js';

/** Where a comparison stands. */
export interface Place {
  /** Nearest indirect object. */
  readonly object: string;
  readonly path: string;
  readonly class: ChangeClass;
  readonly field?: string;
}

/** More is refused rather than cut: what is left out could be the one that matters. */
const MAX_DIFFERENCES = 20_000;

/** Two neighbouring revisions of one file, compared by structure from the trailer on. */
export class Comparison {
  readonly differences: Difference[] = [];
  /**
   * Objects of both revisions with rules of their own: met elsewhere, only that it is the same reference
   * counts. Never new ones: a reference into the void, signed so, must not find something there later.
   */
  readonly managed: Set<string>;
  private readonly seen = new Set<string>();
  private steps = 0;

  constructor(
    readonly file: PdfFile,
    readonly after: number,
    managed = new Set<string>(),
  ) {
    this.managed = managed;
  }

  get before(): number {
    return this.after - 1;
  }

  old(value: PdfObject | undefined): PdfObject {
    return this.file.resolve(value, this.before);
  }

  new(value: PdfObject | undefined): PdfObject {
    return this.file.resolve(value, this.after);
  }

  report(place: Place, permission: Permission): void {
    if (this.differences.length >= MAX_DIFFERENCES) overBudget('too many changes');
    this.differences.push({
      revision: this.after,
      object: place.object,
      path: place.path,
      class: place.class,
      permission,
      ...(place.field === undefined ? {} : { field: place.field }),
    });
  }

  /**
   * Reports every difference below two values with `permission`. Every path is walked anew, so that an
   * object which may change in one role is still found in another.
   */
  equal(
    old: PdfObject | undefined,
    now: PdfObject | undefined,
    place: Place,
    permission: Permission = 'never',
  ): void {
    if (++this.steps > this.file.budget.objects * 4) overBudget('too many objects to compare');
    const [a, b] = [old ?? null, now ?? null];
    if (isKind(a, 'ref') || isKind(b, 'ref')) return this.equalTargets(a, b, place, permission);
    if (isKind(a, 'array') && isKind(b, 'array')) {
      if (a.items.length !== b.items.length) return this.report(place, permission);
      a.items.forEach((item, i) =>
        this.equal(item, b.items[i], { ...place, path: `${place.path}[${i}]` }, permission),
      );
    } else if (isKind(a, 'dict') && isKind(b, 'dict')) this.equalDicts(a, b, place, permission);
    else if (isKind(a, 'stream') && isKind(b, 'stream')) {
      this.equalDicts(a.dict, b.dict, place, permission, ['Length']);
      if (a.raw !== b.raw && !sameBytes(a.raw, b.raw)) this.report(place, permission);
    } else if (!sameScalar(a, b)) this.report(place, permission);
  }

  /** Dictionaries entry by entry, except the keys that have rules of their own. */
  equalDicts(
    a: PdfDict,
    b: PdfDict,
    place: Place,
    permission: Permission = 'never',
    except: readonly string[] = [],
  ): void {
    for (const key of new Set([...a.entries.keys(), ...b.entries.keys()]))
      if (!except.includes(key))
        this.equal(
          a.entries.get(key),
          b.entries.get(key),
          { ...place, path: `${place.path}/${key}` },
          permission,
        );
  }

  private equalTargets(a: PdfObject, b: PdfObject, place: Place, permission: Permission): void {
    const [from, to] = [isKind(a, 'ref') ? refKey(a) : '', isKind(b, 'ref') ? refKey(b) : ''];
    const isManaged = this.managed.has(from) || this.managed.has(to);
    if (isManaged) return from === to ? undefined : this.report(place, permission);
    const key = `${from}|${to}|${permission}`;
    if (from && to) {
      if (this.seen.has(key)) return;
      this.seen.add(key);
    }
    const target = to || from;
    this.equal(this.old(a), this.new(b), { ...place, object: target || place.object }, permission);
  }
}

export const keyOf = (value: PdfObject | undefined): string =>
  isKind(value, 'ref') ? refKey(value) : '';

export const sameRef = (a: PdfObject | undefined, b: PdfObject | undefined): boolean =>
  isKind(a, 'ref') && isKind(b, 'ref') && refKey(a as PdfRef) === refKey(b as PdfRef);

function sameScalar(a: PdfObject, b: PdfObject): boolean {
  if (isKind(a, 'string') && isKind(b, 'string')) return sameBytes(a.bytes, b.bytes);
  if (isKind(a, 'number') && isKind(b, 'number')) return a.value === b.value;
  if (isKind(a, 'name') && isKind(b, 'name')) return a.value === b.value;
  return a === b;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The same number of the same things; asked without reporting. */
export function deepEqual(comparison: Comparison, a: PdfObject, b: PdfObject): boolean {
  const probe = new Comparison(comparison.file, comparison.after, comparison.managed);
  probe.equal(a, b, { object: '', path: '', class: 'page' });
  return probe.differences.length === 0;
}
