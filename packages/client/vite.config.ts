import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const FILE = 'mandate-widget.js';

/** Writes the digest for `integrity` beside the file, and says how big it is. */
function publishIntegrity(): Plugin {
  return {
    name: 'publish-integrity',
    generateBundle(_options, bundle) {
      const built = bundle[FILE];
      if (built?.type !== 'chunk') return this.error(`no ${FILE}`);
      const integrity = `sha384-${createHash('sha384').update(built.code).digest('base64')}`;
      const bytes = Buffer.byteLength(built.code);
      const source = `${JSON.stringify({ [FILE]: { integrity, bytes } }, null, 2)}\n`;
      this.emitFile({ type: 'asset', fileName: 'integrity.json', source });
      console.log(
        `${FILE}: ${bytes} bytes, ${gzipSync(built.code).length} compressed; ${integrity}`,
      );
    },
  };
}

/** Builds the script tag's widget: one file, no library, served as `/widget/v1/mandate-widget.js`. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [publishIntegrity()],
  build: {
    outDir: 'dist/loader',
    emptyOutDir: true,
    target: ['chrome87', 'safari14', 'firefox91'],
    lib: {
      entry: 'src/widget-loader.ts',
      formats: ['iife'],
      name: 'mandateWidget',
      fileName: () => FILE,
    },
  },
});
