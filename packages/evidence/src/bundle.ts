import { DomainError, fromUtf8, sha256Hex, utf8 } from '@mandate/core';
import {
  BUNDLE_MIME,
  disclosureReader,
  generationOf,
  isPartName,
  LETTER_PROOF,
  MANIFEST,
  MIMETYPE,
  OPTIONAL_PARTS,
  PART,
  SEAL,
  type PartName,
} from './layout.js';
import { readGenerations, type Generation } from './generation.js';
import { manifestXml, parseManifest, type ManifestPart } from './manifest.js';
import { readZip, writeZip, type ZipEntry } from './zip.js';

/** An ASiC-E container, read; nothing in it has been judged yet. */
export interface Bundle {
  /** Everything the manifest should list, by name. */
  readonly parts: ReadonlyMap<string, Uint8Array>;
  /** Exact bytes the seal covers. */
  readonly manifest: Uint8Array;
  readonly manifestParts: readonly ManifestPart[];
  /** The seal, DER CMS. */
  readonly signature: Uint8Array;
  /** `proofs/letter.tlog-proof`; absent in generation 0. */
  readonly letterProof: Uint8Array | null;
  /** What was added after signing, from 1. */
  readonly later: readonly Generation[];
  /** What single readers of this copy are told beyond it, by name. */
  readonly disclosures: ReadonlyMap<string, Uint8Array>;
}

/** The manifest of these parts; its SHA-256 is what the seal signs. Throws `format-bundle`. */
export function manifestOf(parts: ReadonlyMap<string, Uint8Array>): Uint8Array {
  checkPartNames([...parts.keys()]);
  return manifestXml([...parts].map(([name, bytes]) => ({ name, digest: sha256Hex(bytes) })));
}

/**
 * Deterministic container bytes: `mimetype` first as ASiC demands, everything else by name.
 * Throws `format-bundle` when a required part is missing or a name is not of layout v1.
 */
export function buildBundle(input: {
  parts: ReadonlyMap<string, Uint8Array>;
  signature: Uint8Array;
  letterProof?: Uint8Array | null;
}): Uint8Array {
  return assemble(input, manifestOf(input.parts));
}

/** The same bundle with the ledger's proof beside it. Throws as `readBundle`. */
export function withLetterProof(bundle: Uint8Array, letterProof: Uint8Array): Uint8Array {
  const read = readBundle(bundle);
  return assemble({ ...read, letterProof }, read.manifest);
}

/** The same bundle with these generations after what it holds. Throws as `readBundle`, also when they do not follow. */
export function withGenerations(
  bundle: Uint8Array,
  generations: readonly Pick<Generation, 'number' | 'entries'>[],
): Uint8Array {
  if (generations.length === 0) return bundle;
  const read = readBundle(bundle);
  const added = generations.flatMap(({ entries }) => [...entries]);
  const later = readGenerations(
    new Map([...read.later.flatMap(({ entries }) => [...entries]), ...added]),
  );
  return assemble({ ...read, later }, read.manifest);
}

/** The same bundle with openings for a reader; throws as `readBundle`. */
export function withDisclosure(bundle: Uint8Array, name: string, sealed: Uint8Array): Uint8Array {
  const read = readBundle(bundle);
  return assemble(
    { ...read, disclosures: new Map([...read.disclosures, [name, sealed]]) },
    read.manifest,
  );
}

/** The same bundle as it was with so many later generations. Throws as `readBundle`. */
export const upToGeneration = (bundle: Uint8Array, count: number): Uint8Array =>
  cutAt(readBundle(bundle), count);

const cutAt = (bundle: Bundle, count: number): Uint8Array =>
  assemble(
    { ...bundle, later: bundle.later.slice(0, count), disclosures: new Map() },
    bundle.manifest,
  );

/** Generation 0, whose digest the ledger's letter entry holds: what was sealed, nothing that came later. */
export const generationZero = (bundle: Bundle): Uint8Array =>
  assemble({ ...bundle, letterProof: null, later: [], disclosures: new Map() }, bundle.manifest);

/**
 * The containers that this bundle was before it grew, the longest first: without disclosures, with ever fewer later generations, at last
 * with none, and without the ledger's proof beside it.
 */
