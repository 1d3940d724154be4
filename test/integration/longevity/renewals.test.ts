import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { renewalOf } from '@mandate/ceremony';
import { addSeconds, sha256Hex, toUtcSeconds, utf8 } from '@mandate/core';
import { parseEntry } from '@mandate/ledger';
import { readPdf, readSignatures } from '@mandate/pdf';
import { parseToken, SUNSETS } from '@mandate/pki';
import { exitCode, verifyFile } from '@mandate/verify';
import { makeAuthority } from '../../kit/authority.js';
import { START } from '../../kit/build-bundle.js';
import { makeArchive, YEAR } from '../../kit/letter-archive.js';

jest.setTimeout(60_000);

const DAY = 86_400_000;
const after = (days: number): Date => new Date(START.getTime() + days * DAY);

let archive: Awaited<ReturnType<typeof makeArchive>>;
beforeAll(async () => {
  archive = await makeArchive(makeAuthority());
  // Thirty years of renewals, each on the day it is due, each by a successor.
  while (archive.rows.at(-1)!.renewFrom < after(30 * YEAR)) {
    const { renewFrom, generation } = archive.rows.at(-1)!;
    archive.clock.at = addSeconds(renewFrom, -1);
    expect((await archive.renew()).generation).toBe(generation);
    archive.clock.at = renewFrom;
    archive.succeed(`Authority ${generation + 1}`, 6);
    expect((await archive.renew()).generation).toBe(generation + 1);
    expect((await archive.renew()).generation).toBe(generation + 1);
  }
}, 60_000);

test('a renewal when one was due, no more', () => {
  expect(archive.rows.length).toBeGreaterThan(5);
  expect(archive.stamps.asked).toBe(archive.rows.length - 1);
  for (const [i, row] of archive.rows.entries()) {
    expect(row.generation).toBe(i + 1);
    if (i > 0) expect(row.madeAt < archive.rows[i - 1]!.renewBy).toBe(true);
  }
});

test.each([1, YEAR, 10 * YEAR, 30 * YEAR])('after %d days', (days) => {
  const at = after(days);
  const newest = archive.rows.findLastIndex(({ madeAt }) => madeAt <= at);
  expect(archive.judge(archive.letters[newest]!, at)).toEqual(['TOTAL-PASSED', undefined, 'B-LTA']);
});

test('without renewal nothing proves it any more', () => {
  for (const years of [10, 30]) {
    const at = after(years * YEAR);
    expect(archive.judge(archive.letters[0]!, at)).toEqual(['INDETERMINATE', 'NO_POE', 'B-LT']);
    expect(archive.judge(archive.made.signedLetter, at)[1]).toBe('OUT_OF_BOUNDS_NO_POE');
  }
  // One renewal skipped in the middle is as bad as none.
  const [, second] = archive.rows;
  expect(archive.judge(archive.letters[1]!, addSeconds(second!.renewBy, 2))[1]).toBe('NO_POE');
});

test('a root that nobody trusts any more takes its stamps with it', () => {
  const found = verifyFile(archive.letters.at(-1)!, {
    anchors: makeAuthority().anchors,
    at: after(30 * YEAR),
  });
  expect(exitCode(found)).toBe(2);
  expect(found.facts.level).toBe('B-LT');
});

test('an algorithm that ends before the authority brings the renewal forward', () => {
  const stamp = readSignatures(readPdf(archive.letters[0]!)).find((it) => it.coversWholeFile)!;
  const token = parseToken(stamp.contents);
  const end = after(300);
  const sunsets = SUNSETS.map((row) => (row.family === 'ecdsa' ? { ...row, endsAt: end } : row));
  expect(renewalOf(token, sunsets, [])).toMatchObject({ renewBy: end });
  expect(renewalOf(token, sunsets, []).renewFrom > after(190)).toBe(true);
});

test('qpdf reads the oldest and the youngest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mandate-archive-'));
  try {
    for (const [i, letter] of [archive.letters[0]!, archive.letters.at(-1)!].entries()) {
      const file = join(folder, `${i}.pdf`);
      writeFileSync(file, letter);
      const said = execFileSync('qpdf', ['--check', file], { encoding: 'utf8' });
      expect(said).toContain('No syntax or stream encoding errors');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every renewal leaves its entry, each naming the letter it extends', () => {
  const { rows, letters, entries, made } = archive;
  expect(entries).toHaveLength(rows.length - 1);
  for (const [i, text] of entries.entries()) {
    expect(parseEntry(utf8(text))).toEqual({
      format: 'mandate-entry/v1',
      kind: 'renewal',
      at: toUtcSeconds(rows[i + 1]!.madeAt),
      serial: made.certificate.serial,
      generation: i + 2,
      letter: sha256Hex(letters[i + 1]!),
      previous: sha256Hex(letters[i]!),
    });
    expect(letters[i + 1]!.slice(0, letters[i]!.length)).toEqual(letters[i]);
  }
});
