import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Indication } from '@mandate/verify';

/** Evidence of every released format, kept for ever: never edited, never deleted, verified on every run. */
export const GOLDEN = fileURLToPath(new URL('../golden', import.meta.url));
/** `digest  path` a line, sorted by path: what each file was when it was added. */
export const GOLDEN_DIGESTS = join(GOLDEN, 'SHA256SUMS');

/** Folders of v1. What is made of them is in `make-goldens` and `make-product-golden`. */
export const V1_GOLDENS = [
  'checkpoint',
  'disclosed',
  'english',
  'plain',
  'product',
  'receipts',
  'renewed',
  'report',
  'strong',
] as const;

/** `expected.json` of a folder; the anchors stand beside it in `trust`. */
export interface Expected {
  /** Moment to judge for, RFC 3339. */
  readonly at: string;
  /** Of `bundle.asice`, where there is one. */
  readonly verdict?: Indication;
  /** Of that bundle: file with the private key of whom something is disclosed to. */
  readonly reader?: string;
  readonly artefacts: Readonly<Record<string, ExpectedArtefact>>;
}

/** What is said of one file. */
export interface ExpectedArtefact {
  readonly verdict: Indication;
  /** Default: the folder's. */
  readonly at?: string;
  /** Files given with it. */
  readonly with?: readonly string[];
}

/** Folders that hold an `expected.json`, by their path below test/golden, sorted. */
export const goldenFolders = (): string[] =>
  goldenFiles()
    .filter((name) => name.endsWith('/expected.json'))
    .map((name) => name.slice(0, -'/expected.json'.length));

export const expectedOf = (folder: string): Expected =>
  JSON.parse(readFileSync(join(GOLDEN, folder, 'expected.json'), 'utf8')) as Expected;

/** Every file of every format but the list of digests, sorted, with `/` between folders. */
export const goldenFiles = (): string[] =>
  existsSync(GOLDEN)
    ? readdirSync(GOLDEN, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(GOLDEN.length + 1))
        .map((name) => name.replaceAll('\\', '/'))
        .filter((name) => name !== 'SHA256SUMS')
        .sort()
    : [];

export const goldenDigest = (name: string): string =>
  createHash('sha256')
    .update(readFileSync(join(GOLDEN, name)))
    .digest('hex');

/** The list of digests as it has to stand for the files there are. */
export const goldenSums = (): string =>
  goldenFiles()
    .map((name) => `${goldenDigest(name)}  ${name}\n`)
    .join('');
