import { join } from 'node:path';
import { defineConfig } from 'vite';
import {
  BUILD,
  compress,
  listBuild,
  refuseNodeModules,
} from '../../packages/pages/vite/plugins.js';

const FOLDER = join(import.meta.dirname, 'dist/assets');

/** Builds the desk's pages into `dist/assets`, served under `/desk/assets/`. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/desk/assets/',
  publicDir: false,
  plugins: [refuseNodeModules(), listBuild(FOLDER), compress(FOLDER)],
  build: {
    ...BUILD,
    outDir: 'dist/assets',
    rolldownOptions: {
      input: { desk: 'pages/desk.ts', style: 'pages/styles/desk.css' },
    },
  },
});
