import {
  addSeconds,
  canonicalBytes,
  canonicalize,
  kindDigestHex,
  sha256,
  sha256Hex,
  toBase64Url,
  toUtcSeconds,
  utf8,
} from '@mandate/core';
import {
  generationManifest,
  LATER,
  laterName,
  laterProofName,
  manifestName,
  readBundle,
  readZip,
  sealName,
  writeZip,
  type Bundle,
} from '@mandate/evidence';
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
import { assembleSignedData, ecdsaFromDer, OID, publicJwk, signedAttributes } from '@mandate/pki';
import type { LaterAccess, LaterState } from '@mandate/verify';
import type { TestAuthority, TestIdentity, TestKey } from './authority.js';
import { makeToken, START, type TestBundle, type TokenChanges } from './build-bundle.js';

type Change<T> = (value: T) => T;
const same = <T>(value: T): T => value;

/** A fact as its receipt and its ledger entry tell it. */
export interface MadeFact {
  readonly type: string;
  readonly fact: Readonly<Record<string, unknown>>;
  readonly entry: LedgerEntry;
  /** Seconds after START at which the receipt was stamped; default not at all. */
  readonly stamped?: number;
}

/** The same text everywhere, so that a fact of another letter differs by the letter alone. */
const ID = '019a1111-2222-7333-8444-';

/** Facts about the letter of a bundle, at so many seconds after START. */
export function factsOf({ scene, terms, certificate, signedLetter }: TestBundle) {
  const moment = (seconds: number): string => toUtcSeconds(addSeconds(START, seconds));
  const head = (id: string, at: number) => ({
    id: `${id.slice(0, 3)}_${ID}${sha256Hex(utf8(id)).slice(0, 12)}`,
    authorization: scene.authorization,
    letterNumber: terms.letterNumber,
    letter: scene.letterDigest,
    terms: scene.termsDigest,
    at: moment(at),
  });
  const entry = (
    kind: string,
    at: number,
    members: Readonly<Record<string, unknown>>,
  ): LedgerEntry =>
    ({ format: 'mandate-entry/v1', kind, at: moment(at), ...members }) as unknown as LedgerEntry;
  const make = (
    format: string,
    kind: string,
    id: string,
    at: number,
    more: Readonly<Record<string, unknown>> & { step?: string },
  ): MadeFact => {
    const { step, ...members } = more;
    const fact = { format: `mandate-${format}/v1`, ...head(id, at), ...members };
    const type = `mandate-${format === 'redemption' ? 'receipt' : format}+jwt`;
    const digest = kindDigestHex('receipt', fact);
    const about = { letter: scene.letterDigest, fact: digest, ...(step ? { step } : {}) };
    return { type, fact, entry: entry(kind, at, about) };
  };
  const salt = '5a'.repeat(32);
  const proof = { kind: 'own-passkey', ref: `owv_${ID}0123456789ab` };
  const { creditCode } = terms.institution;
  return {
    redemption: (
      id: string,
      at: number,
      reserved = false,
      more: Readonly<Record<string, unknown>> = {},
    ): MadeFact =>
      make('redemption', 'redemption', `red-${id}`, at, {
        institution: creditCode,
        purpose: terms.purpose.code,
        source: terms.sources[0]!.creditCode,
        recipient: creditCode,
        items: terms.items.map(({ code }) => code).sort(),
        operator: '4f'.repeat(32),
        number: 1,
        of: 1,
        ...(reserved ? { reservedUntil: moment(at + 600) } : {}),
        step: reserved ? 'reserved' : 'confirmed',
        ...more,
      }),
    /** A later step of a use: an entry without a receipt. */
    step: (of: MadeFact, step: 'confirmed' | 'released', at: number): LedgerEntry =>
      entry('redemption', at, {
        letter: scene.letterDigest,
        fact: kindDigestHex('receipt', of.fact),
        step,
      }),
    withdrawal: (at: number): MadeFact =>
      make('withdrawal', 'withdrawal', 'wdr', at, { by: 'subject', channel: 'page', proof, salt }),
    hold: (at: number): MadeFact =>
      make('hold', 'hold', 'hld', at, {
        ...{ by: 'subject', reason: 'not-signed-by-me', proof, salt, step: 'opened' },
      }),
    resolution: (outcome: 'upheld' | 'rejected' | 'retracted', at: number): MadeFact =>
      make('hold-resolution', 'hold', 'hre', at, {
        ...{ hold: head('hld', 0).id, outcome, grounds: 'case 1', step: outcome },
        ...{ proposedBy: 'a1'.repeat(32), resolvedBy: 'b2'.repeat(32), proposedAt: moment(at - 5) },
      }),
    end: (at: number): MadeFact =>
      make('end', 'end', 'end', at, { event: 'loan-settled', happenedAt: moment(at), salt }),
    /** For the first use. */
    release: (at: number): MadeFact =>
      make('release', 'access', 'rel', at, {
        ...{ redemption: head('red-one', 0).id, recipient: creditCode, fields: ['name'] },
        ...{ key: `rky_${ID}0123456789ab`, content: '3d'.repeat(32), sealed: '3c'.repeat(32) },
      }),
    restriction: (at: number): MadeFact =>
      make('restriction', 'shred', 'rst', at, { by: 'subject', proof, salt, step: 'restricted' }),
    erasure: (at: number): MadeFact =>
      make('erasure', 'shred', 'era', at, {
        ...{ basis: 'retention-ended', keptUntil: moment(at - 5), askedBy: 'sweep', salt },
        step: 'erased',
      }),
    idImage: (at: number): MadeFact =>
      make('id-image-destruction', 'shred', 'img', at, {
        ...{ content: '4e'.repeat(32), keptAt: moment(0), keepUntil: moment(at), salt },
        ...{ why: 'deadline', by: 'sweep', step: 'id-image-destroyed' },
      }),
    renewal: (generation: number, letter: Uint8Array, extended: Uint8Array, at: number) =>
      entry('renewal', at, {
        serial: certificate.serial,
        generation,
        letter: sha256Hex(letter),
        previous: sha256Hex(extended),
      }),
    /** The end of one of the operator's or an authority's keys, SubjectPublicKeyInfo. */
    keyEnd: (purpose: string, spki: Uint8Array, at: number): LedgerEntry =>
      entry('key-event', at, {
        ...{ event: 'ended', purpose, key: sha256Hex(spki), record: 'e1'.repeat(32) },
      }),
    signedLetter,
    entry,
  };
}

