import { expect, test } from '@jest/globals';
import { verifyFile, type Verification } from '@mandate/verify';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER } from '../../../test/kit/build-bundle.js';
import { verifyInChild } from './verify-in-child.js';

const authority = makeAuthority();
const options = { anchors: authority.anchors, at: LATER, language: 'zh' } as const;

interface Answer extends Omit<Verification, 'findings'> {
  findings: (Verification['findings'][number] & { text: string })[];
  notCheckedText: string[];
}

test('the child says what the verifier says, with words', async () => {
  const { bundle } = await buildBundle(authority);
  const { findings, notCheckedText, ...answer } = JSON.parse(
    await verifyInChild(bundle, options),
  ) as Answer;
  const { findings: expected, ...direct } = verifyFile(bundle, options);
  expect(answer).toEqual(JSON.parse(JSON.stringify(direct)));
  expect(findings.map(({ id, status }) => ({ id, status }))).toEqual(
    expected.map(({ id, status }) => ({ id, status })),
  );
  expect(findings.every(({ text }) => /\p{Script=Han}/u.test(text))).toBe(true);
  expect(notCheckedText).toHaveLength(answer.notChecked.length);
});

test('what is neither PDF nor bundle is an answer, not an error', async () => {
  for (const bytes of [new Uint8Array(), new TextEncoder().encode('%PDF-1.7\nnonsense')]) {
    const answer = JSON.parse(await verifyInChild(bytes, options)) as Answer;
    expect(answer.verdict.indication).toBe('TOTAL-FAILED');
  }
});

test('a child that takes too long is killed', async () => {
  const started = performance.now();
  await expect(
    verifyInChild(new Uint8Array(1000), { ...options, milliseconds: 5 }),
  ).rejects.toMatchObject({ code: 'budget-exceeded' });
  expect(performance.now() - started).toBeLessThan(2000);
});

test('a child that breaks gives nothing away', async () => {
  const anchors = { ...authority.anchors, scene: [new Uint8Array([1, 2, 3])] };
  await expect(verifyInChild(new Uint8Array(10), { ...options, anchors })).rejects.toMatchObject({
    code: 'budget-exceeded',
    detail: 'the file could not be verified within the limits',
  });
});
