import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** A page that pulled in a Node module would fail only in the browser: fail the build instead. */
export function refuseNodeModules(): Plugin {
  return {
    name: 'refuse-node-modules',
    enforce: 'pre',
    resolveId(source, importer) {
      if (isBuiltin(source)) this.error(`${importer ?? 'an entry'} imports ${source}`);
    },
  };
}

/** Lists every built file with its digest; the digest of web's list is what the ledger and scenes name. */
export function listBuild(folder: string): Plugin {
  return {
    name: 'list-build',
    closeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/^build\.json$|\.(?:br|gz)$/.test(entry.name))
        .map((entry) => {
          const path = relative(folder, join(entry.parentPath, entry.name));
          const digest = createHash('sha256')
            .update(readFileSync(join(folder, path)))
            .digest('hex');
          return { path, digest };
        })
        .sort((a, b) => (a.path < b.path ? -1 : 1));
      const list = { format: 'mandate-page-build/v1', files };
      writeFileSync(join(folder, 'build.json'), `${JSON.stringify(list)}\n`);
    },
  };
}

/** Nearly as small as the best, in a tenth of the time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Every text file compressed once, at build time; the server sends what the browser takes. */
export function compress(folder: string): Plugin {
  return {
    name: 'compress',
    closeBundle() {
      for (const name of readdirSync(folder)) {
        if (!/\.(?:m?js|css)$/.test(name)) continue;
        const bytes = readFileSync(join(folder, name));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, BROTLI));
      }
    },
  };
}

/** What every page build of ours has in common. */
export const BUILD = {
  emptyOutDir: true,
  assetsDir: '',
  assetsInlineLimit: 0,
  manifest: 'manifest.json',
  sourcemap: false,
  // Phones of older people: WebViews some years behind.
  target: ['chrome87', 'safari14', 'firefox91'],
  modulePreload: { polyfill: false },
};
