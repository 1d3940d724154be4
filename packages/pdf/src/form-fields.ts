import { overBudget, refuse } from './refusal.js';
import type { PdfFile } from './read-pdf.js';
import {
  isKind,
  isName,
  latin1,
  refKey,
  type PdfDict,
  type PdfRef,
  type PdfValue,
} from './values.js';

/** A terminal form field; `dict` is its own dictionary, inherited values are in `type` and `value`. */
export interface FormField {
  /** Fully qualified, parts joined by dots (ISO 32000-1 §12.7.3.2), Latin-1 or UTF-16BE decoded. */
  readonly name: string;
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  readonly type: string | undefined;
  readonly value: PdfValue | undefined;
}

/** All terminal fields in document order. Throws `format-pdf` on loops and direct fields, `budget-exceeded`. */
export function formFields(file: PdfFile, revision = file.last): FormField[] {
  const form = file.dictAt(file.catalogAt(revision), 'AcroForm', revision);
  if (!form) return [];
  const seen = new Set<string>();
  const fields: FormField[] = [];

  const visit = (item: PdfValue, parent: Omit<FormField, 'ref' | 'dict'>, depth: number): void => {
    if (depth > file.budget.depth) overBudget('form fields are nested too deeply');
    if (!isKind(item, 'ref')) return refuse('a form field is no reference');
    if (seen.has(refKey(item))) refuse('a form field stands twice');
    seen.add(refKey(item));
    const dict = file.resolve(item, revision);
    if (!isKind(dict, 'dict')) return refuse('a form field is no dictionary');
    const part = file.resolve(dict.entries.get('T'), revision);
    const type = file.resolve(dict.entries.get('FT'), revision);
    const own = {
      name: isKind(part, 'string')
        ? [parent.name, textString(part.bytes)].filter(Boolean).join('.')
        : parent.name,
      type: isKind(type, 'name') ? type.value : parent.type,
      value: dict.entries.get('V') ?? parent.value,
    };
    const kids = file.resolve(dict.entries.get('Kids'), revision);
    // Kids without /T are widgets of this same field.
    const isParent =
      isKind(kids, 'array') &&
      kids.items.some((kid) => {
        const child = file.resolve(kid, revision);
        return isKind(child, 'dict') && child.entries.has('T');
      });
    if (isParent) for (const kid of kids.items) visit(kid, own, depth + 1);
    else fields.push({ ...own, ref: item, dict });
  };

  const roots = file.resolve(form.entries.get('Fields'), revision);
  if (roots === null) return [];
  if (!isKind(roots, 'array')) return refuse('/Fields is no array');
  for (const item of roots.items) visit(item, { name: '', type: undefined, value: undefined }, 0);
  return fields;
}

/** A text string (ISO 32000-1 §7.9.2.2): UTF-16BE or UTF-8 with its mark, else bytes as Latin-1. */
export function textString(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return new TextDecoder('utf-8').decode(bytes);
  return latin1(bytes);
}

/** Signature fields without a value, each one object with its widget (merged), top level. */
export function emptySignatureFields(file: PdfFile): FormField[] {
  return formFields(file).filter(
    (field) =>
      field.type === 'Sig' &&
      field.value === undefined &&
      isName(field.dict.entries.get('FT'), 'Sig') &&
      !field.dict.entries.has('Parent') &&
      !field.dict.entries.has('Kids'),
  );
}
