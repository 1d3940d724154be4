import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addSeconds, canonicalBytes, fromUtf8, parseCanonical } from '@mandate/core';
import { PART, toPem } from '@mandate/evidence';
import { embeddedFile, readPdf } from '@mandate/pdf';
import { NO_ANCHORS, verifyFile } from '@mandate/verify';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER, type Changes } from '../../../test/kit/build-bundle.js';
import { addGeneration, factsOf } from '../../../test/kit/bundle-generations.js';
import { choiceTemplate, OPTIONAL_ITEM } from '../../../test/kit/choice-template.js';
import { sealDigest } from '../../../test/kit/seal-digest.js';
import { repeatCommands } from './repeat-commands.js';
import { makeReport, renderReport, reportJson, sealReport, type Report } from './index.js';

const REPORT_ID = 'rep_019a1111-2222-7333-8444-555566667777';
const authority = makeAuthority();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mandate-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const reportOn = (bundle: Uint8Array, anchors = authority.anchors): Report =>
  makeReport({
    bundle,
    verification: verifyFile(bundle, { anchors, at: LATER }),
    reportId: REPORT_ID,
    madeAt: addSeconds(LATER, 60),
    publicUrl: 'https://mandate.test',
    tools: { mandate: '0.0.0', node: '20.20.0' },
  });

const reportWith = async (changes: Changes, language: 'zh' | 'en' = 'zh'): Promise<Report> =>
  reportOn((await buildBundle(authority, changes, language)).bundle);

function pdfText(pdf: Uint8Array, ...options: string[]): string {
  const file = join(folder, 'report.pdf');
  writeFileSync(file, pdf);
  return execFileSync('pdftotext', [...options, file, '-'], { encoding: 'utf8' });
}
const frontPage = (pdf: Uint8Array): string => pdfText(pdf, '-l', '1', '-layout');

/** Who vouches for the moments of signature and seal. */
const stampedBy = ({ timeline }: Report): string[] =>
  timeline.flatMap(({ what, by }) =>
    what === 'signature-stamped' || what === 'bundle-sealed' ? [by] : [],
  );

/** A forger without keys: one byte of the stored terms. */
const TAMPERED: Changes = {
  partsAfterSeal: (parts) => {
    const terms = parts.get('authorization/terms.json')!.slice();
    terms[terms.length - 4]! ^= 1;
    parts.set('authorization/terms.json', terms);
  },
};

test('a verification of another file makes no report', async () => {
  const { bundle } = await buildBundle(authority);
  const verification = verifyFile(bundle, { anchors: authority.anchors, at: LATER });
  const other = bundle.slice();
  other[100]! ^= 1;
  const make = (): Report =>
    makeReport({
      bundle: other,
      verification,
      reportId: REPORT_ID,
      madeAt: LATER,
      publicUrl: 'https://mandate.test',
      tools: {},
    });
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});

test('a tampered bundle: page one says so, nothing is proven, no level is given', async () => {
  const report = await reportWith(TAMPERED);
  expect(report.verdict.indication).toBe('TOTAL-FAILED');
  expect(report.reason?.id).toBe('manifest-digests');
  expect(report.evidenceLevel).toEqual({ level: null, reasons: ['not-established'] });
  expect(report.statement?.proven ?? false).toBe(false);
  expect(report.vouchers.map(({ id }) => id)).not.toContain('content');
  const zh = frontPage(await renderReport(report, 'zh'));
  expect(zh).toContain('验证不通过');
  expect(zh).not.toContain('签名有效');
  expect(zh).toContain('未经证实');
  const en = frontPage(await renderReport(report, 'en'));
  expect(en).toContain('Not valid');
  expect(en).toContain('the file was changed');
  expect(report.courtPoints.find(({ id }) => id === 'alteration')?.status).toBe('failed');
  expect(report.usable).toEqual({ answer: 'no', reason: 'not-established' });
  expect(pdfText(await renderReport(report, 'en'))).toContain('A part was changed after sealing');
});

test('without a ledger proof it is undecided, and the ledger vouches for nothing', async () => {
  const report = await reportWith({ noProof: true });
  expect(report.verdict.indication).toBe('INDETERMINATE');
  expect(report.reason?.id).toBe('ledger-proof-present');
  expect(report.vouchers.map(({ id }) => id)).not.toContain('ledger');
  expect(report.facts.ledger).toBeUndefined();
  expect(frontPage(await renderReport(report, 'zh'))).toContain('无法判定');
});

