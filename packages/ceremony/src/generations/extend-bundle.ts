import {
  bytesEqual,
  canonicalBytes,
  DomainError,
  encrypt,
  sha256,
  sha256Hex,
  toBase64Url,
  utf8,
  type AccessEntry,
  type BundleView,
  type CaRole,
} from '@mandate/core';
import {
  generationManifest,
  LATER,
  laterName,
  laterProofName,
  MAXIMUM_GENERATIONS,
  packGeneration,
  readBundle,
  unpackGeneration,
  withGenerations,
} from '@mandate/evidence';
import { parseEntry, type LedgerEntry } from '@mandate/ledger';
import { parseSignedData, parseToken, type Token } from '@mandate/pki';
import { readArchive } from '../archive/archived-letter.js';
import type { ArchiveDeps } from '../archive/archive.js';
import { renewalOf } from '../archive/renewal.js';
import type { GenerationRecord, GenerationRow, LaterEntryRow } from '../ports/generation.js';
import { openTerms } from '../letter-box.js';
import type { AuthorizationRow } from '../ports.js';
import { RESERVED_GENERATIONS } from './generation-sweep.js';
import { laterState } from './later-state.js';
import { generationContext, storedBundle } from './stored-bundle.js';

export interface ExtendDeps extends ArchiveDeps {
  readonly record: ArchiveDeps['record'] & GenerationRecord;
  /** Our own verifier on the whole bundle; throws `verification-failed` unless its last generation holds. */
  readonly selfCheckLater: (bundle: Uint8Array, generation: number, at: Date) => Promise<void>;
}

/** An entry that has its place in the published ledger. */
type Placed = LaterEntryRow & { readonly index: number; readonly parsed: LedgerEntry };

/**
 * Adds to a released letter's bundle what has happened since its last generation, if anything has. Nothing is
 * replaced: every generation is a row and an object of its own, and the first writer of a generation wins. Throws
 * `illegal-transition` before `released`, `timestamp-unavailable`, `verification-failed`, `object-corrupt`.
 */
export async function extendBundle(
  deps: ExtendDeps,
  { authorizationId }: Parameters<CaRole['extend']>[0],
): Promise<BundleView> {
  const { record } = deps;
  const authorization = await record.authorization(authorizationId);
  if (authorization.state !== 'released')
    throw new DomainError('illegal-transition', `the authorization is ${authorization.state}`);
  // Counted before anything is read: what happens meanwhile is told next time.
  const changes = await record.bundleChanges(authorizationId);
  const rows = await record.generations(authorizationId);
  const newest = rows.at(-1);
  const size = await publishedSize(deps);
  const entries = await record.laterEntries(authorizationId);
  const placed = entries.filter((it): it is LaterEntryRow & { index: number } =>
    isPlaced(it, size),
  );
  const all = placed.map((it): Placed => ({ ...it, parsed: parseEntry(utf8(it.entry)) }));
  const added = all.filter(({ index }) => index >= (newest?.ledgerSize ?? 0));
  // What still waits for its place makes the next one due.
  const told = placed.length < entries.length ? 0 : changes;
  const renewing = added.some(({ parsed }) => parsed.kind === 'renewal');
  const full = rows.length >= MAXIMUM_GENERATIONS - (renewing ? 0 : RESERVED_GENERATIONS);
  if (added.length === 0 || full) {
    await record.tellChanges(authorizationId, full ? changes : told);
    return { authorizationId, generation: rows.length, added: false };
  }
  const row = await makeGeneration(deps, authorization, { rows, all, added, size });
  const written = await record.addGeneration(row, told);
  return {
    authorizationId,
    generation: written ? row.generation : (await record.generations(authorizationId)).length,
    added: written,
  };
}

const isPlaced = ({ index }: LaterEntryRow, size: number): boolean =>
  index !== null && index < size;

/** Everything below it is published; asked for before the entries are read, so that none of them is missed. */
async function publishedSize({ ledger }: ExtendDeps): Promise<number> {
  return (await ledger.prove({ indexes: [] })).size;
}

