import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { openObjects } from '@mandate/adapters';
import { objectsContract } from './objects-contract.js';

const root = mkdtempSync(join(tmpdir(), 'mandate-objects-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

objectsContract('file:', async () => {
  const url = `file:${join(mkdtempSync(join(root, 'o-')), 'new', 'folder')}`;
  return { open: () => openObjects(url) };
});

test('file: leaves no temporary files and keeps objects to their owner and group', async () => {
  const folder = join(mkdtempSync(join(root, 'o-')), 'with space');
  const objects = await openObjects(pathToFileURL(folder).href);
  await objects.put('a', Uint8Array.of(1));
  await objects.put('a', Uint8Array.of(1));
  await objects.put('a', Uint8Array.of(2)).catch(() => {});
  expect(readdirSync(folder)).toEqual(['a']);
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o640);
});

test.each(['s3://bucket', 'http://x', '/plain/path', ''])(
  'the URL %j is config-invalid',
  async (url) => {
    await expect(openObjects(url)).rejects.toMatchObject({ code: 'config-invalid' });
  },
);

test('file: a file where the folder should be is config-invalid', async () => {
  const path = join(root, 'taken');
  writeFileSync(path, '');
  await expect(openObjects(`file:${path}/sub`)).rejects.toMatchObject({ code: 'config-invalid' });
  expect(existsSync(`${path}/sub`)).toBe(false);
});

test('file: a disk that fails is objects-unavailable, not a missing object', async () => {
  const folder = join(mkdtempSync(join(root, 'o-')), 'failing');
  const objects = await openObjects(`file:${folder}`);
  // A name in a circle: the system refuses to read it, whoever asks.
  symlinkSync('circle', join(folder, 'circle'));
  await expect(objects.get('circle')).rejects.toMatchObject({ code: 'objects-unavailable' });
  await expect(objects.put('circle/below', Uint8Array.of(1))).rejects.toMatchObject({
    code: 'objects-unavailable',
  });
});