test('without trust anchors nothing is vouched for by anybody named', async () => {
  const { bundle } = await buildBundle(authority);
  const report = reportOn(bundle, NO_ANCHORS);
  expect(report.verdict.indication).toBe('INDETERMINATE');
  expect(report.evidenceLevel.level).toBeNull();
  expect(report.statement?.signedAt).toBeUndefined();
  expect(report.vouchers.map(({ id }) => id)).not.toContain('time');
  expect(stampedBy(report)).toEqual(['operator', 'operator']);
  expect(frontPage(await renderReport(report, 'en'))).toContain('No time is proven');
});

test.each([
  ['neither PDF nor bundle', new TextEncoder().encode('hello')],
  ['a cut bundle', 'cut'],
  ['a letter alone', 'letter'],
])('%s has a report too', async (_, given) => {
  const { bundle, signedLetter } = await buildBundle(authority);
  const bytes =
    given === 'letter' ? signedLetter : given === 'cut' ? bundle.subarray(0, 20_000) : given;
  const report = reportOn(bytes as Uint8Array);
  const pdf = await renderReport(report, 'en');
  expect(frontPage(pdf)).toMatch(/Not valid|Undecided|Signature valid/);
  expect(pdfText(pdf)).toContain(report.verdict.indication);
  expect(pdfText(pdf)).toContain(report.input.digest);
  parseCanonical(fromUtf8(reportJson(report)));
});

test('a sound letter alone passes, with the reservation that nobody compared its pages', async () => {
  const { signedLetter } = await buildBundle(authority);
  const report = reportOn(signedLetter);
  expect(report.verdict.indication).toBe('TOTAL-PASSED');
  expect(report.statement?.proven).toBe(false);
  expect(report.evidenceLevel.level).toBeNull();
  const front = frontPage(await renderReport(report, 'zh'));
  expect(front).toContain('未与页面文字比对');
  expect(front).not.toContain('未经证实');
});

test('what the font cannot draw or the eye cannot see stands as code points', async () => {
  const report = await reportWith({});
  const hostile = {
    ...report,
    statement: {
      ...report.statement!,
      institution: { name: '甲\u{1F600}乙', creditCode: 'X' },
    },
  };
  const text = frontPage(await renderReport(hostile, 'zh'));
  expect(text).toContain('甲[U+1F600]乙');

  const { bundle } = await buildBundle(authority);
  const verification = verifyFile(bundle, { anchors: authority.anchors, at: LATER });
  const made = makeReport({
    bundle,
    verification,
    reportId: REPORT_ID,
    madeAt: LATER,
    publicUrl: 'https://mandate.test',
    tools: { odd: 'a\u202Eb\uD800c\u0000' },
  });
  expect(made.tools['odd']).toBe('a[U+202E]b[U+D800]c[U+0000]');
  parseCanonical(fromUtf8(reportJson(made)));
});

