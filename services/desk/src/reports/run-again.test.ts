import { expect, test } from '@jest/globals';
import { REPORT_PROGRAM } from '@mandate/runtime';
import { comparedPrograms } from './run-again.js';

const tools = {
  ...{ node: '20.20.0', openssl: '3.0.15', 'mandate-verify.mjs': `SHA-256 ${'1'.repeat(64)}` },
  [REPORT_PROGRAM]: `SHA-256 ${'2'.repeat(64)}`,
};

test('a release that changes reports and not the verifier is another program, no alarm', () => {
  const released = { ...tools, [REPORT_PROGRAM]: `SHA-256 ${'3'.repeat(64)}` };
  expect(comparedPrograms(tools, released)).toBe('changed');
  expect(comparedPrograms(tools, { ...tools })).toBe('same');
});

test('programs that are not named are not the same', () => {
  const { [REPORT_PROGRAM]: _, ...unnamed } = tools;
  expect(comparedPrograms(unnamed, unnamed)).toBe('changed');
  expect(
    comparedPrograms({ ...unnamed, [REPORT_PROGRAM]: '' }, { ...unnamed, [REPORT_PROGRAM]: '' }),
  ).toBe('changed');
  expect(comparedPrograms({}, {})).toBe('changed');
});
