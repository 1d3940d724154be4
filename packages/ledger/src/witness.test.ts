import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { isDomainError, utf8 } from '@mandate/core';
import {
  assembleNote,
  checkpointBody,
  consistencyProof,
  cosign,
  cosignatureLine,
  cosignatureToSign,
  formatAddCheckpoint,
  Frontier,
  leafHash,
  noteToSign,
  parseAddCheckpoint,
  verifyNote,
  vkey,
  type Witness,
  type Witnessed,
} from './index.js';

const makeKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  return { spki, sign: (m: Uint8Array) => new Uint8Array(sign(null, m, privateKey)) };
};
const origin = 'mandate.example/ledger';
const [ledgerKey, witnessKey, strangerKey] = [makeKey(), makeKey(), makeKey()];
const anchors = [
  vkey(origin, ledgerKey.spki),
  vkey('witness.example/w', witnessKey.spki, 'cosignature'),
];
const at = new Date('2026-11-22T03:00:00Z');

/** A history; `fork` makes another one from that entry on. */
async function history(size: number, fork = Infinity) {
  const frontier = new Frontier();
  const nodes = new Map<string, Uint8Array>();
  for (let i = 0; i < size; i++)
    for (const { level, index, hash } of frontier.append(
      leafHash(utf8(i < fork ? `entry ${i}` : `other ${i}`)),
    ))
      nodes.set(`${level}/${index}`, hash);
  return {
    root: frontier.root(),
    proof: (from: number) => consistencyProof(from, size, (l, i) => nodes.get(`${l}/${i}`)!),
  };
}

function note(size: number, root: Uint8Array, key = ledgerKey, name = origin): string {
  const text = checkpointBody({ origin: name, size, root });
  const signature = key.sign(noteToSign(text));
  return assembleNote(text, [{ name, publicKey: key.spki, signature }]);
}

async function request(old: number, size: number, fork?: number): Promise<string> {
  const { root, proof } = await history(size, fork);
  return formatAddCheckpoint({ old, proof: await proof(old), checkpoint: note(size, root) });
}

let heads: Map<string, Witnessed>;
let witness: Witness;
beforeEach(() => {
  heads = new Map();
  witness = {
    name: 'witness.example/w',
    publicKey: witnessKey.spki,
    sign: async (message) => witnessKey.sign(message),
    ledgers: anchors,
    now: () => at,
    store: {
      latest: async (name) => heads.get(name) ?? null,
      advance: async (name, from, to) => {
        if ((heads.get(name)?.size ?? 0) !== from) return false;
        heads.set(name, to);
        return true;
      },
    },
  };
});

test('what is no request is 400, and nothing is remembered', async () => {
  const good = await request(0, 3);
  for (const body of [
    '',
    'old 0\n',
    good.replace('old 0', 'old 00'),
    good.replace('old 0', 'old -1'),
    good.replace('old 0\n', 'old 0\nAAAA\n'),
    good.replace('old 0\n', ''),
    good.replace(
      'old 0\n',
      `old 0\n${'47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'.repeat(64)}`,
    ),
    good.slice(0, -1),
    await request(0, 3).then((body) => body.replace('old 0', 'old 4')),
  ])
    expect((await cosign(witness, body)).status).toBe(400);
  expect(heads.size).toBe(0);
  expect(parseAddCheckpoint(good).old).toBe(0);
});

test('an unknown ledger is 404, a signature that is not its own 403', async () => {
  const { root } = await history(3);
  const ask = (checkpoint: string) =>
    cosign(witness, formatAddCheckpoint({ old: 0, proof: [], checkpoint }));
  expect((await ask(note(3, root, strangerKey, 'elsewhere.example/ledger'))).status).toBe(404);
  expect((await ask(note(3, root, strangerKey))).status).toBe(403);
  // a witness is no ledger
  expect((await ask(note(3, root, witnessKey, 'witness.example/w'))).status).toBe(404);
  expect(heads.size).toBe(0);
});

test('a history that grows is cosigned; the line verifies with the time in it', async () => {
  expect((await cosign(witness, await request(0, 3))).status).toBe(200);
  const { status, body } = await cosign(witness, await request(3, 10));
  expect(status).toBe(200);
  const { root } = await history(10);
  const cosigned = note(10, root) + body;
  expect(verifyNote(cosigned, anchors)).toMatchObject({
    signers: [origin],
    cosigners: [{ name: 'witness.example/w', at }],
    failed: [],
  });
  // the time is signed as well
  const later = cosignatureLine({
    name: witness.name,
    publicKey: witnessKey.spki,
    signature: witnessKey.sign(cosignatureToSign(checkpointBody({ origin, size: 10, root }), at)),
    at: new Date(at.getTime() + 1000),
  });
  expect(verifyNote(note(10, root) + later, anchors)).toMatchObject({
    cosigners: [],
    failed: ['witness.example/w'],
  });
  // the same head again: another cosignature, no step back
  expect((await cosign(witness, await request(10, 10))).status).toBe(200);
});

test('another history, an older head and a forgotten one are refused with the size', async () => {
  await cosign(witness, await request(0, 10));
  expect(await cosign(witness, await request(0, 12))).toEqual({ status: 409, body: '10\n' });
  expect(await cosign(witness, await request(5, 8))).toEqual({ status: 409, body: '10\n' });
  expect((await cosign(witness, await request(10, 12, 4))).status).toBe(422);
  expect((await cosign(witness, await request(10, 10, 4))).status).toBe(409);
  expect(heads.get(origin)!.size).toBe(10);
  expect((await cosign(witness, await request(10, 12))).status).toBe(200);
});

test('of two requests at once one is cosigned', async () => {
  await cosign(witness, await request(0, 4));
  const [longer, shorter] = [await request(4, 9), await request(4, 6)];
  const answers = await Promise.all([cosign(witness, longer), cosign(witness, shorter)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test('a verifier key of a witness is no ledger’s', () => {
  expect(() => vkey('two words', witnessKey.spki, 'cosignature')).toThrow();
  const text = checkpointBody({ origin, size: 0, root: new Uint8Array(32) });
  try {
    cosignatureToSign(text.slice(0, -1), at);
    throw new Error('accepted');
  } catch (error) {
    expect(isDomainError(error, 'format-ledger')).toBe(true);
  }
});
