import { expect, test } from '@jest/globals';
import { verifyFile } from '@mandate/verify';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER } from '../../../test/kit/build-bundle.js';
import { verificationView, type VerificationView } from './pages/verification-view.js';
import { verifyInChild } from './verify-in-child.js';

const authority = makeAuthority();
const options = { anchors: authority.anchors, at: LATER, language: 'zh' } as const;

test('the child says what the verifier says, and the same in words', async () => {
  const { bundle } = await buildBundle(authority);
  const answer = JSON.parse(await verifyInChild(bundle, options)) as VerificationView;
  const direct = verificationView(verifyFile(bundle, options), 'zh');
  expect(answer).toEqual(JSON.parse(JSON.stringify(direct)));
  expect(answer.words.findings.every(({ text }) => /\p{Script=Han}/u.test(text))).toBe(true);
});

test('what is neither PDF nor bundle is an answer, not an error', async () => {
  for (const bytes of [new Uint8Array(), new TextEncoder().encode('%PDF-1.7\nnonsense')]) {
    const { verification } = JSON.parse(await verifyInChild(bytes, options)) as VerificationView;
    expect(verification.verdict.indication).toBe('TOTAL-FAILED');
  }
});

test('a child that takes too long is killed', async () => {
  const started = performance.now();
  await expect(
    verifyInChild(new Uint8Array(1000), { ...options, milliseconds: 5 }),
  ).rejects.toMatchObject({ code: 'budget-exceeded' });
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('a child that breaks gives nothing away', async () => {
  const anchors = { ...authority.anchors, scene: [new Uint8Array([1, 2, 3])] };
  await expect(verifyInChild(new Uint8Array(10), { ...options, anchors })).rejects.toMatchObject({
    code: 'budget-exceeded',
    detail: 'the file could not be verified within the limits',
  });
});
