import { expect, test } from '@jest/globals';
import type { Terms } from '@mandate/terms';
import { issue, makeKey } from '../../../../test/kit/authority.js';
import { committed, LATER, sampleTerms, START } from '../../../../test/kit/build-bundle.js';
import type { Finding } from '../verification.js';
import { checkCertificateSubject } from './binding.js';

const sample = sampleTerms();
const named = (name: string): Terms => ({ ...sample, subject: { ...sample.subject, name } });

function judged(commonName: string, terms: Terms | null): Finding {
  const { certificate } = issue({
    commonName,
    serialNumber: committed(sample, 'idNumber'),
    key: makeKey(),
    notBefore: START,
    notAfter: LATER,
    extensions: [],
  });
  return checkCertificateSubject(certificate, terms);
}

test.each([
  ['another name', '张三', sample],
  ['part of the name', '张', sample],
  ['no terms', sample.subject.name, null],
  ['cut shorter than due', '𠮷'.repeat(63), named('𠮷'.repeat(70))],
  [
    'another number',
    sample.subject.name,
    { ...sample, subject: { ...sample.subject, idNumber: '110105194912310021' } },
  ],
])('%s', (_, commonName, terms) => {
  expect(judged(commonName, terms)).toMatchObject({
    id: 'certificate-subject',
    status: 'indeterminate',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
  });
});

test('a long name is cut after 64 characters, not in the middle of one', () => {
  expect(judged(sample.subject.name, sample).status).toBe('passed');
  expect(judged('𠮷'.repeat(64), named('𠮷'.repeat(70))).status).toBe('passed');
});
