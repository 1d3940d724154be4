import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalize, kindDigestHex, type ServerBuild } from '@mandate/core';

/** Written by the build, at the root of the installation. */
export const SERVER_BUILD_FILE = join(import.meta.dirname, '../../../dist/server-build.json');

/** What the build wrote of itself. */
interface BuildList {
  readonly format: 'mandate-server-build/v1';
  readonly commit: string;
  readonly lockfile: string;
  /** Digest of the page build made with it; null: none was. */
  readonly page: string | null;
  readonly files: readonly { readonly path: string; readonly digest: string }[];
}

/** The build with its list of files, canonical JSON. */
export interface ListedBuild extends ServerBuild {
  readonly list: string;
}

/** Null when nothing was built by `npm run build`: then bundles name no build. */
export function loadServerBuild(file = SERVER_BUILD_FILE): ListedBuild | null {
  let list: BuildList;
  try {
    list = JSON.parse(readFileSync(file, 'utf8')) as BuildList;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
  const { commit, lockfile, page } = list;
  const digest = kindDigestHex('server-build', list);
  return { digest, commit, lockfile, page, list: canonicalize(list) };
}
