import type { Inflate } from './filters.js';
import { textString } from './form-fields.js';
import type { PdfFile } from './read-pdf.js';
import { overBudget, refuse } from './refusal.js';
import { asIndex, isKind, refKey, type PdfDict, type PdfRef, type PdfValue } from './values.js';

/**
 * The data of the associated file with this name. The name tree, the catalogue's `/AF` and the file
 * specification must agree on one object, so that no two readers find different data.
 * Throws `format-pdf`, also when there is none.
 */
export function embeddedFile(
  file: PdfFile,
  name: string,
  options: { inflate?: Inflate } = {},
): Uint8Array {
  file.allowInflate(options.inflate);
  const named = namedFiles(file).filter((entry) => entry.name === name);
  if (named.length !== 1) return refuse('no single embedded file of that name');
  const { ref } = named[0]!;
  const associated = file.resolve(file.catalog.entries.get('AF'));
  const same = (isKind(associated, 'array') ? associated.items : []).filter(
    (item) => specName(file, item) === name,
  );
  if (same.length !== 1 || !isKind(same[0], 'ref') || refKey(same[0]) !== refKey(ref))
    return refuse('/AF and the name tree do not agree on the embedded file');
  if (specName(file, ref) !== name) return refuse('the embedded file has another name');

  const files = file.dictAt(specOf(file, ref), 'EF');
  const target = files?.entries.get('F');
  if (!files || !isKind(target, 'ref')) return refuse('the file specification embeds nothing');
  for (const other of files.entries.values())
    if (!isKind(other, 'ref') || refKey(other) !== refKey(target))
      return refuse('the file specification embeds several files');
  const stream = file.resolve(target);
  if (!isKind(stream, 'stream')) return refuse('the embedded file is no stream');
  const data = file.decode(stream);
  const size = asIndex(file.resolve(file.dictAt(stream.dict, 'Params')?.entries.get('Size')));
  if (size !== undefined && size !== data.length) refuse('the embedded file has another size');
  return data;
}

function specOf(file: PdfFile, value: PdfValue): PdfDict {
  const spec = file.resolve(value);
  return isKind(spec, 'dict') ? spec : refuse('a file specification is no dictionary');
}

/** `/UF` and `/F` must be the same name where both are there. */
function specName(file: PdfFile, value: PdfValue): string | undefined {
  const spec = specOf(file, value);
  const names = ['UF', 'F']
    .map((key) => file.resolve(spec.entries.get(key)))
    .flatMap((item) => (isKind(item, 'string') ? [textString(item.bytes)] : []));
  if (new Set(names).size > 1) refuse('a file specification has two names');
  return names[0];
}

/** Leaves of `/Names /EmbeddedFiles` (ISO 32000-1 §7.9.6). */
function namedFiles(file: PdfFile): { name: string; ref: PdfRef }[] {
  const found: { name: string; ref: PdfRef }[] = [];
  const seen = new Set<PdfDict>();
  const visit = (node: PdfDict | undefined, depth: number): void => {
    if (!node) return;
    if (depth > file.budget.depth) overBudget('the name tree is too deep');
    if (seen.has(node)) refuse('the name tree is no tree');
    seen.add(node);
    const names = file.resolve(node.entries.get('Names'));
    if (isKind(names, 'array')) {
      for (let i = 0; i < names.items.length; i += 2) {
        const key = file.resolve(names.items[i]);
        const ref = names.items[i + 1];
        if (!isKind(key, 'string') || !isKind(ref, 'ref')) return refuse('malformed name tree');
        found.push({ name: textString(key.bytes), ref });
      }
    }
    const kids = file.resolve(node.entries.get('Kids'));
    for (const kid of isKind(kids, 'array') ? kids.items : []) {
      const child = file.resolve(kid);
      visit(isKind(child, 'dict') ? child : refuse('malformed name tree'), depth + 1);
    }
  };
  const names = file.dictAt(file.catalog, 'Names');
  visit(names && file.dictAt(names, 'EmbeddedFiles'), 0);
  return found;
}
