import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { archiveLetter, renewalOf, type ArchiveDeps, type ArchiveRow } from '@mandate/ceremony';
import { addSeconds, encrypt, sha256Hex, systemRandom } from '@mandate/core';
import { readPdf, readSignatures } from '@mandate/pdf';
import { parseToken, SUNSETS } from '@mandate/pki';
import { exitCode, verifyFile, type TrustAnchors } from '@mandate/verify';
import { archivedLetter, makeStampAuthority, secondsAt } from '../../kit/archived-letter.js';
import { makeAuthority, type TestAuthority, type TestIdentity } from '../../kit/authority.js';
import { makeToken, START } from '../../kit/build-bundle.js';

jest.setTimeout(60_000);

const ID = 'aut_019a1111-2222-7333-8444-555566667777';
const DAY = 86_400_000;
const after = (days: number): Date => new Date(START.getTime() + days * DAY);
const YEAR = 365.25;

/** A letter and all that happens to it: one record, one clock, authorities that come and go. */
async function makeArchive(authority: TestAuthority) {
  const made = await archivedLetter(authority);
  const dataKey = systemRandom.bytes(32);
  const objects = new Map<string, Uint8Array>();
  const rows: ArchiveRow[] = [];
  const clock = { at: addSeconds(START, 300), now: () => clock.at };
  const stamps = { current: authority.stamp as TestIdentity, asked: 0 };
  const timestamp = [...authority.anchors.timestamp];
  const anchors = (): TrustAnchors => ({ ...authority.anchors, timestamp });

  const stamp = readSignatures(readPdf(made.archived)).find((it) => it.coversWholeFile)!;
  objects.set('first', encrypt(dataKey, made.archived, `archives/${ID}/1`, systemRandom));
  rows.push({
    authorizationId: ID,
    generation: 1,
    level: 'B-LTA',
    object: 'first',
    digest: sha256Hex(made.archived),
    madeAt: clock.at,
    ...renewalOf(parseToken(stamp.contents), SUNSETS, timestamp),
  });
  const letters = [made.archived];
  const deps = {
    clock,
    random: systemRandom,
    probe: () => undefined,
    sunsets: SUNSETS,
    wait: async () => undefined,
    anchors: async () => ({ ...anchors(), intermediates: [] }),
    authorityStatus: async () => ({ ocsps: [], crls: [] }),
    vault: { unwrap: async () => ({ dataKey }) },
    objects: {
      put: async (name: string, bytes: Uint8Array) => void objects.set(name, bytes),
      get: async (name: string) => objects.get(name)!,
    },
    record: {
      authorization: async () => ({ id: ID, state: 'released' }),
      newestArchive: async () => rows.at(-1)!,
      addArchive: async (row: ArchiveRow) => {
        rows.push(row);
        return true;
      },
    },
    tsa: {
      token: async ({ digest }: { digest: Uint8Array }) => {
        stamps.asked++;
        return makeToken(stamps.current, digest, secondsAt(clock.at));
      },
    },
    selfCheckArchive: (letter: Uint8Array, at: Date) => {
      const found = verifyFile(letter, { anchors: anchors(), at });
      if (exitCode(found) !== 0 || found.facts.level !== 'B-LTA')
        throw new Error(JSON.stringify(found.verdict));
      letters.push(letter);
    },
  } as unknown as ArchiveDeps;
  return {
    made,
    rows,
    letters,
    clock,
    stamps,
    renew: () => archiveLetter(deps, { authorizationId: ID }),
    /** The authority that stamps from now on, under a root of its own. */
    succeed: (name: string, years: number) => {
      const until = addSeconds(clock.at, years * YEAR * 86_400);
      const rootUntil = addSeconds(until, YEAR * 86_400);
      const { stamp: next, root } = makeStampAuthority(name, { from: clock.at, until, rootUntil });
      stamps.current = next;
      timestamp.push(root.der);
    },
    judge: (letter: Uint8Array, at: Date) => {
      const found = verifyFile(letter, { anchors: anchors(), at });
      return [found.verdict.indication, found.verdict.subIndication, found.facts.level];
    },
  };
}

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