export function* earlierBundles(bundle: Bundle): Generator<Uint8Array> {
  if (bundle.disclosures.size > 0) yield cutAt(bundle, bundle.later.length);
  for (let length = bundle.later.length - 1; length >= 0; length--) yield cutAt(bundle, length);
  if (bundle.letterProof) yield generationZero(bundle);
}

/**
 * Reads a container strictly; part digests and seal are the verifier's to judge.
 * Throws `format-zip`, `format-bundle`, `unsupported-algorithm`, `budget-exceeded`.
 */
export function readBundle(bytes: Uint8Array): Bundle {
  const [first, ...rest] = readZip(bytes);
  if (first?.[0] !== MIMETYPE || !sameText(first[1], BUNDLE_MIME))
    throw new DomainError('format-bundle', 'the first entry is not the ASiC-E media type');
  const entries = new Map(rest);
  const take = (name: string): Uint8Array => {
    const found = entries.get(name);
    if (!found) throw new DomainError('format-bundle', `${name} is missing`);
    entries.delete(name);
    return found;
  };
  const manifest = take(MANIFEST);
  const signature = take(SEAL);
  const letterProof = entries.has(LETTER_PROOF) ? take(LETTER_PROOF) : null;
  const added = [...entries.keys()].filter((name) => generationOf(name) !== null);
  const later = readGenerations(new Map(added.map((name) => [name, take(name)])));
  const disclosed = [...entries.keys()].filter((name) => disclosureReader(name) !== null);
  const disclosures = new Map(disclosed.map((name) => [name, take(name)]));
  checkPartNames([...entries.keys()]);
  const bundle = {
    parts: entries,
    manifest,
    manifestParts: parseManifest(manifest),
    signature,
    letterProof,
    later,
    disclosures,
  };
  // Entry order is part of the one spelling: the ledger's digest must be reproducible.
  const names = rest.map(([name]) => name);
  if (names.some((name, i) => i > 0 && name < names[i - 1]!))
    throw new DomainError('format-bundle', 'entries are not sorted by name');
  return bundle;
}

/** A required part. `readBundle` has made sure that it is there. Throws `format-bundle`. */
export function partOf(bundle: Bundle, name: PartName): Uint8Array {
  const bytes = bundle.parts.get(name);
  if (!bytes) throw new DomainError('format-bundle', `${name} is missing`);
  return bytes;
}

/** True when the bytes start like an ASiC-E container; says nothing about the rest. */
export function looksLikeBundle(bytes: Uint8Array): boolean {
  const name = bytes.subarray(30, 30 + MIMETYPE.length);
  const mime = bytes.subarray(38, 38 + BUNDLE_MIME.length);
  return (
    sameText(bytes.subarray(0, 4), 'PK\u0003\u0004') &&
    sameText(name, MIMETYPE) &&
    sameText(mime, BUNDLE_MIME)
  );
}

function assemble(
  content: {
    parts: ReadonlyMap<string, Uint8Array>;
    signature: Uint8Array;
    letterProof?: Uint8Array | null;
    later?: readonly Generation[];
    disclosures?: ReadonlyMap<string, Uint8Array>;
  },
  manifest: Uint8Array,
): Uint8Array {
  const entries: ZipEntry[] = [
    ...content.parts,
    [MANIFEST, manifest],
    [SEAL, content.signature],
    ...(content.letterProof ? [[LETTER_PROOF, content.letterProof] as const] : []),
    ...(content.disclosures ?? []),
    ...(content.later ?? []).flatMap(({ entries: added }) => [...added]),
  ];
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return writeZip([[MIMETYPE, utf8(BUNDLE_MIME)], ...entries]);
}

function checkPartNames(names: readonly string[]): void {
  const missing = Object.values(PART).find(
    (name) => !names.includes(name) && !OPTIONAL_PARTS.includes(name),
  );
  if (missing) throw new DomainError('format-bundle', `${missing} is missing`);
  const foreign = names.find((name) => !isPartName(name));
  if (foreign) throw new DomainError('format-bundle', `${foreign} has no place in a bundle`);
}

function sameText(bytes: Uint8Array, text: string): boolean {
  try {
    return fromUtf8(bytes) === text;
  } catch {
    return false;
  }
}
