import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { renewalOf } from '@mandate/ceremony';
import { runCommand } from '@mandate/cli';
import { addSeconds } from '@mandate/core';
import { readPdf, readSignatures } from '@mandate/pdf';
import {
  assembleCrl,
  crlTbs,
  parseTimestampRequest,
  parseToken,
  SUNSETS,
  timestampResponse,
  type Token,
} from '@mandate/pki';
import {
  archiveReport,
  renderReport,
  sealedReport,
  sealReport,
  verifyAndReport,
} from '@mandate/report';
import { exitCode, verifyFile, type TrustAnchors } from '@mandate/verify';
import { emptyList, makeStampAuthority, secondsAt } from '../../kit/archived-letter.js';
import { makeAuthority, type TestIdentity } from '../../kit/authority.js';
import { buildBundle, LATER, makeToken, START } from '../../kit/build-bundle.js';
import { YEAR } from '../../kit/letter-archive.js';
import { reportAuthority } from '../../kit/report-authority.js';
import { sealDigest } from '../../kit/seal-digest.js';
import { startHttpPeer, type HttpPeer } from '../../contract/http-peer.js';

/** A sealed report in the years: as it was handed out, and as whoever holds it renews it by the command when due. */

const DAY = 86_400_000;
const after = (days: number): Date => new Date(START.getTime() + days * DAY);
const authority = makeAuthority();
const timestamp = [...authority.anchors.timestamp];
const crls = [
  emptyList(authority.root, authority.ca),
  emptyList(authority.stampRoot, authority.stamp),
];
const anchors = (): TrustAnchors => ({ ...authority.anchors, timestamp });

let plain: Uint8Array;
/** Signed by the subject: a PDF, no report. */
let letter: Uint8Array;
/** Generations of the report with the moment each was made at. */
const generations: { at: Date; report: Uint8Array }[] = [];

const newestToken = (report: Uint8Array): Token =>
  parseToken(readSignatures(readPdf(report)).find((it) => it.coversWholeFile)!.contents);

const folder = mkdtempSync(join(tmpdir(), 'mandate-reports-'));
const path = (name: string): string => join(folder, name);
let authorities: HttpPeer;
/** Who stamps, and by which clock; null: nobody answers. */
let stamping: {
  readonly stamp: TestIdentity;
  readonly at: Date;
  readonly nonce?: Uint8Array;
} | null;

/** `mandate report renew` at that moment. */
async function renew(at: Date, file: string, out: string, ...more: string[]): Promise<number> {
  const url = `http://127.0.0.1:${authorities.port}/`;
  const args = ['renew', file, '--timestamp', url, '--trust', path('trust'), '--out', out, ...more];
  return runCommand(['report', ...args], {
    ...{ out: () => {}, err: () => {} },
    clock: { now: () => at },
  });
}

afterAll(async () => {
  await authorities.close();
  rmSync(folder, { recursive: true });
});