/** What a generation adds. */
export interface GenerationContent {
  readonly facts?: readonly MadeFact[];
  /** Entries without a receipt: steps, renewals, a passkey’s. */
  readonly entries?: readonly LedgerEntry[];
  /** What the operator states beside the numbers that are always the same; default nothing has happened. */
  readonly state?: Partial<Omit<LaterState, 'uses'>> & { uses?: Partial<LaterState['uses']> };
  /** Seconds after START at which somebody opened the data. */
  readonly accesses?: readonly number[];
  readonly letter?: Uint8Array;
  /** Seconds after START at which it was sealed. */
  readonly at: number;
}

/** One change per stage; what follows a stage is built on the changed value. */
export interface GenerationChanges {
  readonly receiptKey?: TestKey;
  /** Payload of each receipt. */
  readonly payload?: Change<Readonly<Record<string, unknown>>>;
  readonly jws?: Change<string>;
  readonly accesses?: Change<readonly LaterAccess[]>;
  /** Files before manifest and seal. */
  readonly files?: (files: Map<string, Uint8Array>) => void;
  /** Manifest and seal that it is chained to; default those of the generation before. */
  readonly before?: Pick<Bundle, 'manifest' | 'signature'>;
  readonly manifest?: Change<Uint8Array>;
  readonly sealSigner?: TestIdentity;
  readonly sealToken?: TokenChanges;
  /** What the seal is over; default the manifest. */
  readonly sealed?: Uint8Array;
  readonly ledgerKey?: TestKey;
  readonly origin?: string;
  /** Index of the first entry; default where the generation before ended. */
  readonly from?: number;
  /** Text of each proof. */
  readonly proof?: Change<string>;
  /** Files of the finished generation. */
  readonly filesAfterSeal?: (files: Map<string, Uint8Array>) => void;
}

