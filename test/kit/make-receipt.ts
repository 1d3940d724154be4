import { deflateSync } from 'node:zlib';
import {
  addSeconds,
  canonicalize,
  kindDigestHex,
  sha256Hex,
  toBase64Url,
  toUtcSeconds,
  utf8,
} from '@mandate/core';
import {
  assembleNote,
  checkpointBody,
  entryBytes,
  formatProof,
  Frontier,
  inclusionProof,
  leafHash,
  noteToSign,
  type LedgerEntry,
} from '@mandate/ledger';
import { ecdsaFromDer, publicJwk } from '@mandate/pki';
import type { TestAuthority, TestKey } from './authority.js';
import { START, type TestBundle } from './build-bundle.js';

export const ISSUER = 'https://mandate.test';
export const LIST_URI = `${ISSUER}/status/0`;
const SALT = '5a'.repeat(32);

type Members = Readonly<Record<string, unknown>>;
type Change<T> = (value: T) => T;
const same = <T>(value: T): T => value;

/** Changes made by somebody who holds the key; what follows a stage is built on the changed value. */
export interface JwsChanges {
  readonly header?: Change<Members>;
  readonly payload?: Change<Members>;
  readonly key?: TestKey;
  /** r ‖ s. */
  readonly signature?: Change<Uint8Array>;
}

/** A compact JWS as role seal makes it, unless changed. */
export function signJson(
  authority: TestAuthority,
  typ: string,
  payload: Members,
  changes: JwsChanges = {},
): string {
  const { receipt } = authority;
  const part = (value: unknown): string => toBase64Url(utf8(canonicalize(value)));
  const header = { alg: 'ES256', kid: publicJwk(receipt.spki).kid, typ };
  const signed = `${part((changes.header ?? same<Members>)(header))}.${part((changes.payload ?? same)(payload))}`;
  const signature = ecdsaFromDer((changes.key ?? receipt).sign(utf8(signed)));
  return `${signed}.${toBase64Url((changes.signature ?? same)(signature))}`;
}

const at = (seconds: number): string => toUtcSeconds(addSeconds(START, seconds));
const id = (prefix: string): string => `${prefix}_019a1111-2222-7333-8444-555566667777`;

/** Every kind of fact about the letter of a bundle, as role seal puts it into a receipt. */
export function factsAbout({ scene, terms }: TestBundle): Readonly<Record<string, Members>> {
  const about = (format: string, prefix: string, seconds: number) => ({
    format: `mandate-${format}/v1`,
    id: id(prefix),
    authorization: scene.authorization,
    letterNumber: terms.letterNumber,
    letter: scene.letterDigest,
    terms: scene.termsDigest,
    at: at(seconds),
  });
  const proof = { kind: 'own-passkey', ref: id('owv') };
  const { creditCode } = terms.institution;
  return {
    redemption: {
      ...about('redemption', 'red', 300),
      institution: creditCode,
      purpose: terms.purpose.code,
      source: terms.sources[0]!.creditCode,
      recipient: creditCode,
      items: terms.items.map(({ code }) => code).sort(),
      operator: '4f'.repeat(32),
      number: 1,
      of: 1,
    },
    withdrawal: {
      ...about('withdrawal', 'wdr', 310),
      ...{ by: 'subject', channel: 'page', proof, salt: SALT },
    },
    hold: {
      ...about('hold', 'hld', 320),
      by: 'subject',
      reason: 'not-signed-by-me',
      proof,
      salt: SALT,
    },
    'hold-resolution': {
      ...about('hold-resolution', 'hre', 330),
      ...{ hold: id('hld'), outcome: 'rejected', grounds: 'case 17' },
      ...{ proposedBy: 'a1'.repeat(32), resolvedBy: 'b2'.repeat(32), proposedAt: at(325) },
    },
    end: {
      ...about('end', 'end', 340),
      ...{ event: 'loan-settled', happenedAt: at(335), salt: SALT },
    },
    release: {
      ...about('release', 'rel', 350),
      ...{ redemption: id('red'), recipient: creditCode, key: id('rky'), fields: ['name'] },
      ...{ content: '3c'.repeat(32), sealed: '3d'.repeat(32) },
    },
    restriction: { ...about('restriction', 'rst', 360), by: 'subject', proof, salt: SALT },
    erasure: {
      ...about('erasure', 'era', 370),
      ...{ basis: 'retention-ended', keptUntil: at(365), askedBy: 'zhang.wei', salt: SALT },
    },
    'id-image-destruction': {
      ...about('id-image-destruction', 'img', 380),
      ...{ content: '4e'.repeat(32), keptAt: at(0), keepUntil: at(380), salt: SALT },
      ...{ why: 'deadline', by: 'sweep' },
    },
  };
}

