import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Indication } from '@mandate/verify';
import { loadAnchors } from '../../../packages/cli/src/load-anchors.js';
import type { BundleCase } from './bundle-case.js';

const FOLDER = fileURLToPath(new URL('../../golden', import.meta.url));

/**
 * Bundles kept for ever: each folder at any depth of test/golden with `bundle.asice`, the anchors in `trust`, and
 * `expected.json` of `{ "at": moment, "verdict": indication }`. None as long as the format is a draft.
 */
export function goldenCases(folder = FOLDER): BundleCase[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?:^|[\\/])bundle\.asice$/.test(name))
    .sort()
    .map((name) => {
      const beside = (file: string): string => join(folder, name, '..', file);
      const expected = JSON.parse(readFileSync(beside('expected.json'), 'utf8')) as {
        readonly at: string;
        readonly verdict: Indication;
      };
      return {
        name: `golden: ${name}`,
        make: async () => new Uint8Array(readFileSync(join(folder, name))),
        anchors: loadAnchors([beside('trust')]).anchors,
        at: new Date(expected.at),
        verdict: expected.verdict,
      };
    });
}
