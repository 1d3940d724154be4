import { formFields, textString } from '../form-fields.js';
import type { PdfFile } from '../read-pdf.js';
import { isKind, isName, type PdfDict } from '../values.js';
import type { Difference } from './change.js';

/** What the signatures up to a revision allow to change after them. */
export interface Permissions {
  /** DocMDP P (ISO 32000-1 §12.8.2.2); without one, filling in and signing are allowed. */
  readonly level: 1 | 2 | 3;
  /** True for fields that FieldMDP locks (§12.8.2.4). */
  locks(field: string): boolean;
}

/** Reads the transforms of every signature that is there at `revision`. */
export function permissionsAt(file: PdfFile, revision: number): Permissions {
  let level: 1 | 2 | 3 | undefined;
  const locks: ((field: string) => boolean)[] = [];
  for (const field of formFields(file, revision)) {
    const signature = file.resolve(field.value, revision);
    if (field.type !== 'Sig' || !isKind(signature, 'dict')) continue;
    const references = file.resolve(signature.entries.get('Reference'), revision);
    for (const item of isKind(references, 'array') ? references.items : []) {
      const reference = file.resolve(item, revision);
      if (!isKind(reference, 'dict')) continue;
      const method = file.resolve(reference.entries.get('TransformMethod'), revision);
      const params = file.dictAt(reference, 'TransformParams', revision);
      if (isName(method, 'DocMDP')) level = lower(level, readLevel(file, params, revision) ?? 2);
      if (isName(method, 'FieldMDP') && params) {
        locks.push(readLock(file, params, revision));
        level = lower(level, readLevel(file, params, revision));
      }
    }
  }
  return { level: level ?? 2, locks: (field) => locks.some((lock) => lock(field)) };
}

const lower = (a: 1 | 2 | 3 | undefined, b: 1 | 2 | 3 | undefined): 1 | 2 | 3 | undefined =>
  a === undefined ? b : b === undefined ? a : a < b ? a : b;

function readLevel(
  file: PdfFile,
  params: PdfDict | undefined,
  revision: number,
): 1 | 2 | 3 | undefined {
  const value = file.resolve(params?.entries.get('P'), revision);
  if (value === null) return undefined;
  const level = isKind(value, 'number') ? value.value : 1;
  // An unknown level allows as little as the lowest.
  return level === 2 || level === 3 ? level : 1;
}

function readLock(file: PdfFile, params: PdfDict, revision: number): (field: string) => boolean {
  const action = file.resolve(params.entries.get('Action'), revision);
  const list = file.resolve(params.entries.get('Fields'), revision);
  const names = (isKind(list, 'array') ? list.items : []).flatMap((item) => {
    const name = file.resolve(item, revision);
    return isKind(name, 'string') ? [textString(name.bytes)] : [];
  });
  const listed = (field: string): boolean =>
    names.some((name) => field === name || field.startsWith(`${name}.`));
  if (isName(action, 'Include')) return listed;
  if (isName(action, 'Exclude')) return (field) => !listed(field);
  return () => true;
}

/** Whether a difference is within what the signatures allow. */
export function isAllowed(difference: Difference, { level, locks }: Permissions): boolean {
  switch (difference.permission) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'annotate':
      return level >= 3;
    case 'fill': {
      // Document timestamps are never `fill`; any other signature is a value like others.
      return level >= 2 && (difference.field === undefined || !locks(difference.field));
    }
  }
}
