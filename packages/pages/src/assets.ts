import { canonicalize, kindDigestHex } from '@mandate/core';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a page build consists of; web's is published in the ledger and named by scenes. */
export interface PageBuild {
  /** `kindDigest('page-build', list)`, hex. */
  readonly digest: string;
  /** Canonical JSON of the list of files. */
  readonly list: string;
}

/** Null when the pages were not built, or not by the build that writes the list. */
export function readPageBuild(folder: string): PageBuild | null {
  const file = join(folder, 'build.json');
  if (!existsSync(file)) return null;
  const list = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  return { digest: kindDigestHex('page-build', list), list: canonicalize(list) };
}

/** Addresses of built files, each with its content's digest in the name. `Entry`: the build's scripts. */
export interface Assets<Entry extends string> {
  readonly style: string;
  /** Digest of the build, hex; the page hands it back with what it showed. */
  readonly build: string | null;
  script(entry: Entry): string;
  /** Modules the entry imports at once; preloaded to save a round trip. */
  preloads(entry: Entry): readonly string[];
}

interface ManifestChunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

/**
 * Reads a build's manifest once. `base`: where its files are served, with both slashes; `sources`: the source of each
 * entry and of the style, as the manifest names them. Throws when the pages were not built.
 */
export function readAssets<Entry extends string>(
  folder: string,
  base: string,
  sources: Readonly<Record<Entry | 'style', string>>,
): Assets<Entry> {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<
    string,
    ManifestChunk | undefined
  >;
  const chunk = (key: string): ManifestChunk => {
    const found = manifest[key];
    if (!found) throw new Error(`the page build has no ${key}`);
    return found;
  };
  const address = (key: string): string => base + chunk(key).file;
  return {
    style: address(sources.style),
    build: readPageBuild(folder)?.digest ?? null,
    script: (entry) => address(sources[entry]),
    preloads: (entry) => (chunk(sources[entry]).imports ?? []).map(address),
  };
}
