import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** A page that pulled in a Node module would fail only in the browser: fail the build instead. */
function refuseNodeModules(): Plugin {
  return {
    name: 'refuse-node-modules',
    enforce: 'pre',
    resolveId(source, importer) {
      if (isBuiltin(source)) this.error(`${importer ?? 'an entry'} imports ${source}`);
    },
  };
}

/** Lists every built file with its digest; the digest of the list is what the ledger and scenes name. */
function listBuild(folder: string): Plugin {
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
function compress(folder: string): Plugin {
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

/** What a phone fetches before the first step can be used, compressed: at most this many bytes. */
const FIRST_VIEW_BYTES = 100_000;

/** Prints the size of the first view (entry, what it imports at once, style) and refuses a larger one. */
function boundFirstView(folder: string): Plugin {
  return {
    name: 'bound-first-view',
    closeBundle() {
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<
        string,
        { file: string; imports?: string[] }
      >;
      const files = new Set<string>();
      const add = (key: string): void => {
        const { file, imports = [] } = manifest[key]!;
        if (files.has(file)) return;
        files.add(file);
        imports.forEach(add);
      };
      ['pages/signing.ts', 'pages/first-call.ts', 'pages/styles/site.css'].forEach(add);
      const sizes = [...files].map((file) => gzipSync(readFileSync(join(folder, file))).length);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      this.info(`first view of the signing page: ${files.size} files, ${total} bytes compressed`);
      if (total > FIRST_VIEW_BYTES) this.error(`that is more than ${FIRST_VIEW_BYTES}`);
    },
  };
}

const FOLDER = join(import.meta.dirname, 'dist/assets');

/** Builds the pages into `dist/assets`, served under `/assets/`; names carry the content's digest. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/assets/',
  publicDir: false,
  plugins: [refuseNodeModules(), listBuild(FOLDER), boundFirstView(FOLDER), compress(FOLDER)],
  build: {
    outDir: 'dist/assets',
    emptyOutDir: true,
    assetsDir: '',
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    sourcemap: false,
    // Phones of older people: WebViews some years behind.
    target: ['chrome87', 'safari14', 'firefox91'],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        signing: 'pages/signing.ts',
        'first-call': 'pages/first-call.ts',
        verification: 'pages/verification.ts',
        own: 'pages/own.ts',
        inbox: 'pages/inbox.ts',
        site: 'pages/styles/site.css',
      },
    },
  },
});