/** Files of a container that are not part of any rule are only moved about: as a forger without a seal key does. */
export function changeEntries(
  bundle: Uint8Array,
  change: (entries: Map<string, Uint8Array>) => void,
): Uint8Array {
  const [first, ...rest] = readZip(bundle);
  const entries = new Map(rest);
  change(entries);
  return writeZip([first!, ...[...entries].sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The bundle with one generation more. */
export async function addGeneration(
  authority: TestAuthority,
  made: TestBundle,
  bundle: Uint8Array,
  content: GenerationContent,
  changes: GenerationChanges = {},
): Promise<Uint8Array> {
  const read = readBundle(bundle);
  const number = read.later.length + 1;
  const before = read.later.at(-1);
  const last: Pick<LaterState, 'ledgerSize'> = before
    ? (JSON.parse(
        new TextDecoder().decode(before.entries.get(laterName(number - 1, LATER.state))!),
      ) as LaterState)
    : { ledgerSize: 20 };
  const facts = content.facts ?? [];
  const entries = [...facts.map(({ entry }) => entry), ...(content.entries ?? [])];
  const ledgerSize = last.ledgerSize + entries.length + 3;

  const files = new Map<string, Uint8Array>();
  const json = (name: string, value: unknown): unknown => files.set(name, canonicalBytes(value));
  json(laterName(number, LATER.state), stateOf(made, number, ledgerSize, content));
  json(laterName(number, LATER.receipts), {
    format: 'mandate-later-receipts/v1',
    receipts: facts.map((fact) => receiptOf(authority, made, fact, changes)),
  });
  const opened = read.later.flatMap(({ entries: all, number: n }) => {
    const part = all.get(laterName(n, LATER.accesses))!;
    return (JSON.parse(new TextDecoder().decode(part)) as { entries: LaterAccess[] }).entries;
  }).length;
  json(laterName(number, LATER.accesses), {
    format: 'mandate-later-accesses/v1',
    entries: (changes.accesses ?? same)(
      (content.accesses ?? []).map((at, i) => ({
        ordinal: opened + i + 1,
        at: addSeconds(START, at).toISOString(),
        purpose: 'download',
        actor: 'web/institution:ins_019a1111-2222-7333-8444-555566667777',
      })),
    ),
  });
  if (content.letter) files.set(laterName(number, LATER.letter), content.letter);
  for (const [name, proof] of await proofsOf(
    authority,
    number,
    changes.from ?? last.ledgerSize,
    entries,
    changes,
  ))
    files.set(name, proof);
  changes.files?.(files);

  const sealed = changes.before ?? before ?? read;
  const manifest = (changes.manifest ?? same)(generationManifest(number, files, sealed));
  const signature = sealOf(authority, changes.sealed ?? manifest, content.at, changes);
  changes.filesAfterSeal?.(files);
  return changeEntries(bundle, (all) => {
    for (const [name, bytes] of files) all.set(name, bytes);
    all.set(manifestName(number), manifest);
    all.set(sealName(number), signature);
  });
}

function stateOf(
  { scene, terms }: TestBundle,
  generation: number,
  ledgerSize: number,
  { state, at }: GenerationContent,
): LaterState {
  const { uses } = terms;
  return {
    format: 'mandate-later-state/v1',
    authorization: scene.authorization,
    letter: scene.letterDigest,
    generation,
    asOf: toUtcSeconds(addSeconds(START, at - 1)),
    ledgerSize,
    withdrawn: false,
    hold: 'none',
    ended: false,
    restricted: false,
    releases: 0,
    ...state,
    uses: {
      allowed: uses.kind === 'count' ? uses.count : uses.atMost,
      per: uses.kind === 'count' ? null : uses.per,
      counted: 0,
      reserved: 0,
      ...state?.uses,
    },
  };
}

function receiptOf(
  { receipt, stamp }: TestAuthority,
  { terms }: TestBundle,
  { type, fact, entry, stamped }: MadeFact,
  changes: GenerationChanges,
): { jws: string; token?: string } {
  const key = changes.receiptKey ?? receipt;
  const part = (value: unknown): string => toBase64Url(utf8(canonicalize(value)));
  const header = { alg: 'ES256', kid: publicJwk(key.spki).kid, typ: type };
  const iat = Math.floor(Date.parse(String(fact['at'])) / 1000);
  const { name, creditCode } = terms.institution;
  const permission = {
    aud: fact['source'],
    exp: iat + 86_400,
    status: { status_list: { idx: 5, uri: 'https://mandate.test/status/0' } },
  };
  const payload = (changes.payload ?? same)({
    iss: 'https://mandate.test',
    jti: fact['id'],
    iat,
    ...(type === 'mandate-receipt+jwt' ? permission : {}),
    fact,
    factDigest: kindDigestHex('receipt', fact),
    ledgerEntry: sha256Hex(entryBytes(entry)),
    institution: { name, creditCode },
  });
  const input = `${part(header)}.${part(payload)}`;
  const jws = (changes.jws ?? same)(`${input}.${toBase64Url(ecdsaFromDer(key.sign(utf8(input))))}`);
  return {
    jws,
    ...(stamped === undefined
      ? {}
      : { token: toBase64Url(makeToken(stamp, sha256(utf8(jws)), stamped).token) }),
  };
}

/** All entries in one tree, from that index on. */
async function proofsOf(
  authority: TestAuthority,
  number: number,
  from: number,
  entries: readonly LedgerEntry[],
  changes: GenerationChanges,
): Promise<[string, Uint8Array][]> {
  const leaves = [
    ...Array.from({ length: from }, (_, i) => utf8(`before ${i}`)),
    ...entries.map(entryBytes),
    ...['a', 'b', 'c'].map((it) => utf8(it)),
  ];
  const frontier = new Frontier();
  const nodes = new Map<string, Uint8Array>();
  for (const leaf of leaves)
    for (const { level, index, hash } of frontier.append(leafHash(leaf)))
      nodes.set(`${level}/${index}`, hash);
  const origin = changes.origin ?? authority.origin;
  const text = checkpointBody({ origin, size: leaves.length, root: frontier.root() });
  const key = changes.ledgerKey ?? authority.ledger;
  const checkpoint = assembleNote(text, [
    { name: origin, publicKey: key.spki, signature: key.sign(noteToSign(text)) },
  ]);
  return Promise.all(
    entries.map(async (entry, i): Promise<[string, Uint8Array]> => {
      const index = from + i;
      const hashes = await inclusionProof(index, leaves.length, (l, n) => nodes.get(`${l}/${n}`)!);
      const proof = formatProof({ index, hashes, checkpoint, extra: entryBytes(entry) });
      return [laterProofName(number, index), utf8((changes.proof ?? same)(proof))];
    }),
  );
}

function sealOf(
  { seal, stamp }: TestAuthority,
  manifest: Uint8Array,
  at: number,
  { sealSigner: signer = seal, sealToken }: GenerationChanges,
): Uint8Array {
  const attributes = signedAttributes({
    contentType: OID.data,
    messageDigest: sha256(manifest),
    signerCertificate: signer.certificate,
  });
  const signature = signer.sign(attributes);
  return assembleSignedData({
    contentType: OID.data,
    certificates: [signer.certificate.der],
    signer: signer.certificate,
    signedAttributes: attributes,
    suite: 'ecdsa-p256-sha256',
    signature,
    unsignedTimestampToken: makeToken(stamp, sha256(signature), at, sealToken).token,
  });
}