async function makeGeneration(
  deps: ExtendDeps,
  authorization: AuthorizationRow,
  p: {
    readonly rows: readonly GenerationRow[];
    readonly all: readonly Placed[];
    readonly added: readonly Placed[];
    readonly size: number;
  },
): Promise<GenerationRow> {
  const { record, vault, objects, clock, random } = deps;
  const { id } = authorization;
  const { rows, all, added, size } = p;
  const newest = rows.at(-1);
  const generation = (newest?.generation ?? 0) + 1;
  const { dataKey } = await vault.unwrap({
    authorizationId: id,
    purpose: 'archive',
    actor: 'role:ca',
  });
  const terms = openTerms(dataKey, id, await record.personalData(id, 'terms'));
  const { entries: register } = await vault.accesses({ authorizationId: id });
  const files = new Map<string, Uint8Array>();

  // The letter of the newest renewal that the ledger holds; a newer one comes with its entry.
  const renewed = all.findLast(({ parsed }) => parsed.kind === 'renewal')?.parsed;
  const archiveGeneration = renewed?.kind === 'renewal' ? renewed.generation : 0;
  if (archiveGeneration > (newest?.archiveGeneration ?? 0)) {
    const archive = (await record.archive(id, archiveGeneration))!;
    files.set(laterName(generation, LATER.letter), await readArchive(objects, dataKey, archive));
  }
  const { proofs } = await deps.ledger.prove({ indexes: added.map(({ index }) => index) });
  for (const { index, proof } of proofs) files.set(laterProofName(generation, index), utf8(proof));
  const json = (file: (typeof LATER)['state' | 'receipts' | 'accesses'], value: unknown): unknown =>
    files.set(laterName(generation, file), canonicalBytes(value));
  json(LATER.receipts, {
    format: 'mandate-later-receipts/v1',
    receipts: await receiptsOf(deps, added),
  });
  json(LATER.accesses, {
    format: 'mandate-later-accesses/v1',
    entries: register.filter(({ ordinal }) => ordinal > (newest?.accesses ?? 0)).map(extracted),
  });
  const parsed = all.map((it) => it.parsed);
  const asOf = clock.now();
  json(
    LATER.state,
    laterState(authorization, terms, parsed, { generation, asOf, ledgerSize: size }),
  );

  const bundle = await storedBundle(deps, id, dataKey, rows);
  const read = readBundle(bundle);
  const manifest = generationManifest(generation, files, read.later.at(-1) ?? read);
  const { cms } = await deps.seal.bundle({ digest: sha256(manifest) });
  deps.probe('after-generation-seal');
  const packed = packGeneration(generation, files, { manifest, signature: cms });
  const grown = withGenerations(bundle, [unpackGeneration(generation, packed)]);
  await deps.selfCheckLater(grown, generation, clock.now());
  const box = encrypt(dataKey, packed, generationContext(id, generation), random);
  const object = `generations/${id}/${generation}/${sha256Hex(box).slice(0, 32)}`;
  await objects.put(object, box);
  if (!bytesEqual(await objects.get(object), box))
    throw new DomainError('object-corrupt', 'the stored generation reads back differently');
  deps.probe('after-generation-object');
  return {
    authorizationId: id,
    generation,
    object,
    digest: sha256Hex(packed),
    ledgerSize: size,
    accesses: register.at(-1)?.ordinal ?? 0,
    archiveGeneration,
    madeAt: clock.now(),
    ...renewalOf(sealToken(cms), deps.sunsets, (await deps.anchors({})).timestamp),
  };
}

/** The one token that our own check has just found in it. */
const sealToken = (cms: Uint8Array): Token =>
  parseToken(parseSignedData(cms).signers[0]!.timestampTokens[0]!);

/** Signed by role seal, which reads each fact itself; stamped where an authority has answered by now. */
async function receiptsOf(deps: ExtendDeps, added: readonly Placed[]) {
  const receipts: { jws: string; token?: string }[] = [];
  for (const { factId } of added) {
    if (factId === null) continue;
    const { jws, token } = await deps.seal.receipt({ factId });
    receipts.push({ jws, ...(token ? { token: toBase64Url(token) } : {}) });
  }
  return receipts;
}

/**
 * Process, office and the ids behind it. Names of staff, and what institutions said of theirs, stay in the register:
 * it tells them to whoever may read it.
 */
export const extracted = ({ ordinal, at, purpose, actor }: AccessEntry): AccessEntry => {
  const office = /^(?:[a-z]+\/)?[a-z-]+/.exec(actor)?.[0] ?? 'unknown';
  const ids = office.endsWith('staff')
    ? ''
    : /^(?:[:/][a-z]{2,10}_[0-9a-f-]{36})*/.exec(actor.slice(office.length))![0];
  const role = /^authority\/role:[a-z]+$/.test(actor);
  return { ordinal, at, purpose, actor: role ? actor : `${office}${ids}` };
};
