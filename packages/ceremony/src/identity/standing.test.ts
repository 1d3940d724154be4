import { expect, test } from '@jest/globals';
import type { IdentityCheck } from '@mandate/core';
import type { IdentityRow } from '../ports/identity.js';
import { isCardNumber } from './identify.js';
import { askable, identityStanding, usableResults } from './standing.js';

const at = new Date('2026-11-21T09:00:00Z');
let digests = 0;
const row = (checkName: IdentityCheck, changes: Partial<IdentityRow> = {}): IdentityRow => ({
  authorizationId: 'aut_1',
  checkName,
  provider: 'p',
  operator: 'P',
  simulated: false,
  outcome: 'match',
  suite: 'ed25519',
  reference: `r${++digests}`,
  digest: String(digests).padStart(64, '0'),
  subjectKey: new Uint8Array(32),
  checkedAt: at,
  receivedAt: at,
  freshUntil: new Date(at.getTime() + 1),
  box: new Uint8Array(),
  ...changes,
});

test('only what matched, is fresh and is not simulated where nothing is simulated counts', () => {
  const good = row('police-id');
  const bad = [
    row('police-id', { outcome: 'mismatch' }),
    row('police-id', { freshUntil: at }),
    row('police-id', { simulated: true }),
  ];
  expect(usableResults([...bad, good], [{ simulated: false }], at)).toEqual([good]);
  expect(usableResults([...bad, good], [{ simulated: true }], at)).toEqual([bad[2], good]);
});

test('requirements are met in their order, the newest result of a check counts, and no other is named', () => {
  const standing = (...rows: IdentityRow[]) => identityStanding('cn-credit', ['sms-code'], rows);
  expect(standing().missing).toEqual([1, 1]);
  expect(askable('cn-credit', standing())).toEqual(['police-id']);
  const old = row('police-id');
  const police = row('police-id');
  const after = standing(old, police);
  expect(after.missing).toEqual([0, 1]);
  expect(askable('cn-credit', after)).toEqual(['carrier-name', 'bank-card', 'network-id', 'face']);
  const face = row('face');
  expect(standing(face, police)).toEqual({
    missing: [0, 0],
    results: [
      { check: 'police-id', digest: police.digest },
      { check: 'face', digest: face.digest },
    ],
  });
  expect(askable('cn-credit', standing(face, police))).toEqual([]);
  // The institution's word is named, and stands in for nothing.
  const word = row('institution');
  expect(standing(police, word)).toEqual({
    missing: [0, 1],
    results: [
      { check: 'police-id', digest: police.digest },
      { check: 'institution', digest: word.digest },
    ],
  });
  // A passkey beside the code meets the second requirement by itself.
  expect(identityStanding('cn-credit', ['sms-code', 'passkey'], []).missing).toEqual([1, 0]);
  expect(identityStanding('basic', ['sms-code'], [face])).toEqual({ missing: [], results: [] });
});

test.each([
  ['6222021234567894', true],
  ['6222021234567890', false],
  ['4111111111111111', true],
  ['41111111111', false],
  ['4111 1111 1111 1111', false],
  ['', false],
])('card number %j: %s', (text, good) => {
  expect(isCardNumber(text)).toBe(good);
});
