import { readAssets, readPageBuild, type Assets, type PageBuild } from '@mandate/pages';
import { fileURLToPath } from 'node:url';

/** Where the page build leaves its files, to be served under `/assets/`; the same from `src` and `dist`. */
export const ASSETS_FOLDER = fileURLToPath(new URL('../../dist/assets/', import.meta.url));

/** Null when the pages were not built, or not by the build that writes the list. */
export const loadPageBuild = (folder: string = ASSETS_FOLDER): PageBuild | null =>
  readPageBuild(folder);

/** Entries of the page build. */
export type PageEntry = 'signing' | 'first-call' | 'verification' | 'own' | 'inbox';

export type PageAssets = Assets<PageEntry>;

const SOURCES: Readonly<Record<PageEntry | 'style', string>> = {
  signing: 'pages/signing.ts',
  'first-call': 'pages/first-call.ts',
  verification: 'pages/verification.ts',
  own: 'pages/own.ts',
  inbox: 'pages/inbox.ts',
  style: 'pages/styles/site.css',
};

/** Reads the build's manifest once. Throws when the pages were not built. */
export const loadPageAssets = (folder: string = ASSETS_FOLDER): PageAssets =>
  readAssets(folder, '/assets/', SOURCES);
