import { readFileSync } from 'node:fs';
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
  const manifest = readJson<Record<string, { file: string }>>(file(`${PAGES}/manifest.json`));
  const style = file(`${PAGES}/${manifest?.['pages/styles/site.css']?.file}`);
  if (!style) return { reason: 'not-installed' };
  return { server, page, commit: list.commit, style: new TextDecoder().decode(style) };
}

function readJson<T>(bytes: Uint8Array | null): T | null {
  if (!bytes) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return null;
  }
}