test('the report of a sound bundle tells who, what, when, until, uses; no personal data, no salt', async () => {
  const { bundle, terms } = await buildBundle(authority, {}, 'en');
  const report = reportOn(bundle);
  expect(report.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(report.evidenceLevel.level).toBe('E1');
  expect(report.evidenceLevel.reasons).toContain('browser-key');
  expect(report.statement).toMatchObject({ proven: true, signedAt: '2026-11-21T09:02:40.250Z' });
  const told = report.sections.filter(({ id }) => id !== 'later');
  expect(stampedBy(report)).toEqual(['timestamp', 'timestamp']);
  expect(told.every(({ findings }) => findings.length > 0)).toBe(true);
  expect(report.usable).toEqual({ answer: 'not-told', reason: 'not-told' });
  const json = fromUtf8(reportJson(report));
  const { name, idNumber, phone } = terms.subject;
  for (const secret of [name, idNumber, phone, terms.salt]) expect(json).not.toContain(secret);

  const pdf = await renderReport(report, 'en');
  const front = pdfText(pdf, '-l', '1');
  for (const text of [
    'Signature valid',
    '张*',
    '110***********002X',
    terms.institution.name,
    'once',
  ])
    expect(front).toContain(text);
  expect(front).toContain('2026-11-21 17:02:40');
  expect(front).toContain('2026-12-20 23:59:59');

  const all = pdfText(pdf);
  const { facts } = report;
  for (const fact of [
    report.input.digest,
    facts.sealedBundleDigest,
    facts.letter?.digest,
    facts.letter?.signedDigest,
    facts.certificate?.serial,
    facts.timestamp?.genTime,
    facts.ledger?.root,
    facts.authorization?.evidenceRoot,
    ...facts.parts!.map(({ digest }) => digest),
    ...report.trail.map(({ digest }) => digest),
  ])
    expect(all).toContain(fact);
  for (const secret of [name, idNumber, phone, terms.salt]) expect(all).not.toContain(secret);
  const titles = all.split('\n').slice(0, 3).join();
  expect(titles).not.toMatch(/鉴定|公证/);
});

test('same report, same bytes; the JSON lies inside; qpdf finds nothing wrong', async () => {
  const report = await reportWith({});
  const pdf = await renderReport(report, 'zh');
  expect(await renderReport(JSON.parse(JSON.stringify(report)) as Report, 'zh')).toEqual(pdf);
  expect(embeddedFile(readPdf(pdf), 'report.json')).toEqual(reportJson(report));
  const file = join(folder, 'unsealed.pdf');
  writeFileSync(file, pdf);
  expect(spawnSync('qpdf', ['--check', file]).status).toBe(0);
});

test('a sealed report: pdfsig and qpdf accept it, and no seal means no report', async () => {
  const pdf = await renderReport(await reportWith({}), 'zh');
  const down = (): Promise<Uint8Array> => Promise.reject(new Error('no timestamp'));
  await expect(sealReport(pdf, { date: LATER, seal: down })).rejects.toThrow('no timestamp');

  const sealed = await sealReport(pdf, {
    date: LATER,
    seal: async (digest) => sealDigest(digest, authority.reportSeal, authority),
  });
  expect(sealed.subarray(0, pdf.length)).toEqual(pdf);
  const file = join(folder, 'sealed.pdf');
  writeFileSync(file, sealed);
  const seen = execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8' });
  expect(seen).toContain('Signature is Valid');
  expect(seen).toContain('Total document signed');
  expect(spawnSync('qpdf', ['--check', file]).status).toBe(0);
});

/** What an outsider types: the commands as the PDF's text has them, on these files. */
async function outsider(report: Report, bundle: Uint8Array) {
  const text = pdfText(await renderReport(report, 'en'));
  const from = text.indexOf('for r in scene');
  // A box may go over a page: what stands between two of them is no command.
  const commands = text
    .slice(from, text.indexOf('The open-source command', from))
    .replaceAll(/\nrep_\S+\s+Page \d+ of \d+\s+/g, '\n');
  const work = mkdtempSync(join(folder, 'outsider-'));
  writeFileSync(join(work, 'evidence.asice'), bundle);
  for (const purpose of ['scene', 'seal', 'timestamp'] as const)
    writeFileSync(join(work, `${purpose}-root.crt`), authority.anchors[purpose][0]!);
  const run = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: work,
    encoding: 'utf8',
  });
  return { status: run.status, output: run.stdout + run.stderr, stdout: run.stdout, work };
}

test('the commands printed in the report, run as they stand, accept what it says', async () => {
  const made = await buildBundle(authority);
  const bundle = await addGeneration(authority, made, made.bundle, {
    facts: [factsOf(made).redemption('one', 600)],
    state: { uses: { counted: 1 } },
    at: 700,
  });
  const report = reportOn(bundle);
  // What is checked is whether it was right at its time, whenever that is asked.
  const printed = repeatCommands(report).map((lines) => lines.join(' '));
  expect(printed.find((it) => it.includes('ts -verify'))).toMatch(/ -attime \d+ /);
  const seals = printed.find((it) => it.startsWith('for n in'));
  expect(seals).toContain(' -no_check_time ');
  expect(seals).not.toContain('-attime');
  const { status, output, stdout, work } = await outsider(report, bundle);
  expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
  for (const digest of [report.input.digest, report.facts.letter!.signedDigest])
    expect(stdout).toContain(digest);
  expect(output).toContain('Signature is Valid');
  // letter, seal, one later generation
  expect(output.match(/AdES Verification successful/g)).toHaveLength(3);
  expect(output).toContain('Verification: OK');
  expect(output).toContain('keys/scene.pem: good');
  expect(readFileSync(join(work, 'scene-root.pem'), 'utf8').replaceAll(/\s/g, '')).toContain(
    toPem('CERTIFICATE', authority.anchors.scene[0]!).replaceAll(/\s/g, ''),
  );
});