beforeAll(async () => {
  for (const purpose of ['scene', 'seal', 'timestamp'] as const) {
    mkdirSync(path(`trust/${purpose}`), { recursive: true });
    writeFileSync(path(`trust/${purpose}/1.crt`), authority.anchors[purpose][0]!);
  }
  authorities = await startHttpPeer();
  authorities.answer = ({ body }, response) => {
    response.setHeader('content-type', 'application/timestamp-reply');
    if (!stamping) return response.writeHead(503).end();
    const { imprint, nonce } = parseTimestampRequest(body);
    const { token } = makeToken(stamping.stamp, imprint.digest, secondsAt(stamping.at), {
      nonce: stamping.nonce ?? nonce!,
    });
    response.end(timestampResponse({ token }));
  };
  const { bundle, signedLetter } = await buildBundle(authority);
  letter = signedLetter;
  const content = verifyAndReport({
    bundle,
    anchors: authority.anchors,
    at: LATER,
    reportId: 'rep_019a1111-2222-7333-8444-555566667777',
    publicUrl: 'https://mandate.test',
    tools: {},
  });
  plain = await sealReport(await renderReport(content, 'en'), {
    date: LATER,
    seal: async (digest) => sealDigest(digest, authority.reportSeal, authority),
  });
  const first = await sealedReport(content, 'en', reportAuthority(authority));
  generations.push({ at: addSeconds(LATER, 200), report: first });
  // Ten years, each renewal on the day it is due, each by a successor under a root of its own.
  for (;;) {
    const { report } = generations.at(-1)!;
    const { renewFrom } = renewalOf(newestToken(report), SUNSETS, timestamp);
    if (renewFrom > after(10 * YEAR)) break;
    const until = addSeconds(renewFrom, 4 * YEAR * 86_400);
    const life = { from: renewFrom, until, rootUntil: addSeconds(until, YEAR * 86_400) };
    const successor = makeStampAuthority(`Authority ${generations.length + 1}`, life);
    timestamp.push(successor.root.der);
    crls.push(successor.list);
    const n = generations.length;
    writeFileSync(path(`trust/timestamp/${n + 1}.crt`), successor.root.der);
    writeFileSync(path(`${n}.pdf`), report);
    const lists = crls.flatMap((list, i) => {
      writeFileSync(path(`${i}.crl`), list);
      return ['--crl', path(`${i}.crl`)];
    });
    stamping = { stamp: successor.stamp, at: renewFrom };
    expect(await renew(renewFrom, path(`${n}.pdf`), path(`renewed-${n}.pdf`), ...lists)).toBe(0);
    generations.push({ at: renewFrom, report: readFileSync(path(`renewed-${n}.pdf`)) });
  }
}, 120_000);

const judge = (report: Uint8Array, at: Date) => {
  const found = verifyFile(report, { anchors: anchors(), at });
  const seal = found.signatures?.find(({ field }) => field === 'MandateSeal');
  return [exitCode(found), found.verdict.indication, seal?.level];
};

test.each([1, YEAR, 10 * YEAR])(
  'after %d days the report, renewed when due, is a sealed report',
  (days) => {
    const at = after(days);
    const { report } = generations.findLast((it) => it.at <= at)!;
    expect(judge(report, at)).toEqual([0, 'TOTAL-PASSED', 'B-LTA']);
  },
);

test('revocation that the archive holds is applied to the seal', async () => {
  const { root, reportSeal, stampRoot, stamp } = authority;
  const strict = (report: Uint8Array, at: Date) => {
    const { verdict, signatures } = verifyFile(report, {
      ...{ anchors: anchors(), at, requireRevocation: true },
    });
    const seal = signatures?.find(({ field }) => field === 'MandateSeal');
    return [verdict.indication, seal?.faults[0]?.subIndication];
  };
  const list = (thisUpdate: Date, revokedAt?: Date): Uint8Array => {
    const tbs = crlTbs({
      issuer: root.certificate.subjectDer,
      ...{ thisUpdate, nextUpdate: reportSeal.certificate.notAfter, number: 2 },
      entries: revokedAt
        ? [{ serial: Buffer.from(reportSeal.certificate.serial, 'hex'), at: revokedAt }]
        : [],
      authorityKeyId: root.certificate.subjectKeyId!,
      suite: 'ecdsa-p256-sha256',
    });
    return assembleCrl(tbs, 'ecdsa-p256-sha256', root.sign(tbs));
  };
  const archive = (report: Uint8Array, own: Uint8Array, seconds: number) =>
    archiveReport(report, {
      anchors: {
        ...{ seal: authority.anchors.seal, timestamp },
        crls: [own, emptyList(stampRoot, stamp)],
      },
      stamp: async (digest) => makeToken(stamp, digest, seconds).token,
    });
  const moment = (seconds: number): Date => addSeconds(START, seconds);
  // the seal was made 3700 s after the start, archived at 4000 and once more at 6000
  const good = await archive(plain, list(moment(3900)), 4000);
  const before = await archive(plain, list(moment(3900), moment(3000)), 4000);
  const between = await archive(plain, list(moment(3900), moment(3800)), 4000);
  const told = (revokedAt: number) => archive(good, list(moment(5900), moment(revokedAt)), 6000);
  const at = moment(7000);
  expect(strict(good, at)).toEqual(['TOTAL-PASSED', undefined]);
  expect(strict(before, at)).toEqual(['INDETERMINATE', 'REVOKED_NO_POE']);
  expect(strict(between, at)).toEqual(['TOTAL-PASSED', undefined]);
  expect(strict(await told(3000), at)).toEqual(['INDETERMINATE', 'REVOKED_NO_POE']);
  expect(strict(await told(3800), at)).toEqual(['TOTAL-PASSED', undefined]);
  expect(strict(await told(5000), at)).toEqual(['TOTAL-PASSED', undefined]);
  // without any list, only who does not ask for one is content
  expect(strict(plain, at)[0]).toBe('INDETERMINATE');
});

