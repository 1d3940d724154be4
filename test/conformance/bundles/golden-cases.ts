import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReaderJwk } from '@mandate/core';
import { loadAnchors } from '../../../packages/cli/src/load-anchors.js';
import { expectedOf, GOLDEN, goldenFolders } from '../../kit/golden.js';
import type { BundleCase } from './bundle-case.js';

/** Bundles kept for ever (`test/golden`), each with the anchors beside it. */
export function goldenCases(): BundleCase[] {
  return goldenFolders()
    .map((folder) => ({ folder, path: (file: string) => join(GOLDEN, folder, file) }))
    .filter(({ path }) => existsSync(path('bundle.asice')))
    .map(({ folder, path }): BundleCase => {
      const { at, verdict, reader } = expectedOf(folder);
      return {
        name: `golden: ${folder}`,
        make: async () => new Uint8Array(readFileSync(path('bundle.asice'))),
        anchors: loadAnchors([path('trust')]).anchors,
        at: new Date(at),
        verdict: verdict!,
        ...(reader && {
          reader: parseReaderJwk(JSON.parse(readFileSync(path(reader), 'utf8'))),
        }),
      };
    });
}
