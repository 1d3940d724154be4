import { expect, test } from '@jest/globals';
import { findingText, verifyFile, type Verification } from '@mandate/verify';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER, type Changes } from '../kit/build-bundle.js';
import { SECOND, setCases, WITH_PASSKEY } from './set-cases.js';

/** One letter of a signing set, alone with a verifier: its place in the sitting, and what was answered for all. */
const authority = makeAuthority();
const verify = (bytes: Uint8Array): Verification =>
  verifyFile(bytes, { anchors: authority.anchors, at: LATER });

function faults({ findings }: Verification): string[] {
  for (const finding of findings)
    for (const language of ['zh', 'en'] as const)
      expect(findingText(finding, language)).not.toContain(finding.id.split('/').at(-1)!);
  return findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id, subIndication }) => `${id} ${subIndication}`);
}

test.each<[string, Changes, number, number]>([
  ['the second of three', SECOND, 2, 3],
  ['the only one that was accepted', { set: { position: 1, of: 1 } }, 1, 1],
  ['the last of five, with a passkey', { ...WITH_PASSKEY, set: { position: 5, of: 5 } }, 5, 5],
  ['a passkey alone', { ...SECOND, measures: ['passkey'] }, 2, 3],
])('%s: sound', async (_name, changes, position, of) => {
  const result = verify((await buildBundle(authority, changes)).bundle);
  expect(faults(result)).toEqual([]);
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(result.facts.authorization!.set).toMatchObject({ position });
  expect(result.facts.authorization!.set!.letters).toHaveLength(of);
  const ids = result.findings.map(({ id }) => id);
  expect(ids).toContain('set-letters');
  expect(ids).toContain('set-challenge');
});

test('a letter by itself is told nothing of sets', async () => {
  const result = verify((await buildBundle(authority)).bundle);
  expect(result.facts.authorization!.set).toBeUndefined();
  expect(result.findings.map(({ id }) => id).filter((id) => id.startsWith('set-'))).toEqual([]);
});

test.each(setCases)('%s', async (_name, changes, ...expected) => {
  const result = verify((await buildBundle(authority, changes)).bundle);
  expect(faults(result)).toEqual(expected);
  expect(result.verdict.indication).toBe('TOTAL-FAILED');
});