const STEPS: Readonly<Record<string, readonly [kind: string, step?: string]>> = {
  redemption: ['redemption', 'confirmed'],
  withdrawal: ['withdrawal'],
  hold: ['hold', 'opened'],
  'hold-resolution': ['hold', 'rejected'],
  end: ['end'],
  release: ['access'],
  restriction: ['shred', 'restricted'],
  erasure: ['shred', 'erased'],
  'id-image-destruction': ['shred', 'id-image-destroyed'],
};

/** The ledger entry with which a fact was recorded. */
export function entryAbout(kind: string, fact: Members): LedgerEntry {
  const [entryKind, step] = STEPS[kind]!;
  return {
    format: 'mandate-entry/v1',
    kind: entryKind,
    at: fact['at'],
    letter: fact['letter'],
    fact: kindDigestHex('receipt', fact),
    ...(step ? { step } : {}),
  } as unknown as LedgerEntry;
}

/** The receipt of a fact; a redemption's has place 5 in the status list and ends a day later. */
export function makeReceipt(
  authority: TestAuthority,
  bundle: TestBundle,
  kind: string,
  changes: JwsChanges & { readonly fact?: Change<Members> } = {},
): string {
  const fact = (changes.fact ?? same)(factsAbout(bundle)[kind]!);
  const { name, creditCode } = bundle.terms.institution;
  const iat = (Date.parse(String(fact['at'])) || 0) / 1000;
  const payload = {
    iss: ISSUER,
    jti: fact['id'],
    iat,
    ...(kind === 'redemption'
      ? {
          aud: fact['source'],
          exp: iat + 86_400,
          status: { status_list: { idx: 5, uri: LIST_URI } },
        }
      : {}),
    fact,
    factDigest: kindDigestHex('receipt', fact),
    ledgerEntry: sha256Hex(entryBytes(entryAbout(kind, fact))),
    institution: { name, creditCode },
  };
  const type = `mandate-${kind === 'redemption' ? 'receipt' : kind}+jwt`;
  return signJson(authority, type, payload, changes);
}

/** A status list with these receipts in it (1 invalid, 2 suspended), of 32 places, for five minutes. */
export function makeStatusList(
  authority: TestAuthority,
  statuses: Readonly<Record<number, 1 | 2 | 3>> = {},
  changes: JwsChanges & { readonly seconds?: number; readonly list?: Change<Uint8Array> } = {},
): string {
  const bytes = new Uint8Array(8);
  for (const [place, status] of Object.entries(statuses))
    bytes[Number(place) >> 2]! |= status << ((Number(place) & 3) * 2);
  const packed = (changes.list ?? same)(new Uint8Array(deflateSync(bytes)));
  const iat = Math.floor(addSeconds(START, changes.seconds ?? 3500).getTime() / 1000);
  return signJson(
    authority,
    'statuslist+jwt',
    {
      ...{ iss: ISSUER, sub: LIST_URI, iat, exp: iat + 300, ttl: 60 },
      status_list: { bits: 2, lst: toBase64Url(packed) },
    },
    changes,
  );
}

/** A ledger of three entries around these bytes: its checkpoint, and the proof for them. */
export async function makeLedgerProof(
  { origin, ledger }: Pick<TestAuthority, 'origin' | 'ledger'>,
  leaf: Uint8Array,
  changes: {
    readonly text?: Change<string>;
    readonly note?: Change<string>;
    readonly index?: number;
    readonly bare?: boolean;
  } = {},
): Promise<{ checkpoint: string; proof: string }> {
  const frontier = new Frontier();
  const nodes = new Map<string, Uint8Array>();
  const entries = [utf8('one'), leaf, utf8('three')];
  for (const item of entries)
    for (const { level, index, hash } of frontier.append(leafHash(item)))
      nodes.set(`${level}/${index}`, hash);
  const hashes = await inclusionProof(1, entries.length, (l, i) => nodes.get(`${l}/${i}`)!);
  const text = (changes.text ?? same)(
    checkpointBody({ origin, size: entries.length, root: frontier.root() }),
  );
  const note = assembleNote(text, [
    { name: origin, publicKey: ledger.spki, signature: ledger.sign(noteToSign(text)) },
  ]);
  const checkpoint = (changes.note ?? same)(note);
  const index = changes.index ?? 1;
  const extra = changes.bare ? {} : { extra: leaf };
  return { checkpoint, proof: formatProof({ index, hashes, checkpoint, ...extra }) };
}
