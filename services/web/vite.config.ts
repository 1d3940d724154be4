import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import {
  BUILD,
  compress,
  listBuild,
  refuseNodeModules,
} from '../../packages/pages/vite/plugins.js';

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
    ...BUILD,
    outDir: 'dist/assets',
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
