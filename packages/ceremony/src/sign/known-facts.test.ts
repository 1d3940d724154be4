import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { fromUtf8, utf8 } from '@mandate/core';
import {
  assembleNote,
  checkpointBody,
  entryBytes,
  Frontier,
  leafHash,
  noteToSign,
} from '@mandate/ledger';
import { knownFacts } from './known-facts.js';

const origin = 'mandate.example/ledger';
const pair = generateKeyPairSync('ed25519');
const publicKey = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));
const [revoked, ended, never] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [
  ...[string, string, string],
];

const entries = [revoked, ended].map((fact) =>
  fromUtf8(
    entryBytes({ format: 'mandate-entry/v1', kind: 'desk', at: '2026-11-22T03:00:00Z', fact }),
  ),
);

/** The head over the first so many entries, as role ledger signed it when there were no more. */
function head(size: number, of: readonly string[] = entries): string {
  const frontier = new Frontier();
  for (const entry of of.slice(0, size)) frontier.append(leafHash(utf8(entry)));
  const text = checkpointBody({ origin, size, root: frontier.root() });
  const signature = new Uint8Array(sign(null, noteToSign(text), pair.privateKey));
  return assembleNote(text, [{ name: origin, publicKey, signature }]);
}

/** What the database shows; its owner chooses. */
function ledger() {
  const shown = { note: head(2) as string | null, entries: [...entries], seen: 0, reads: 0 };
  const record = {
    newestCheckpoint: async () => shown.note,
    entries: async (first: number, count: number) => {
      shown.reads++;
      return shown.entries.slice(first, first + count);
    },
  };
  const holds = knownFacts({
    ...{ record: record as never, origin, publicKey },
    gate: { seen: () => shown.seen },
  });
  const asked = () =>
    holds({ facts: [revoked, ended, never] }).then(
      ({ found }) => found,
      (error: { code?: string }) => error.code,
    );
  return { shown, asked };
}

test('an older head, signed as it is, makes it forget nothing', async () => {
  const { shown, asked } = ledger();
  expect(await asked()).toEqual([revoked, ended]);
  for (const older of [head(1), null]) {
    shown.note = older;
    // nor at the question after it
    for (let i = 0; i < 2; i++) expect(await asked()).toBe('ledger-behind');
  }
  shown.note = head(2);
  expect(await asked()).toEqual([revoked, ended]);
  // it reads on from there: what it had was kept
  expect(shown.reads).toBe(1);
});

test('after a start an older head is one the gate knows to be older', async () => {
  const { shown, asked } = ledger();
  shown.seen = 2;
  shown.note = head(1);
  expect(await asked()).toBe('ledger-behind');
  shown.note = head(2);
  expect(await asked()).toEqual([revoked, ended]);
});

test('entries that do not come to the signed root, or are missing, count for nothing and cost nothing', async () => {
  const { shown, asked } = ledger();
  shown.entries = [entries[0]!, entries[0]!.replace(revoked, never)];
  expect(await asked()).toBe('ledger-behind');
  shown.entries = [entries[0]!];
  expect(await asked()).toBe('ledger-behind');
  shown.entries = [...entries];
  expect(await asked()).toEqual([revoked, ended]);
});

test('a ledger that is still empty has no facts', async () => {
  const { shown, asked } = ledger();
  shown.note = null;
  expect(await asked()).toEqual([]);
});

test('an entry of the desk that is none is no fact, and keeps no other from being one', async () => {
  const { shown, asked } = ledger();
  const [first, second] = entries as [string, string];
  shown.entries = [
    first,
    `{"kind":"desk","fact":"${never}"}`,
    first.replace(revoked, never).replace('mandate-entry/v1', 'mandate-entry/v2'),
    `"kind":"desk"`,
    second,
  ];
  shown.note = head(5, shown.entries);
  expect(await asked()).toEqual([revoked, ended]);
});
