import { beforeAll, expect, test } from '@jest/globals';
import { addSeconds } from '@mandate/core';
import { verifyFile } from '@mandate/verify';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER } from '../../../test/kit/build-bundle.js';
import { addGeneration, factsOf } from '../../../test/kit/bundle-generations.js';
import { compareReports, makeReport, type Report } from './index.js';

const authority = makeAuthority();
const ID = 'rep_019a1111-2222-7333-8444-555566667777';
const reportOn = (bundle: Uint8Array, seconds = 0, anchors = authority.anchors): Report =>
  makeReport({
    ...{ bundle, anchors, reportId: ID, publicUrl: 'https://mandate.test' },
    verification: verifyFile(bundle, { anchors, at: addSeconds(LATER, seconds) }),
    madeAt: addSeconds(LATER, seconds),
    tools: { node: seconds === 0 ? '20.20.0' : '20.21.0' },
  });
let bundle: Uint8Array;
let grown: Uint8Array;
beforeAll(async () => {
  const made = await buildBundle(authority);
  bundle = made.bundle;
  const facts = factsOf(made);
  grown = await addGeneration(authority, made, bundle, {
    facts: [facts.redemption('one', 600), facts.withdrawal(650)],
    state: { uses: { counted: 1 }, withdrawn: true },
    at: 700,
  });
});
const told = (before: Report, after: Report): string[] =>
  compareReports(before, after).map(({ what, id, before: was, after: is }) =>
    [
      what,
      ...(what === 'claim' || what === 'finding' || what === 'tool' ? [id] : []),
      was,
      is,
    ].join(' '),
  );

test('the same facts: nothing has changed', () => {
  expect(compareReports(reportOn(bundle), reportOn(bundle))).toEqual([]);
});

test('uses and withdrawal since then are told, with their moments, in both languages', () => {
  const changes = compareReports(reportOn(bundle), reportOn(grown));
  expect(told(reportOn(bundle), reportOn(grown))).toEqual(
    expect.arrayContaining([
      'usable not-told withdrawn',
      'generation  1',
      'uses 0 1',
      'fact  redemption',
      'fact  withdrawal',
    ]),
  );
  const withdrawal = changes.find(({ after }) => after === 'withdrawal')!;
  expect(withdrawal.at).toMatch(/^2\d{3}-/);
  expect(withdrawal.text.zh).toContain('撤回');
  expect(withdrawal.text.en).toContain('Withdrawn');
  for (const { text } of changes)
    expect(Object.values(text).join('')).not.toMatch(/undefined|null/);
  // Told once: the later one against itself says nothing.
  expect(compareReports(reportOn(grown), reportOn(grown))).toEqual([]);
});

test('what was told once and is not any more comes first', () => {
  const [before, after] = [reportOn(grown), reportOn(bundle)];
  const cut = compareReports(before, after).filter(({ what }) => what === 'vanished');
  expect(compareReports(before, after).slice(0, cut.length)).toEqual(cut);
  expect(cut.map(({ before: was, after: is }) => [was, is])).toEqual([
    ...[['1', null]],
    ...before.later!.facts.map(({ kind }) => [expect.stringContaining(kind), null]),
  ]);
  const one = { ...before, later: { ...before.later!, facts: before.later!.facts.slice(1) } };
  expect(compareReports(before, one)).toMatchObject([
    { what: 'vanished', id: before.later!.facts[0]!.id, after: null },
  ]);
  expect(compareReports(after, before).some(({ what }) => what === 'vanished')).toBe(false);
});

test('a verdict that turned: what it rests on is named, and what it was held against', () => {
  const after = reportOn(bundle, 60, { ...authority.anchors, timestamp: [] });
  const changes = told(reportOn(bundle), after);
  expect(changes[0]).toBe(
    `verdict TOTAL-PASSED ${after.verdict.indication} · ${after.verdict.subIndication}`,
  );
  expect(changes).toContain(`claim time passed ${after.claims.time.status}`);
  expect(changes.some((line) => line.startsWith('anchor '))).toBe(true);
  expect(changes).toContain('tool node 20.20.0 20.21.0');
  expect(changes.filter((line) => line.startsWith('finding ')).length).toBeGreaterThan(0);
});