test('the same commands refuse a changed part', async () => {
  const { bundle } = await buildBundle(authority, TAMPERED);
  const { status, output } = await outsider(reportOn(bundle), bundle);
  expect(status).not.toBe(0);
  expect(output).toContain('changed: authorization/terms.json');
});

test('what was refused at signing is told as refused, and a letter alone does not tell', async () => {
  const changes: Changes = {
    template: choiceTemplate,
    presentation: (it) => ({ ...it, choices: { items: [OPTIONAL_ITEM], recipients: [] } }),
  };
  const { bundle, signedLetter } = await buildBundle(authority, changes);
  const optional = choiceTemplate.items.find(({ code }) => code === OPTIONAL_ITEM);
  const guarantor = choiceTemplate.recipients[0]!.name.zh;

  const report = reportOn(bundle);
  expect(report.statement).toMatchObject({ proven: true, refused: [guarantor], undecided: [] });
  expect(report.statement?.items).toHaveLength(4);
  expect(report.statement?.recipients).toEqual([]);
  const text = pdfText(await renderReport(report, 'zh'));
  expect(text.replace(/\s/g, '')).toContain(`签署时未同意${guarantor}`);
  expect(text.replace(/\s/g, '')).toContain(
    `同意：${optional!.name.zh}；未同意：${guarantor}`.replace(/\s/g, ''),
  );

  const alone = reportOn(signedLetter).statement!;
  expect(alone.items).toHaveLength(3);
  expect(alone).toMatchObject({ refused: [], undecided: [optional!.name.zh, guarantor] });
});

test('witnesses, a ledger that was searched and builds stand on the paper; what single readers are told does not', async () => {
  const build = { digest: 'e'.repeat(64), commit: 'c0ffee', lockfile: 'f'.repeat(64) };
  const provenance = { format: 'mandate-provenance/v1', page: build, server: build };
  const { bundle, terms } = await buildBundle(authority, {
    presentation: (it) => ({ ...it, pageBuild: build.digest }),
    scene: (it) => ({ ...it, pageBuild: build.digest }),
    bundleParts: (parts) => parts.set(PART.provenance, canonicalBytes(provenance)),
  });
  const verification = verifyFile(bundle, { anchors: authority.anchors, at: LATER });
  const { facts } = verification;
  const witness = { name: 'witness.example', at: '2026-11-21T09:03:00Z' };
  const reader = 'r'.repeat(43);
  const { name: value } = terms.subject;
  const report = makeReport({
    bundle,
    verification: {
      ...verification,
      facts: {
        ...facts,
        ledger: { ...facts.ledger!, cosigners: [witness] },
        ledgerCopy: {
          ...{ origin: 'mandate.test/ledger', size: 4711, root: 'a1'.repeat(32) },
          recorded: { letter: 1, intent: 2 },
          stamp: { size: 4700, at: '2026-11-21T09:05:00Z', authority: 'Stamp of another' },
        },
        disclosures: [
          {
            reader,
            values: [{ commitment: 'a'.repeat(64), field: 'subject.name', value, places: [] }],
          },
        ],
      },
    },
    reportId: REPORT_ID,
    madeAt: addSeconds(LATER, 60),
    publicUrl: 'https://mandate.test',
    tools: {},
  });
  const text = pdfText(await renderReport(report, 'zh')).replaceAll(/\s/g, '');
  for (const shown of [
    '见证方witness.example;2026-11-21T09:03:00Z',
    '所查的日志全本',
    '4711',
    'letter1,intent2',
    '2026-11-21T09:05:00Z;Stampofanother',
    'c0ffee',
    'npxmandatereportpageevidence.asice',
    '页面与服务器的版本',
  ])
    expect(text).toContain(shown);
  expect(text).not.toContain('没有受信任的见证方签署');
  expect(report.facts.disclosures).toEqual([{ reader }]);
  expect(fromUtf8(reportJson(report))).not.toContain(value);
  const { bundle: plain } = await buildBundle(authority);
  const alone = pdfText(await renderReport(reportOn(plain), 'zh')).replaceAll(/\s/g, '');
  expect(alone).toContain('见证方没有受信任的见证方签署');
  expect(alone).not.toContain('所查的日志全本');
  expect(alone).not.toContain('npxmandatereportpage');
});
