import { expect, test } from '@jest/globals';
import { canonicalBytes, isDomainError, utf8 } from '@mandate/core';
import {
  entryBytes,
  parseEntry,
  type LedgerEntry,
  type LetterEntry,
  type RenewalEntry,
} from './index.js';

const letter: LetterEntry = {
  format: 'mandate-entry/v1',
  kind: 'letter',
  at: '2026-11-21T09:30:00Z',
  serial: '5f00',
  signature: 'a'.repeat(64),
  letter: 'b'.repeat(64),
  scene: 'c'.repeat(64),
  bundle: 'd'.repeat(64),
};

const renewal: RenewalEntry = {
  format: 'mandate-entry/v1',
  kind: 'renewal',
  at: '2026-11-21T09:30:00Z',
  serial: '5f00',
  generation: 2,
  letter: 'b'.repeat(64),
  previous: 'a'.repeat(64),
};

const fact = {
  format: 'mandate-entry/v1',
  at: '2026-11-21T09:30:00Z',
  letter: 'a'.repeat(64),
  fact: 'b'.repeat(64),
} as const;
const facts: LedgerEntry[] = [
  { ...fact, kind: 'redemption', step: 'reserved' },
  { ...fact, kind: 'hold', step: 'upheld' },
  { ...fact, kind: 'withdrawal' },
  { ...fact, kind: 'end' },
  {
    ...{ format: 'mandate-entry/v1', kind: 'key-event', at: fact.at, event: 'in-use' },
    ...{ purpose: 'scene-ca', key: 'a'.repeat(64), record: 'b'.repeat(64) },
  },
  {
    ...{ format: 'mandate-entry/v1', kind: 'report', at: fact.at },
    ...{ letter: 'a'.repeat(64), report: 'b'.repeat(64) },
  },
  { ...{ format: 'mandate-entry/v1', kind: 'desk', at: fact.at }, fact: 'c'.repeat(64) },
];

test.each([letter, renewal, ...facts])('a $kind entry survives a round trip', (entry) => {
  expect(parseEntry(entryBytes(entry))).toEqual(entry);
});

test.each([
  ['not JSON', utf8('{')],
  ['not UTF-8', Uint8Array.of(0xff)],
  ['white space', utf8(` ${new TextDecoder().decode(entryBytes(letter))}`)],
  ['an array', canonicalBytes([letter])],
  ['null', canonicalBytes(null)],
  ['an unknown kind', canonicalBytes({ ...letter, kind: 'gift' })],
  ['a kind named like a prototype member', canonicalBytes({ ...letter, kind: 'constructor' })],
  ['another format', canonicalBytes({ ...letter, format: 'mandate-entry/v9' })],
  ['an extra member', canonicalBytes({ ...letter, extra: 'x' })],
  ['a short digest', canonicalBytes({ ...letter, scene: 'cc' })],
  ['an upper-case serial', canonicalBytes({ ...letter, serial: '5F00' })],
  ['generation 0', canonicalBytes({ ...renewal, generation: 0 })],
  ['half a generation', canonicalBytes({ ...renewal, generation: '2' })],
  ['a renewal of nothing', canonicalBytes({ ...renewal, previous: '' })],
  ['a step nobody takes', canonicalBytes({ ...facts[0], step: 'paid' })],
  ['a hold without its step', canonicalBytes({ ...fact, kind: 'hold' })],
  ['a withdrawal with a step', canonicalBytes({ ...fact, kind: 'withdrawal', step: 'opened' })],
  ['members of another kind', canonicalBytes({ ...letter, kind: 'renewal' })],
  ['a fact of the desk about a letter', canonicalBytes({ ...fact, kind: 'desk' })],
  ['milliseconds', canonicalBytes({ ...letter, at: '2026-11-21T09:30:00.000Z' })],
])('%s is refused', (_, bytes) => {
  let error: unknown;
  try {
    parseEntry(bytes);
  } catch (e) {
    error = e;
  }
  expect(isDomainError(error, 'format-ledger')).toBe(true);
});
