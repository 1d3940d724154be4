import { expect, test } from '@jest/globals';
import type { LedgerEntry, LedgerSearch } from '@mandate/ledger';
import type { Facts, LaterFact } from '../verification.js';
import { checkLedgerCopy } from './ledger-copy.js';

const hex = (n: number) => n.toString(16).padStart(64, '0');
const [serial, letter, origin] = ['0a', hex(1), 'l.example/l'];
const format = 'mandate-entry/v1' as const;
const at = '2026-11-22T04:00:00Z';
const use = (n: number, step: 'reserved' | 'confirmed' = 'confirmed'): LedgerEntry => ({
  ...{ format, kind: 'redemption', at, letter, fact: hex(n), step },
});

/** Findings about what later generations tell, against the entries of a whole ledger from index 2 on. */
function told(
  recorded: readonly LedgerEntry[],
  facts: readonly { index: number; digest: string; steps?: readonly { index: number }[] }[],
  ledgerSize: number,
) {
  const entries = recorded.map((entry, i) => ({ index: i + 2, bytes: new Uint8Array(0), entry }));
  const root = new Uint8Array(32);
  const copy: LedgerSearch = {
    question: { serial, letter },
    head: { origin, size: 100, root },
    ...{
      signers: [origin],
      broken: null,
      entries,
      credentialEnds: [],
      keyEnds: [],
      rootAt: null,
      stamps: null,
    },
  };
  const later = { state: { ledgerSize }, facts: facts as unknown as LaterFact[] };
  const given = {
    certificate: { serial, ledgerOrigin: origin },
    letter: { digest: letter },
    later,
  } as unknown as Facts;
  const { findings, facts: counted } = checkLedgerCopy(given, copy);
  const { status, params } = findings.find(({ id }) => id === 'later-told')!;
  return [status, params, counted.ledgerCopy?.recorded];
}

test('all that was recorded before the generation is told: passed; later entries are counted', () => {
  const entries: LedgerEntry[] = [
    use(5, 'reserved'),
    use(5),
    { format, kind: 'shred', at, letter, fact: hex(8), step: 'id-image-destroyed' },
    { format, kind: 'withdrawal', at, letter, fact: hex(6) },
  ];
  const one = { index: 2, digest: hex(5), steps: [{ index: 3 }] };
  expect(told(entries, [one], 5)).toEqual([
    'passed',
    { size: '5' },
    {
      ...{ 'redemption:reserved': 1, 'redemption:confirmed': 1, withdrawal: 1 },
      'shred:id-image-destroyed': 1,
    },
  ]);
});

test('a withdrawal that the bundle leaves out', () => {
  const entries: LedgerEntry[] = [use(5), { format, kind: 'withdrawal', at, letter, fact: hex(6) }];
  expect(told(entries, [{ index: 2, digest: hex(5) }], 4).slice(0, 2)).toEqual([
    'failed',
    { untold: 'withdrawal', index: '3' },
  ]);
});

test('a step of a use that the bundle leaves out', () => {
  const entries = [use(5, 'reserved'), use(5)];
  expect(told(entries, [{ index: 2, digest: hex(5) }], 4)[0]).toBe('failed');
});

test('something told that the ledger has not, or has otherwise', () => {
  expect(told([use(5)], [{ index: 2, digest: hex(7) }], 3).slice(0, 2)).toEqual([
    'failed',
    { unrecorded: '2' },
  ]);
  expect(told([], [{ index: 2, digest: hex(7) }], 2)[0]).toBe('failed');
});

test('what was asked about another file is no answer', () => {
  const facts = { certificate: { serial: '0b', ledgerOrigin: origin } } as unknown as Facts;
  const copy = { question: { serial } } as unknown as LedgerSearch;
  expect(checkLedgerCopy(facts, copy)).toEqual({ findings: [], facts: {} });
});

test('a copy older than the newest generation contradicts nothing it cannot hold', () => {
  const facts = [
    { index: 2, digest: hex(5) },
    { index: 120, digest: hex(7) },
  ];
  expect(told([use(5)], facts, 130).slice(0, 2)).toEqual(['not-checked', { size: '100' }]);
  // what it does hold is still held against the bundle
  expect(told([use(5), use(6)], facts, 130)[0]).toBe('failed');
  expect(told([use(6)], facts, 130)[0]).toBe('failed');
});

test('a copy that was not asked for the head of the proof says nothing', () => {
  const copy = {
    ...{ question: { serial }, signers: [origin], broken: null, entries: [] },
    head: { origin, size: 100, root: new Uint8Array(32) },
  } as unknown as LedgerSearch;
  const facts = {
    certificate: { serial, ledgerOrigin: origin },
    ledger: { size: 50, root: hex(0) },
  } as unknown as Facts;
  const { findings, facts: counted } = checkLedgerCopy(facts, copy);
  expect(findings.map(({ id, subIndication }) => [id, subIndication])).toEqual([
    ['ledger-copy', undefined],
    ['ledger-copy-extends', 'NO_POE'],
  ]);
  expect(counted).toEqual({});
});
