import { DomainError, sha256Hex } from '@mandate/core';
import {
  generationOf,
  LATER,
  laterName,
  manifestName,
  MAXIMUM_GENERATIONS,
  provenIndex,
  REQUIRED_LATER,
  sealName,
  type LaterFile,
} from './layout.js';
import { manifestXml, parseManifest, type ManifestPart } from './manifest.js';
import { readZip, writeZip } from './zip.js';

/** What was added to a bundle at one later moment, read; nothing in it has been judged yet. */
export interface Generation {
  /** From 1. */
  readonly number: number;
  /** Everything it added, by name: files, manifest, seal. */
  readonly entries: ReadonlyMap<string, Uint8Array>;
  readonly manifest: Uint8Array;
  readonly manifestParts: readonly ManifestPart[];
  /** Detached CAdES over the manifest, DER CMS. */
  readonly signature: Uint8Array;
}

/** Manifest and seal of the generation before: what the next one is chained to. */
export interface Sealed {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * The manifest of a later generation: its files, and manifest and seal of the one before; its SHA-256 is what the
 * seal signs. `files` by full name. Throws `format-bundle`.
 */
export function generationManifest(
  number: number,
  files: ReadonlyMap<string, Uint8Array>,
  before: Sealed,
): Uint8Array {
  checkFiles(number, [...files.keys()]);
  const listed = [
    ...files,
    [manifestName(number - 1), before.manifest],
    [sealName(number - 1), before.signature],
  ] as const;
  return manifestXml(
    listed.map(([name, bytes]) => ({ name, digest: sha256Hex(bytes) })),
    sealName(number),
  );
}

/** A generation as it is kept: a container of what it adds. Throws `format-bundle`. */
export function packGeneration(
  number: number,
  files: ReadonlyMap<string, Uint8Array>,
  sealed: Sealed,
): Uint8Array {
  checkFiles(number, [...files.keys()]);
  const entries = [
    ...files,
    [manifestName(number), sealed.manifest],
    [sealName(number), sealed.signature],
  ] as const;
  return writeZip(entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Throws `format-zip`, `format-bundle`, `budget-exceeded`. */
export function unpackGeneration(number: number, packed: Uint8Array): Generation {
  return readGeneration(number, new Map(readZip(packed)));
}

/** All later generations among these entries, oldest first and without a gap. Throws `format-bundle`. */
export function readGenerations(entries: ReadonlyMap<string, Uint8Array>): Generation[] {
  const byNumber = new Map<number, Map<string, Uint8Array>>();
  for (const [name, bytes] of entries) {
    const number = generationOf(name);
    if (number === null) throw bad(`${name} has no place in a generation`);
    const own = byNumber.get(number) ?? new Map<string, Uint8Array>();
    byNumber.set(number, own.set(name, bytes));
  }
  if (byNumber.size > MAXIMUM_GENERATIONS) throw bad('too many generations');
  return Array.from({ length: byNumber.size }, (_, i) => {
    const own = byNumber.get(i + 1);
    if (!own) throw bad(`generation ${i + 1} is missing`);
    return readGeneration(i + 1, own);
  });
}

function readGeneration(number: number, entries: ReadonlyMap<string, Uint8Array>): Generation {
  const manifest = entries.get(manifestName(number));
  const signature = entries.get(sealName(number));
  if (!manifest || !signature) throw bad(`generation ${number} has no manifest or no seal`);
  const sealed = [manifestName(number), sealName(number)];
  checkFiles(
    number,
    [...entries.keys()].filter((name) => !sealed.includes(name)),
  );
  return {
    number,
    entries,
    manifest,
    manifestParts: parseManifest(manifest, sealName(number)),
    signature,
  };
}

/** A file of a generation; null when it may be absent and is. */
export const laterFile = (
  { number, entries }: Pick<Generation, 'number' | 'entries'>,
  file: LaterFile,
): Uint8Array | null => entries.get(laterName(number, file)) ?? null;

/** Proof files of a generation with the index each is named by, in the order of the ledger. */
export const laterProofs = ({
  entries,
}: Pick<Generation, 'entries'>): { readonly index: number; readonly bytes: Uint8Array }[] =>
  [...entries]
    .flatMap(([name, bytes]) => {
      const index = provenIndex(name);
      return index === null ? [] : [{ index, bytes }];
    })
    .toSorted((a, b) => a.index - b.index);

/** The newest archived letter; null when none was added. */
export function newestArchivedLetter(
  generations: readonly Generation[],
): { readonly generation: number; readonly bytes: Uint8Array } | null {
  const found = generations.findLast((it) => laterFile(it, LATER.letter));
  return found ? { generation: found.number, bytes: laterFile(found, LATER.letter)! } : null;
}

function checkFiles(number: number, names: readonly string[]): void {
  if (!Number.isInteger(number) || number < 1 || number > MAXIMUM_GENERATIONS)
    throw bad('no number of a generation');
  const foreign = names.find(
    (name) => generationOf(name) !== number || name.startsWith('META-INF/'),
  );
  if (foreign) throw bad(`${foreign} has no place in generation ${number}`);
  const missing = REQUIRED_LATER.find((file) => !names.includes(laterName(number, file)));
  if (missing) throw bad(`generation ${number} has no ${missing}`);
}

const bad = (detail: string): DomainError => new DomainError('format-bundle', detail);
