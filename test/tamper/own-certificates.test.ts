import { beforeAll, expect, test } from '@jest/globals';
import { addSeconds, concat, sha256 } from '@mandate/core';
import { closeSignature, signatureUpdate, signedRanges } from '@mandate/pdf';
import { sealedReport, verifyAndReport } from '@mandate/report';
import { NO_ANCHORS, verifyFile, type Verification } from '@mandate/verify';
import { changePage } from '../kit/archived-letter.js';
import { makeAuthority, sealing, type TestIdentity } from '../kit/authority.js';
import { buildBundle, LATER } from '../kit/build-bundle.js';
import { reportAuthority } from '../kit/report-authority.js';
import { sealDigest } from '../kit/seal-digest.js';

/** Our certificates outside the one place that each of them is for. */

const authority = makeAuthority();
const { reportSeal, seal, root } = authority;
const at = addSeconds(LATER, 600);
const sound = buildBundle(authority);

const verify = (bytes: Uint8Array): Verification =>
  verifyFile(bytes, { anchors: authority.anchors, at });

const faults = ({ findings }: Verification): string[] =>
  findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id, subIndication, params }) => `${id} ${subIndication} ${params?.['reason'] ?? ''}`);

/** Signed by the fixed template, by whoever. */
function sealPdf(pdf: Uint8Array, field: string, signer: TestIdentity, certify = true): Uint8Array {
  const update = signatureUpdate(pdf, { field, date: LATER, contentsBytes: 16_384, certify });
  const digest = sha256(concat(...signedRanges(pdf, update)));
  return closeSignature(pdf, update, sealDigest(digest, signer, authority));
}

/** The field under another name of at most the same length. */
function renamed(pdf: Uint8Array, name: string): Uint8Array {
  const text = Buffer.from(pdf).toString('latin1');
  const field = '(MandateSubject)';
  expect(text).toContain(field);
  return new Uint8Array(
    Buffer.from(text.replaceAll(field, `(${name})`.padEnd(field.length)), 'latin1'),
  );
}

let report: Uint8Array;
let drawn: Uint8Array;
beforeAll(async () => {
  const content = verifyAndReport({
    bundle: (await sound).bundle,
    anchors: authority.anchors,
    at: LATER,
    reportId: 'rep_019a1111-2222-7333-8444-555566667777',
    publicUrl: 'https://mandate.test',
    tools: {},
  });
  report = await sealedReport(content, 'zh', reportAuthority(authority));
  const eof = Buffer.from(report).indexOf('%%EOF\n') + '%%EOF\n'.length;
  drawn = report.subarray(0, eof);
});

test('our sealed report is a sealed report, though it speaks of letters', () => {
  const result = verify(report);
  expect(Buffer.from(report).includes('MandateSubject')).toBe(true);
  expect(faults(result)).toEqual([]);
  expect(result).toMatchObject({
    verdict: { indication: 'TOTAL-PASSED' },
    integrity: 'sound',
    signatures: [{ field: 'MandateSeal', indication: 'TOTAL-PASSED', level: 'B-LTA' }],
    facts: { level: 'B-LTA', documentTimestamps: [{ field: 'MandateTimestamp1', proves: true }] },
  });
  const { seal: anchors, timestamp } = authority.anchors;
  expect(
    verifyFile(report, { anchors: { ...NO_ANCHORS, seal: anchors, timestamp }, at }).verdict,
  ).toEqual({ indication: 'TOTAL-PASSED' });
  expect(verifyFile(report, { anchors: NO_ANCHORS, at }).verdict.indication).toBe('INDETERMINATE');
});

test('a changed report fails', () => {
  const changed = report.slice();
  changed[3000]! ^= 1;
  expect(verify(changed).verdict.indication).toBe('TOTAL-FAILED');
});

test('a report with more behind it than what archives it fails', () => {
  const result = verify(changePage(report));
  expect(result.verdict).toEqual({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' });
  expect(faults(result).join()).toContain('later-revisions FORMAT_FAILURE');
});

const REPORTS = 'a seal for reports, but no report';
const EVIDENCE = 'a seal for evidence, but no bundle';
test.each<[string, () => Promise<Uint8Array> | Uint8Array, string]>([
  ['a report under the seal of bundles', () => sealPdf(drawn, 'MandateSeal', seal), EVIDENCE],
  [
    'a report under a seal for both',
    () => {
      const policies = [seal, reportSeal].flatMap(({ certificate }) => certificate.policies);
      return sealPdf(drawn, 'MandateSeal', authority.issueLeaf('Both', root, sealing(...policies)));
    },
    EVIDENCE,
  ],
  ['an approved report', () => sealPdf(drawn, 'MandateSeal', reportSeal, false), REPORTS],
  [
    'a letter under the seal of reports',
    async () =>
      sealPdf(renamed((await sound).letter, 'ForeignSubject'), 'ForeignSubject', reportSeal),
    REPORTS,
  ],
  [
    'a letter in the field of reports',
    async () => sealPdf(renamed((await sound).letter, 'MandateSeal'), 'MandateSeal', reportSeal),
    REPORTS,
  ],
  [
    'a letter under the seal of bundles',
    async () => sealPdf(renamed((await sound).letter, 'ForeignSubject'), 'ForeignSubject', seal),
    EVIDENCE,
  ],
])('%s fails', async (_, make, reason) => {
  const result = verify(await make());
  expect(result.verdict).toEqual({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' });
  expect(faults(result)).toContain(`pdf-signer-certificate FORMAT_FAILURE ${reason}`);
});

test('the same letter under a seal of somebody else is somebody else’s PDF', async () => {
  const other = authority.issueLeaf('Third-Party Seal', root, sealing());
  const result = verify(
    sealPdf(renamed((await sound).letter, 'ForeignSubject'), 'ForeignSubject', other),
  );
  expect(faults(result)).toEqual([]);
  expect(result.facts).toEqual({});
});

test('a letter by a scene certificate is held to its profile under any name', async () => {
  const result = verify(renamed((await sound).signedLetter, 'ForeignSubject'));
  expect(result.input.profile).toBe('letter');
  expect(result.verdict.indication).toBe('TOTAL-FAILED');
  expect(faults(result).join()).toContain('update-template FORMAT_FAILURE');
});

test('a seal in the field of letters is held to the profile of letters', async () => {
  for (const signer of [seal, reportSeal, authority.issueLeaf('Other', root, sealing())]) {
    const result = verify(sealPdf((await sound).letter, 'MandateSubject', signer));
    expect(result.input.profile).toBe('letter');
    expect(result.verdict.indication).not.toBe('TOTAL-PASSED');
    expect(faults(result).join()).toContain('binding-present');
  }
});
