import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { utf8 } from '@mandate/core';
import {
  assembleNote,
  checkpointBody,
  cosignatureLine,
  cosignatureToSign,
  formatProof,
  leafHash,
  nodeHash,
  noteToSign,
  vkey,
} from '@mandate/ledger';
import { provesEntry } from './opening-proof.js';

const ORIGIN = 'test.example/ledger';
const at = new Date('2026-11-22T10:00:00.000Z');
const key = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign: (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)),
  };
};
const [ledger, witness, other, stranger] = [key(), key(), key(), key()];
const [ENTRY, BESIDE] = ['{"kind":"opening"}', '{"kind":"letter"}'];
const pins = (quorum: number) => ({
  ...{ origin: ORIGIN, quorum },
  vkeys: [
    vkey(ORIGIN, ledger.publicKey),
    vkey('one.example', witness.publicKey, 'cosignature'),
    vkey('two.example', other.publicKey, 'cosignature'),
  ],
});

interface Choices {
  readonly by?: ReturnType<typeof key>;
  readonly origin?: string;
  readonly witnesses?: readonly (readonly [string, ReturnType<typeof key>])[];
  readonly tree?: readonly string[];
  readonly extra?: string;
}
function proof({ by = ledger, origin = ORIGIN, witnesses = [], ...it }: Choices = {}): string {
  const [first, second] = (it.tree ?? [BESIDE, ENTRY]).map((entry) => leafHash(utf8(entry)));
  const text = checkpointBody({ origin, size: 2, root: nodeHash(first!, second!) });
  const signature = by.sign(noteToSign(text));
  const note = assembleNote(text, [{ name: origin, publicKey: by.publicKey, signature }]);
  const lines = witnesses.map(([name, { publicKey, sign: by }]) =>
    cosignatureLine({ name, publicKey, signature: by(cosignatureToSign(text, at)), at }),
  );
  const checkpoint = note + lines.join('');
  const extra = utf8(it.extra ?? ENTRY);
  return formatProof({ index: 1, hashes: [first!], checkpoint, extra });
}

const one = ['one.example', witness] as const;
const two = ['two.example', other] as const;

test.each<[string, string]>([
  ['nothing', ''],
  ['another ledger’s head', proof({ origin: 'other.example', witnesses: [one] })],
  ['a head that a stranger signed', proof({ by: stranger, witnesses: [one] })],
  ['a head without cosignatures', proof()],
  ['one cosigned by a stranger', proof({ witnesses: [['one.example', stranger]] })],
  ['one cosigned under a name nobody knows', proof({ witnesses: [['x.example', stranger]] })],
  ['the proof of another entry', proof({ witnesses: [one], tree: [ENTRY, BESIDE], extra: BESIDE })],
  ['the entry beside a tree that has another', proof({ witnesses: [one], tree: [ENTRY, BESIDE] })],
])('%s proves no opening', (_, text) => {
  expect(provesEntry(pins(1))(text, ENTRY)).toBe(false);
});

test('ledger and as many witnesses as it takes do', () => {
  const cosigned = proof({ witnesses: [one] });
  expect(provesEntry(pins(2))(cosigned, ENTRY)).toBe(false);
  expect(provesEntry(pins(2))(proof({ witnesses: [one, one] }), ENTRY)).toBe(false);
  expect(provesEntry(pins(2))(proof({ witnesses: [one, two] }), ENTRY)).toBe(true);
  expect(provesEntry(pins(1))(cosigned, ENTRY)).toBe(true);
  expect(provesEntry(pins(0))(proof(), ENTRY)).toBe(true);
  expect(provesEntry(pins(0))(cosigned, BESIDE)).toBe(false);
});
