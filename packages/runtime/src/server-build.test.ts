import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { kindDigestHex } from '@mandate/core';
import { loadServerBuild } from './server-build.js';

const folder = mkdtempSync(join(tmpdir(), 'server-build-'));
const list = {
  format: 'mandate-server-build/v1',
  commit: 'unknown',
  lockfile: 'ab'.repeat(32),
  page: null,
  files: [{ path: 'services/all/dist/main.js', digest: 'cd'.repeat(32) }],
};

test('no list, no build; anything else that cannot be read is a fault', () => {
  expect(loadServerBuild(join(folder, 'none.json'))).toBeNull();
  writeFileSync(join(folder, 'broken.json'), '{');
  expect(() => loadServerBuild(join(folder, 'broken.json'))).toThrow(SyntaxError);
});

test('its digest is that of the list of its files', () => {
  writeFileSync(join(folder, 'build.json'), `${JSON.stringify(list)}\n`);
  expect(loadServerBuild(join(folder, 'build.json'))).toMatchObject({
    digest: kindDigestHex('server-build', list),
    commit: 'unknown',
    lockfile: list.lockfile,
    page: null,
  });
});
