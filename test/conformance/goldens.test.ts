import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseReaderJwk } from '@mandate/core';
import { verifyFile } from '@mandate/verify';
import { loadAnchors } from '../../packages/cli/src/load-anchors.js';
import {
  expectedOf,
  GOLDEN,
  GOLDEN_DIGESTS,
  goldenFolders,
  goldenFiles,
  goldenSums,
  V1_GOLDENS,
} from '../kit/golden.js';

/** Evidence of every released format: what was issued once verifies for ever, and the files are what they were. */

const folders = goldenFolders();

test('there are goldens, and no file was changed, taken away or added without its digest', () => {
  expect(folders).toEqual(V1_GOLDENS.map((name) => `v1/${name}`));
  expect(goldenSums()).toBe(readFileSync(GOLDEN_DIGESTS, 'utf8'));
});

test('nothing in them says where they were made', () => {
  for (const name of goldenFiles()) {
    const text = readFileSync(join(GOLDEN, name), 'latin1');
    expect([
      name,
      /\/(?:work|home|root|tmp|Users)\/|localhost|127\.0\.0\.1/.exec(text)?.[0],
    ]).toEqual([name, undefined]);
  }
});

test.each(folders)('%s', (folder) => {
  const path = (file: string): string => join(GOLDEN, folder, file);
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(path(file)));
  const { anchors } = loadAnchors([path('trust')]);
  const { at, verdict, reader, artefacts } = expectedOf(folder);
  const all = {
    ...(verdict && { 'bundle.asice': { verdict } }),
    ...artefacts,
  } as typeof artefacts;
  expect(Object.keys(all)).not.toEqual([]);
  for (const [file, due] of Object.entries(all)) {
    const result = verifyFile(read(file), {
      ...{ anchors, at: new Date(due.at ?? at), beside: (due.with ?? []).map(read) },
      ...(reader && { readerKey: parseReaderJwk(JSON.parse(readFileSync(path(reader), 'utf8'))) }),
    });
    const open = result.findings
      .filter(({ status }) => status === 'failed' || status === 'indeterminate')
      .map(({ id, subIndication }) => `${id} ${subIndication}`);
    expect([file, result.verdict.indication, ...open]).toEqual([
      file,
      due.verdict,
      ...(due.verdict === 'TOTAL-PASSED' ? [] : open),
    ]);
    if (reader && file === 'bundle.asice')
      expect(result.facts.disclosures?.[0]?.values?.length).toBeGreaterThan(0);
  }
});
