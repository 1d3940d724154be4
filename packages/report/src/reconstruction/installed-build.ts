import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { kindDigestHex, sha256Hex } from '@mandate/core';

/** Of the pages, in an installation. */
const PAGES = 'services/web/dist/assets';
/** What the build wrote of itself, at the root of an installation. */
const LIST = 'dist/server-build.json';

export interface InstalledBuild {
  /** Digest of the server build, hex. */
  readonly server: string;
  /** Digest of the page build made with it, hex. */
  readonly page: string;
  readonly commit: string;
  /** Text of the pages' style sheet. */
  readonly style: string;
}

export type BuildRefusal =
  /** The folder holds no listed build. */
  | { readonly reason: 'not-installed' }
  | { readonly reason: 'other-build'; readonly wanted: string; readonly found: string }
  /** A file is not what the build's list says. */
  | { readonly reason: 'changed-file'; readonly file: string };

interface FileList {
  readonly files: readonly { readonly path: string; readonly digest: string }[];
}

/** Module by which a build draws its own pages again. */
export const DRAWING = 'services/web/dist/pages/reconstruction.js';
/** Where the build's modules find each other. */
const MODULES = 'node_modules/@mandate';

/**
 * The installation in a folder, if it is the build with these digests, to the last listed file: nothing of it may be
 * run or shown before that is known.
 */
export function readInstalledBuild(
  folder: string,
  wanted: { readonly server: string; readonly page: string },
): InstalledBuild | BuildRefusal {
  const file = (path: string): Uint8Array | null => {
    try {
      return readFileSync(join(folder, path));
    } catch {
      return null;
    }
  };
  const list = readJson<FileList & { commit: string; page: string | null }>(file(LIST));
  const pages = readJson<FileList>(file(`${PAGES}/build.json`));
  if (!list || !pages) return { reason: 'not-installed' };
  const server = kindDigestHex('server-build', list);
  if (server !== wanted.server)
    return { reason: 'other-build', wanted: wanted.server, found: server };
  const page = kindDigestHex('page-build', pages);
  if (page !== wanted.page || list.page !== page)
    return { reason: 'other-build', wanted: wanted.page, found: page };
  const listed = [
    ...list.files,
    ...pages.files.map(({ path, digest }) => ({ path: `${PAGES}/${path}`, digest })),
  ];
  for (const { path, digest } of listed) {
    const bytes = file(path);
    if (!bytes || sha256Hex(bytes) !== digest) return { reason: 'changed-file', file: path };
  }
  // What is loaded must be of the list: the drawing itself, and each package that it can ask for by name.
  if (!list.files.some(({ path }) => path === DRAWING)) return { reason: 'not-installed' };
  const foreign = foreignModule(folder, list.files);
  if (foreign) return { reason: 'changed-file', file: foreign };
  const manifest = readJson<Record<string, { file: string }>>(file(`${PAGES}/manifest.json`));
  const style = file(`${PAGES}/${manifest?.['pages/styles/site.css']?.file}`);
  if (!style) return { reason: 'not-installed' };
  return { server, page, commit: list.commit, style: new TextDecoder().decode(style) };
}

/**
 * A package of the build's list that would be loaded from elsewhere than the files that were compared, or whose entry
 * points lie beside them; null: none.
 */
function foreignModule(folder: string, files: FileList['files']): string | null {
  const names = new Set(
    files.flatMap(({ path }) => /^packages\/([^/]+)\/dist\//.exec(path)?.[1] ?? []),
  );
  const root = realpathSync(folder);
  for (const name of names) {
    const [own, linked] = [join(root, 'packages', name), join(root, MODULES, name)];
    const settings = join(own, 'package.json');
    if (!existsSync(linked) || realpathSync(linked) !== own || !existsSync(settings))
      return `${MODULES}/${name}`;
    const { exports, main } = readJson<Record<string, unknown>>(readFileSync(settings)) ?? {};
    if (!entriesOf([exports, main]).every((it) => /^\.\/dist\/[\w/.-]+\.(js|d\.ts)$/.test(it)))
      return `packages/${name}/package.json`;
  }
  // Nearer ones would be taken first.
  const near = ['services/web', ...[...names].map((name) => `packages/${name}`)].map(
    (own) => `${own}/${MODULES}`,
  );
  return near.find((it) => existsSync(join(root, it))) ?? null;
}

/** Without patterns: those lead to styles and sources of pages, for which no listed module asks here. */
const entriesOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : Object.entries((value ?? {}) as Record<string, unknown>).flatMap(([name, inner]) =>
        name.includes('*') ? [] : entriesOf(inner),
      );

function readJson<T>(bytes: Uint8Array | null): T | null {
  if (!bytes) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return null;
  }
}
