import { isBuiltin } from 'node:module';
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

/** Builds the pages into `dist/assets`, served under `/assets/`; names carry the content's digest. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/assets/',
  publicDir: false,
  plugins: [refuseNodeModules()],
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
        verification: 'pages/verification.ts',
        site: 'pages/styles/site.css',
      },
    },
  },
});
