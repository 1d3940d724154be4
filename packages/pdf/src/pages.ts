import { overBudget, refuse } from './refusal.js';
import type { PdfFile } from './read-pdf.js';
import { isKind, isName, refKey, type PdfDict, type PdfRef, type PdfValue } from './values.js';

export interface PdfPage {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** Its own or inherited. */
  readonly resources: PdfDict | undefined;
}

/** Pages in order. Throws `format-pdf` on loops and malformed nodes, `budget-exceeded`. */
export function readPages(file: PdfFile, revision = file.last): PdfPage[] {
  const pages: PdfPage[] = [];
  const seen = new Set<string>();
  const visit = (
    item: PdfValue | undefined,
    inherited: PdfDict | undefined,
    depth: number,
  ): void => {
    if (depth > file.budget.depth) overBudget('the page tree is too deep');
    if (!isKind(item, 'ref')) return refuse('a page is no reference');
    if (seen.has(refKey(item))) refuse('a page stands twice');
    seen.add(refKey(item));
    const dict = file.resolve(item, revision);
    if (!isKind(dict, 'dict')) return refuse('a page is no dictionary');
    const resources = file.dictAt(dict, 'Resources', revision) ?? inherited;
    if (isName(dict.entries.get('Type'), 'Page'))
      return void pages.push({ ref: item, dict, resources });
    const kids = file.resolve(dict.entries.get('Kids'), revision);
    if (!isName(dict.entries.get('Type'), 'Pages') || !isKind(kids, 'array'))
      return refuse('malformed page tree');
    for (const kid of kids.items) visit(kid, resources, depth + 1);
  };
  visit(file.catalogAt(revision).entries.get('Pages'), undefined, 0);
  return pages;
}
