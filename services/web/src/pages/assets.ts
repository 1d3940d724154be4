import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the page build leaves its files, to be served under `/assets/`; the same from `src` and `dist`. */
export const ASSETS_FOLDER = fileURLToPath(new URL('../../dist/assets/', import.meta.url));

/** Entries of the page build. */
export type PageEntry = 'signing' | 'verification';

/** Addresses of built files, each with its content's digest in the name. */
export interface PageAssets {
  readonly style: string;
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
  verification: 'pages/verification.ts',
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
    script: (entry) => address(SOURCES[entry]),
    preloads: (entry) => (chunk(SOURCES[entry]).imports ?? []).map(address),
  };
}
