import { canonicalize, kindDigestHex } from '@mandate/core';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the page build leaves its files, to be served under `/assets/`; the same from `src` and `dist`. */
export const ASSETS_FOLDER = fileURLToPath(new URL('../../dist/assets/', import.meta.url));

/** What the build consists of; its digest is published in the ledger and named by scenes. */
export interface PageBuild {
  /** `kindDigest('page-build', list)`, hex. */
  readonly digest: string;
  /** Canonical JSON of the list of files. */
  readonly list: string;
}

/** Null when the pages were not built, or not by the build that writes the list. */
export function loadPageBuild(folder: string = ASSETS_FOLDER): PageBuild | null {
  const file = join(folder, 'build.json');
  if (!existsSync(file)) return null;
  const list = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  return { digest: kindDigestHex('page-build', list), list: canonicalize(list) };
}

/** Entries of the page build. */
export type PageEntry = 'signing' | 'first-call' | 'verification' | 'own' | 'inbox';

/** Addresses of built files, each with its content's digest in the name. */
export interface PageAssets {
  readonly style: string;
  /** Digest of the build, hex; the page hands it back with what it showed. */
  readonly build: string | null;
  script(entry: PageEntry): string;
  /** Modules the entry imports at once; preloaded to save a round trip. */
  preloads(entry: PageEntry): readonly string[];
}

interface ManifestChunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

const SOURCES: Readonly<Record<PageEntry | 'style', string>> = {
  signing: 'pages/signing.ts',
  'first-call': 'pages/first-call.ts',
  verification: 'pages/verification.ts',
  own: 'pages/own.ts',
  inbox: 'pages/inbox.ts',
  style: 'pages/styles/site.css',
};

/** Reads the build's manifest once. Throws when the pages were not built. */
export function loadPageAssets(folder: string = ASSETS_FOLDER): PageAssets {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<
    string,
    ManifestChunk | undefined
  >;
  const chunk = (key: string): ManifestChunk => {
    const found = manifest[key];
    if (!found) throw new Error(`the page build has no ${key}`);
    return found;
  };
  const address = (key: string): string => `/assets/${chunk(key).file}`;
  return {
    style: address(SOURCES.style),
    build: loadPageBuild(folder)?.digest ?? null,
    script: (entry) => address(SOURCES[entry]),
    preloads: (entry) => (chunk(SOURCES[entry]).imports ?? []).map(address),
  };
}
