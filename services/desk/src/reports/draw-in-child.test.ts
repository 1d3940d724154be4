import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromUtf8, type PublicAnchors } from '@mandate/core';
import {
  renderFilingIndex,
  reportJson,
  verifyAndReport,
  type FilingIndex,
  type Report,
} from '@mandate/report';
import { makeAuthority } from '../../../../test/kit/authority.js';
import { buildBundle, LATER } from '../../../../test/kit/build-bundle.js';
import { anchorsOf, anchorsText } from './anchors-text.js';
import { reportDrawer, type DrawOrder } from './draw-in-child.js';

const authority = makeAuthority();
const anchors = { ...authority.anchors, intermediates: [] } as PublicAnchors;
const drawer = reportDrawer(2);
let bundle: Uint8Array;
let order: DrawOrder;
beforeAll(async () => {
  bundle = (await buildBundle(authority)).bundle;
  order = {
    anchors: anchorsText(anchors),
    at: LATER.toISOString(),
    reportId: 'rep_019a1111-2222-7333-8444-555566667777',
    publicUrl: 'https://mandate.test',
    tools: { node: '20.20.0' },
    ...{ languages: ['zh'], depth: 'short', xml: true },
  };
});
afterAll(() => drawer.close());

test('anchors go there and back as they are', () => {
  expect(anchorsOf(anchorsText(anchors))).toEqual(anchors);
  expect(anchorsText(anchorsOf(anchorsText(anchors)))).toBe(anchorsText(anchors));
});

test('a child draws what this process would have drawn, one order after another', async () => {
  const { tools, publicUrl, reportId } = order;
  const here = verifyAndReport({
    ...{ bundle, anchors, at: LATER, reportId, applicant: 'desk', publicUrl, tools },
  });
  const drawn = await drawer.draw(order, bundle);
  expect(fromUtf8(drawn.json)).toBe(fromUtf8(reportJson(here)));
  expect(drawn.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(fromUtf8(drawn.xml!)).toContain('ValidationReport');
  const full = await drawer.draw({ ...order, languages: ['zh', 'en'], depth: 'full' }, bundle);
  expect(full.pdfs).toHaveLength(2);
  expect(drawn.pages[0]).toBeLessThan(full.pages[0]!);
  // Facts are the same whatever is shown of them.
  expect(fromUtf8(full.json)).toBe(fromUtf8(drawn.json));
});

test('a list of evidence is drawn there too, as here', async () => {
  const row = { no: 1, letterNumber: 'M1', kind: 'bundle', file: 'M1/bundle.asice' } as const;
  const index: FilingIndex = {
    ...{ caseNumber: 'C1', id: 'rjb_1', madeAt: LATER, missing: [] },
    rows: [{ ...row, size: 1, digest: '0'.repeat(64) }],
  };
  const drawn = await drawer.drawFiling(index, 'en');
  expect(Buffer.compare(drawn, await renderFilingIndex(index, 'en'))).toBe(0);
});

test('what is no bundle is a report that says so; a child that was killed is replaced', async () => {
  const junk = await drawer.draw({ ...order, xml: false }, new Uint8Array([1, 2, 3]));
  expect((JSON.parse(fromUtf8(junk.json)) as Report).verdict.indication).not.toBe('TOTAL-PASSED');
  expect(junk.xml).toBeUndefined();
  const running = drawer.draw({ ...order, languages: ['zh', 'en'], depth: 'full' }, bundle).then(
    () => 'drawn',
    (error: { code: string }) => error.code,
  );
  for (const pid of children()) process.kill(pid, 'SIGKILL');
  expect(await running).toBe('budget-exceeded');
  expect((await drawer.draw(order, bundle)).verdict.indication).toBe('TOTAL-PASSED');
});

test('a child that ended while nobody needed it is not asked', async () => {
  const alone = reportDrawer(1);
  const before = new Set(children());
  await alone.draw(order, bundle);
  const pid = children().find((it) => !before.has(it))!;
  process.kill(pid, 'SIGKILL');
  // until this process has taken note
  for (let there = true; there; await sleep(50)) there = existsSync(`/proc/${pid}`);
  expect((await alone.draw(order, bundle)).verdict.indication).toBe('TOTAL-PASSED');
  alone.close();
});

test.each([
  ['of another order', '', `{ id: 'rep_019a1111-2222-7333-8444-000000000000' }`, 0],
  ['with less than was asked for', `files.pop();`, `{ id: head.reportId }`, 0],
  ['with more behind it', '', `{ id: head.reportId }`, 1],
])('an answer %s is none', async (_how, change, report, extra) => {
  const directory = mkdtempSync(join(tmpdir(), 'mandate-child-'));
  const program = join(directory, 'child.mjs');
  const frames = new URL('../../dist/reports/frames.js', import.meta.url).href;
  writeFileSync(
    program,
    `import { readFrames, writeFrame } from '${frames}';
    for await (const { head } of readFrames(process.stdin, 1e8)) {
      const files = [Buffer.from(JSON.stringify(${report})), Buffer.from('%PDF')];
      ${change}
      const out = [];
      const answer = { head: { verdict: {}, pages: [1] }, files };
      for (let i = 0; i <= ${extra}; i++) writeFrame({ write: (it) => out.push(it) }, answer);
      process.stdout.write(Buffer.concat(out));
    }`,
  );
  const drawer = reportDrawer(1, program);
  try {
    await expect(drawer.draw({ ...order, xml: false }, bundle)).rejects.toMatchObject({
      code: 'budget-exceeded',
    });
  } finally {
    drawer.close();
    rmSync(directory, { recursive: true });
  }
});

test.each([
  ['of another list', `{ filing: 'rjb_2', language: 'en' }`],
  ['in the other language', `{ filing: 'rjb_1', language: 'zh' }`],
])('a list of evidence %s is none', async (_how, head) => {
  const directory = mkdtempSync(join(tmpdir(), 'mandate-child-'));
  const program = join(directory, 'child.mjs');
  const frames = new URL('../../dist/reports/frames.js', import.meta.url).href;
  writeFileSync(
    program,
    `import { readFrames, writeFrame } from '${frames}';
    for await (const order of readFrames(process.stdin, 1e8))
      writeFrame(process.stdout, { head: ${head}, files: [Buffer.from('%PDF')] });`,
  );
  const drawer = reportDrawer(1, program);
  const index = { caseNumber: 'C1', id: 'rjb_1', madeAt: LATER, rows: [], missing: [] };
  try {
    await expect(drawer.drawFiling(index, 'en')).rejects.toMatchObject({ code: 'budget-exceeded' });
  } finally {
    drawer.close();
    rmSync(directory, { recursive: true });
  }
});

/** Of this very process, and nobody else's. */
function children(): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((line) => line.includes('report-child.js'))
    .map((line) => Number(line.trim().split(' ')[0]));
}