test('renewals only append', () => {
  expect(generations.length).toBeGreaterThan(2);
  for (const [i, { report }] of generations.entries())
    if (i > 0) {
      const before = generations[i - 1]!.report;
      expect(report.subarray(0, before.length)).toEqual(before);
    }
});

test('as it was handed out it holds for years, then nothing proves it any more', () => {
  const { report } = generations[0]!;
  expect(judge(report, after(4 * YEAR))[0]).toBe(0);
  expect(judge(report, after(10 * YEAR)).slice(0, 2)).toEqual([2, 'INDETERMINATE']);
  expect(judge(plain, after(10 * YEAR)).slice(0, 2)).toEqual([2, 'INDETERMINATE']);
});

test('the command renews nothing that does not hold, with no stamp that does not, over no file', async () => {
  const { at } = generations[1]!;
  const broken = generations[0]!.report.slice();
  broken[broken.length - 9_000]! ^= 1;
  writeFileSync(path('broken.pdf'), broken);
  writeFileSync(path('letter.pdf'), letter);
  const stranger = makeAuthority();
  const good = path('1.pdf');
  const late = after(10 * YEAR);
  const tries: [number, string, typeof stamping, Date?][] = [
    [1, path('broken.pdf'), { stamp: authority.stamp, at }],
    [3, path('letter.pdf'), { stamp: authority.stamp, at }],
    [3, path('none.pdf'), { stamp: authority.stamp, at }],
    // nobody answers; to another request; under a root nobody trusts
    [3, good, null],
    [3, good, { stamp: authority.stamp, at, nonce: new Uint8Array(8).fill(9) }],
    [2, good, { stamp: stranger.stamp, at }],
    // too late: nothing proves the report any more
    [2, good, { stamp: authority.stamp, at: late }, late],
  ];
  for (const [i, [code, file, answer, moment = at]] of tries.entries()) {
    stamping = answer;
    expect([i, await renew(moment, file, path(`never-${i}.pdf`))]).toEqual([i, code]);
    expect(existsSync(path(`never-${i}.pdf`))).toBe(false);
  }
  stamping = { stamp: authority.stamp, at };
  expect(await renew(at, good, good)).toBe(3);
  expect(readFileSync(good).equals(generations[0]!.report)).toBe(true);
});

test('one that is not sealed, or stamped by nobody, is not archived', async () => {
  const drawn = plain.subarray(0, Buffer.from(plain).indexOf('%%EOF\n') + 6);
  const archive = {
    anchors: { ...authority.anchors, crls },
    stamp: () => Promise.reject(new Error('down')),
  };
  await expect(archiveReport(drawn, archive)).rejects.toMatchObject({ code: 'format-pdf' });
  await expect(archiveReport(plain, archive)).rejects.toThrow('down');
});

test('poppler and qpdf read the first and the last', () => {
  for (const [i, { report }] of [generations[0]!, generations.at(-1)!].entries()) {
    const file = path(`read-${i}.pdf`);
    writeFileSync(file, report);
    expect(execFileSync('qpdf', ['--check', file], { encoding: 'utf8' })).toContain('No syntax');
    expect(execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8' })).toContain(
      'Signature is Valid',
    );
  }
});
