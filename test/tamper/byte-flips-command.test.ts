import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { toPem } from '@mandate/evidence';
import { verifyFile } from '@mandate/verify';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER } from '../kit/build-bundle.js';
import { seeded } from '../kit/seeded.js';

/** 200 starts of the real command with FULL=1, a few in everyday runs. The workspace must be built. */
const FULL = process.env['FULL'] === '1' || process.env['TEST_FULL'] === '1';
const COUNT = FULL ? 200 : 6;
const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/mandate.js', import.meta.url));

test(
  'the command fails every letter with one bit changed under its signature',
  async () => {
    const { anchors, ...authority } = makeAuthority();
    const { signedLetter } = await buildBundle({ anchors, ...authority });
    const folder = mkdtempSync(join(tmpdir(), 'flips-'));
    for (const purpose of ['scene', 'timestamp'] as const) {
      mkdirSync(join(folder, 'trust', purpose), { recursive: true });
      const pem = toPem('CERTIFICATE', anchors[purpose][0]!);
      writeFileSync(join(folder, 'trust', purpose, 'root.pem'), pem);
    }
    const run = (bytes: Uint8Array): number | null => {
      writeFileSync(join(folder, 'letter.pdf'), bytes);
      const args = [COMMAND, 'verify', 'letter.pdf', '--trust', 'trust', '--at'];
      const { status } = spawnSync(process.execPath, [...args, LATER.toISOString()], {
        cwd: folder,
      });
      return status;
    };
    expect(run(signedLetter)).toBe(0);

    const { facts } = verifyFile(signedLetter, { anchors, at: LATER });
    const [, length, resume, rest] = facts.signature!.byteRange as number[];
    const random = seeded(20261122);
    for (let i = 0; i < COUNT; i++) {
      const nth = random(length! + rest!);
      const at = nth < length! ? nth : resume! + nth - length!;
      const copy = signedLetter.slice();
      copy[at]! ^= 1 << random(8);
      expect([at, [1, 3].includes(run(copy)!)]).toEqual([at, true]);
    }
  },
  FULL ? 600_000 : 60_000,
);
