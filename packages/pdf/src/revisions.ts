import type { Decoding } from './filters.js';
import { overBudget, refuse, type Budget } from './refusal.js';
import { latin1, type PdfDict } from './values.js';
import {
  lastXrefOffset,
  readXrefSection,
  sameEntry,
  type XrefEntry,
  type XrefSection,
} from './xref-section.js';

/** One generation of the file: the bytes one writer appended. */
export interface Revision {
  readonly start: number;
  /** Offset after its `%%EOF` and one end-of-line marker, if there is one. */
  readonly end: number;
  readonly xrefOffset: number;
  readonly form: 'table' | 'stream';
  readonly trailer: PdfDict;
  /** Objects this revision adds, replaces or frees. */
  readonly objects: ReadonlyMap<number, XrefEntry>;
  /** Those of them that only a hybrid file's `/XRefStm` lists; they may lie in earlier bytes. */
  readonly hidden: ReadonlySet<number>;
}

/** Follows `startxref` and `/Prev`; answers oldest first, together covering the file from 0 to its end. */
export function readRevisions(
  bytes: Uint8Array,
  budget: Budget,
  decoding: Decoding,
  tolerant: boolean,
): Revision[] {
  const sections = readChain(bytes, budget, decoding, tolerant);
  const revisions: Revision[] = [];
  let start = 0;
  for (let i = sections.length - 1; i >= 0; i--) {
    const [main, firstPage] = linearizedPair(bytes, sections, i);
    if (firstPage) i--;
    const head = firstPage ?? main;
    if (main.startxref !== head.offset) refuse('startxref does not name its own section');
    if (main.offset < start) refuse('revisions overlap');
    const objects = new Map(main.entries);
    for (const [number, entry] of firstPage?.entries ?? []) {
      if (objects.has(number)) refuse(`object ${number} stands in both linearized sections`);
      objects.set(number, entry);
    }
    if (firstPage && main.hidden.size + firstPage.hidden.size > 0) refuse('linearized hybrid file');
    addHidden(objects, main, start, revisions);
    revisions.push({
      start,
      end: main.end,
      xrefOffset: head.offset,
      form: head.form,
      trailer: head.trailer,
      objects: withoutRepeats(objects, revisions),
      hidden: new Set(main.hidden.keys()),
    });
    start = main.end;
  }
  if (start !== bytes.length) refuse('bytes after the last revision');
  return revisions;
}

/**
 * Hidden objects of a hybrid section. They may be new, the same as before, or written in this very
 * revision; a list copied from an earlier trailer, which would bring back what has been replaced since,
 * is refused: readers do not agree on it.
 */
function addHidden(
  objects: Map<number, XrefEntry>,
  main: XrefSection,
  start: number,
  earlier: readonly Revision[],
): void {
  const isWrittenHere = (entry: XrefEntry): boolean => {
    const container =
      entry.kind === 'packed'
        ? (main.hidden.get(entry.stream) ?? main.entries.get(entry.stream))
        : entry;
    return container?.kind === 'offset' && container.offset >= start;
  };
  for (const [number, entry] of main.hidden) {
    const known = inForce(number, earlier);
    const replaces = known && known.kind !== 'free' && !sameEntry(known, entry);
    if (!objects.has(number) && replaces && !isWrittenHere(entry))
      refuse(`hybrid file with two places for object ${number}`);
    objects.set(number, entry);
  }
}

const inForce = (number: number, revisions: readonly Revision[]): XrefEntry | undefined =>
  revisions.findLast((revision) => revision.objects.has(number))?.objects.get(number);

function readChain(
  bytes: Uint8Array,
  budget: Budget,
  decoding: Decoding,
  tolerant: boolean,
): XrefSection[] {
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  let entries = 0;
  let next: number | undefined = lastXrefOffset(bytes, tolerant);
  while (next !== undefined) {
    if (seen.has(next)) refuse('cross-reference sections form a loop');
    seen.add(next);
    // One more than revisions: a linearized file has two sections for its first.
    if (seen.size > budget.revisions + 1) overBudget('too many revisions');
    const section = readXrefSection(bytes, next, budget, decoding, tolerant);
    entries += section.entries.size + section.hidden.size;
    if (entries > budget.objects) overBudget('too many cross-reference entries');
    sections.push(section);
    next = section.previous;
  }
  return sections;
}

/**
 * A linearized file (ISO 32000-1 annex F) has its main section at the end, read first, and one for the
 * first page near the start; only there may `/Prev` point forward.
 */
function linearizedPair(
  bytes: Uint8Array,
  sections: XrefSection[],
  i: number,
): [XrefSection, XrefSection?] {
  const main = sections[i]!;
  const firstPage = sections[i - 1];
  if (!firstPage || firstPage.offset > main.offset) return [main];
  const isOldest = i === sections.length - 1;
  if (
    !isOldest ||
    firstPage.startxref !== 0 ||
    !latin1(bytes.subarray(0, 1024)).includes('/Linearized')
  )
    refuse('/Prev points forward');
  return [main, firstPage];
}

/** Some writers list unchanged objects again; an entry equal to the one in force changes nothing. */
function withoutRepeats(
  objects: Map<number, XrefEntry>,
  earlier: readonly Revision[],
): Map<number, XrefEntry> {
  if (earlier.length === 0) return objects;
  for (const [number, entry] of objects) {
    if (sameEntry(inForce(number, earlier), entry)) objects.delete(number);
  }
  return objects;
}
