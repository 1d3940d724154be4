import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addSeconds } from '@mandate/core';
import {
  changePage,
  makeStampAuthority,
  secondsAt,
  stampLetter,
  withMaterial,
} from '../kit/archived-letter.js';
import { makeAuthority } from '../kit/authority.js';
import { START } from '../kit/build-bundle.js';
import { makeArchive, YEAR } from '../kit/letter-archive.js';
import { missingForPyHanko, validateLetter, type LongTermValidation } from './python-oracle.js';

/**
 * Our archived letters in front of pyHanko, years later and with its clock stopped there. A letter passes
 * when long-term validation (ETSI EN 319 102-1 §5.6.3) and the difference analysis are both content; the
 * first alone can be while the second complains.
 */
const DAY = 86_400;
const SAME_DAY = addSeconds(START, 3600);
const NEXT_DAY = addSeconds(START, DAY);
/** Half a year before the first authority ends; the one that renews has six years. */
const RENEWED = new Date('2030-07-05T00:00:00Z');
const TWO_YEARS_ON = addSeconds(RENEWED, 2 * YEAR * DAY);
const EIGHT_YEARS_ON = addSeconds(RENEWED, 8 * YEAR * DAY);

function suite(): void {
  const folder = mkdtempSync(join(tmpdir(), 'mandate-pyhanko-'));
  const save = (name: string, bytes: Uint8Array): string => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
  const changed = (letter: Uint8Array, at: number): Uint8Array => {
    const copy = letter.slice();
    copy[at]! ^= 1;
    return copy;
  };
  let stampRoots: string[];

  beforeAll(async () => {
    const authority = makeAuthority();
    const archive = await makeArchive(authority);
    const { archived, complete, signedLetter } = archive.made;
    for (const name of ['Second', 'Third']) {
      archive.clock.at = archive.rows.at(-1)!.renewFrom;
      archive.succeed(name, 6);
      await archive.renew();
    }
    const [, renewed, renewedTwice] = archive.letters;
    expect(archive.rows[1]!.madeAt).toEqual(RENEWED);

    // The job came when the signer's certificate had ended.
    const late = stampLetter(complete, authority.stamp, 2 * 3600);
    const until = addSeconds(RENEWED, 6 * YEAR * DAY);
    const next = makeStampAuthority('Next', { from: RENEWED, until, rootUntil: until });
    const material = { certificates: [next.root.der], ocsps: [], crls: [next.list] };
    // The last byte of a certificate that nobody needs the store for.
    const { der } = authority.stampRoot.certificate;
    const inStore = Buffer.from(archived).lastIndexOf(der) + der.length - 1;
    const files = {
      signed: signedLetter,
      complete,
      archived,
      renewed: renewed!,
      'renewed twice': renewedTwice!,
      late,
      'late and renewed': stampLetter(withMaterial(late, material), next.stamp, secondsAt(RENEWED)),
      'a bit of the letter changed': changed(archived, 2000),
      'a bit of the store changed': changed(archived, inStore),
      'a page changed': changePage(archived),
      'a page changed after renewal': changePage(renewed!),
      root: authority.root.certificate.der,
      'another root': authority.stampRoot.certificate.der,
    };
    for (const [name, bytes] of Object.entries(files)) save(name, bytes);
    stampRoots = [...archive.anchors().timestamp, next.root.der].map((root, i) =>
      save(`stamp root ${i}`, root),
    );
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const judge = (letter: string, at: Date, root = 'root') =>
    validateLetter(join(folder, letter), at, join(folder, root), stampRoots);
  const STAMPED = '2026-11-21T09:03:40Z';

  test.each<[letter: string, at: Date, updates: number, evidence: string]>([
    ['archived', SAME_DAY, 1, STAMPED],
    ['archived', NEXT_DAY, 1, STAMPED],
    ['archived', addSeconds(START, 2 * YEAR * DAY), 1, STAMPED],
    ['renewed', addSeconds(RENEWED, DAY), 2, STAMPED],
    ['renewed', TWO_YEARS_ON, 2, STAMPED],
    ['renewed twice', EIGHT_YEARS_ON, 3, STAMPED],
    ['late', NEXT_DAY, 1, '2026-11-21T11:00:00Z'],
  ])('%s, on %s: passed', (letter, at, updates, evidence) => {
    expect(judge(letter, at)).toEqual({
      indication: 'OK',
      intact: true,
      evidence,
      changes: [...Array<string>(updates).fill('LTA_UPDATES'), 'NONE'],
      passed: true,
    });
  });

  const NO_POE = { indication: 'OUT_OF_BOUNDS_NO_POE', intact: true, evidence: null };
  test.each<[letter: string, at: Date, said: Partial<LongTermValidation>]>([
    // nothing proves any more when the newest authority has ended
    ['complete', TWO_YEARS_ON, NO_POE],
    ['archived', TWO_YEARS_ON, NO_POE],
    ['renewed', EIGHT_YEARS_ON, NO_POE],
    // without the store nobody knows of the authorities' status, without the stamp nothing is evidence
    ['signed', SAME_DAY, { indication: 'CERTIFICATE_CHAIN_GENERAL_FAILURE', intact: true }],
    ['complete', SAME_DAY, { indication: 'OK', evidence: null }],
    ['a bit of the letter changed', SAME_DAY, { indication: 'HASH_FAILURE', intact: false }],
    ['a bit of the letter changed', TWO_YEARS_ON, { indication: 'HASH_FAILURE', intact: false }],
    // the signature timestamp still holds, the document timestamp proves nothing
    ['a bit of the store changed', SAME_DAY, { indication: 'OK', evidence: null }],
    // long-term validation is content, and only the difference analysis complains
    ['a page changed', SAME_DAY, { indication: 'OK', changes: ['OTHER', 'OTHER'] }],
    [
      'a page changed after renewal',
      TWO_YEARS_ON,
      { indication: 'OK', changes: ['OTHER', 'OTHER', 'OTHER'] },
    ],
    // It takes no proof from a signature timestamp whose authority has ended (§5.6.3.4 step 5); ours does.
    ['late and renewed', TWO_YEARS_ON, { indication: 'OUT_OF_BOUNDS_NO_POE', intact: true }],
  ])('%s, on %s: not passed', (letter, at, said) => {
    expect(judge(letter, at)).toMatchObject({ ...said, passed: false });
  });

  test('another root', () => {
    expect(judge('archived', SAME_DAY, 'another root')).toMatchObject({
      indication: 'NO_CERTIFICATE_CHAIN_FOUND',
      passed: false,
    });
  });
}

const missing = missingForPyHanko();
if (missing) test.todo(`not run: ${missing}`);
else describe('pyHanko', suite);
