import { createHash } from 'node:crypto';
import {
  bytesEqual,
  concat,
  DomainError,
  encrypt,
  sha256,
  sha256Hex,
  toHex,
  toUtcSeconds,
  type ArchiveView,
  type CaRole,
} from '@mandate/core';
import { entryText, type RenewalEntry } from '@mandate/ledger';
import {
  closeTimestamp,
  readPdf,
  readSignatures,
  timestampedRanges,
  timestampUpdate,
  validationUpdate,
  type ValidationMaterial,
} from '@mandate/pdf';
import { parseOcspResponse, parseToken, type Sunset, type Token } from '@mandate/pki';
import { archiveContext, readArchive } from './archived-letter.js';
import { signedLetter } from '../sign/assemble-bundle.js';
import { openJournal } from '../sign/open-journal.js';
import type { CaDeps } from '../sign/open-attempt.js';
import type { GenerationReads } from '../ports/generation.js';
import type { ArchiveRow, AuthorizationRow } from '../ports.js';
import { authorityPath, renewalOf } from './renewal.js';

/** Room for a document timestamp's token in `/Contents`, bytes. */
export const TOKEN_BYTES = 8_192;

export interface ArchiveDeps extends CaDeps {
  readonly record: CaDeps['record'] & Pick<GenerationReads, 'generations'>;
  /** Our own verifier; throws `verification-failed` unless the letter passes at level B-LTA. */
  readonly selfCheckArchive: (letter: Uint8Array, at: Date) => void;
  /** When algorithms end. */
  readonly sunsets: readonly Sunset[];
  /** Fresh status of the timestamp authorities in these tokens, where they publish any. */
  readonly authorityStatus: (
    tokens: readonly Token[],
  ) => Promise<Pick<ValidationMaterial, 'ocsps' | 'crls'>>;
}

/** A letter that is to get validation material for its newest stamp, and one stamp more. */
interface Growing {
  readonly letter: Uint8Array;
  readonly material: ValidationMaterial;
  /** Operators of stamps that the next one must not come from. */
  readonly operators: readonly string[];
  readonly generation: number;
}

/**
 * Brings a released letter to B-LTA from the material frozen at signing, or renews it when that is due;
 * otherwise answers with what there is. Nothing is replaced: every generation is a row, an object and a ledger
 * entry of its own, and the first writer of a generation wins. Throws `illegal-transition` before `released`,
 * `timestamp-unavailable`, `verification-failed`, `object-corrupt`.
 */
export async function archiveLetter(
  deps: ArchiveDeps,
  { authorizationId }: Parameters<CaRole['archive']>[0],
): Promise<ArchiveView> {
  const { record, clock } = deps;
  const authorization = await record.authorization(authorizationId);
  if (authorization.state !== 'released')
    throw new DomainError('illegal-transition', `the authorization is ${authorization.state}`);
  const newest = await record.newestArchive(authorizationId);
  if (newest && clock.now() < newest.renewFrom && !(await sealIsAgeing(deps, newest)))
    return viewOf(newest);

  const { dataKey } = await deps.vault.unwrap({
    authorizationId,
    purpose: 'archive',
    actor: 'role:ca',
  });
  const growing = newest
    ? await renewing(deps, newest, dataKey)
    : await archiving(deps, authorization);
  const { letter, token } = await grow(deps, growing);
  deps.probe('after-archive-token');
  deps.selfCheckArchive(letter, clock.now());

  const { generation } = growing;
  const box = encrypt(dataKey, letter, archiveContext(authorizationId, generation), deps.random);
  const object = `archives/${authorizationId}/${generation}/${sha256Hex(box).slice(0, 32)}`;
  await deps.objects.put(object, box);
  if (!bytesEqual(await deps.objects.get(object), box))
    throw new DomainError('object-corrupt', 'the stored letter reads back differently');
  deps.probe('after-archive-object');
  const row: ArchiveRow = {
    authorizationId,
    generation,
    level: 'B-LTA',
    object,
    digest: sha256Hex(letter),
    madeAt: clock.now(),
    ...renewalOf(token, deps.sunsets, (await deps.anchors({})).timestamp),
  };
  const { serial } = await record.committedAttempt(authorizationId);
  const entry = renewalEntry(row, serial, growing.letter);
  const added = await record.addArchive(row, entryText(entry));
  return viewOf(added ? row : (await record.newestArchive(authorizationId))!);
}

/**
 * The bundle's last seal may be stamped by an authority that ends before the letter's. A renewed letter makes another
 * generation, whose seal covers it; while that one is still to come, nothing more is due.
 */
async function sealIsAgeing(
  { record, clock }: ArchiveDeps,
  { authorizationId, generation }: ArchiveRow,
): Promise<boolean> {
  const last = (await record.generations(authorizationId)).at(-1);
  return !!last && last.archiveGeneration >= generation && clock.now() >= last.renewFrom;
}

const renewalEntry = (
  { madeAt, generation, digest }: ArchiveRow,
  serial: Uint8Array,
  extended: Uint8Array,
): RenewalEntry => ({
  format: 'mandate-entry/v1',
  kind: 'renewal',
  at: toUtcSeconds(madeAt),
  serial: toHex(serial),
  generation,
  letter: digest,
  previous: sha256Hex(extended),
});

const viewOf = (row: ArchiveRow): ArchiveView => ({
  authorizationId: row.authorizationId,
  level: row.level,
  generation: row.generation,
  renewBy: toUtcSeconds(row.renewBy),
});

/** The letter as it was signed, with what was frozen then. */
async function archiving(deps: ArchiveDeps, authorization: AuthorizationRow): Promise<Growing> {
  const attempt = await deps.record.committedAttempt(authorization.id);
  const { journal, letter } = await openJournal(deps, attempt);
  const { token, operator } = journal.read('token')!;
  const { ocsp, crl } = journal.read('validation')!;
  const stamp = parseToken(token);
  const tokenCertificates = await stampChain(deps, stamp);
  const status = await deps.authorityStatus([stamp]);
  // The scene certificate's own issuers stand in the signature already; a store is complete by itself.
  return {
    letter: await signedLetter(deps, journal, letter),
    material: {
      certificates: [
        journal.read('certificate')!.certificate,
        ...deps.issuer.chain,
        ...parseOcspResponse(ocsp).certificates.map(({ der }) => der),
        ...tokenCertificates,
      ],
      ocsps: [ocsp, ...status.ocsps],
      crls: [...(crl ? [crl] : []), ...status.crls],
    },
    operators: operator ? [operator] : [],
    generation: 1,
  };
}

/** The newest archived letter, with fresh material for its newest document timestamp. */
async function renewing(
  deps: ArchiveDeps,
  newest: ArchiveRow,
  dataKey: Uint8Array,
): Promise<Growing> {
  const letter = await readArchive(deps.objects, dataKey, newest);
  const last = readSignatures(readPdf(letter)).find(({ coversWholeFile }) => coversWholeFile)!;
  const stamp = parseToken(last.contents);
  return {
    letter,
    material: {
      certificates: await stampChain(deps, stamp),
      ...(await deps.authorityStatus([stamp])),
    },
    operators: [],
    generation: newest.generation + 1,
  };
}

async function stampChain(deps: ArchiveDeps, token: Token): Promise<Uint8Array[]> {
  const { timestamp } = await deps.anchors({});
  return authorityPath(token, timestamp).map(({ der }) => der);
}

const unique = (list: readonly Uint8Array[]): Uint8Array[] =>
  list.filter((der, i) => list.findIndex((it) => bytesEqual(it, der)) === i);

/** Validation material first, the document timestamp over it in a later second. */
async function grow(
  deps: ArchiveDeps,
  { letter, material, operators }: Growing,
): Promise<{ letter: Uint8Array; token: Token }> {
  const sha1 = (bytes: Uint8Array): Uint8Array =>
    new Uint8Array(createHash('sha1').update(bytes).digest());
  const complete = concat(
    letter,
    validationUpdate(letter, { ...material, certificates: unique(material.certificates) }, sha1),
  );
  const update = timestampUpdate(complete, { contentsBytes: TOKEN_BYTES });
  const made = material.ocsps.map((der) => parseOcspResponse(der).producedAt.getTime());
  await deps.wait(nextSecond(Math.max(0, ...made)));
  const { token } = await deps.tsa.token({
    digest: sha256(concat(...timestampedRanges(complete, update))),
    otherThan: operators,
  });
  return { letter: closeTimestamp(complete, update, token), token: parseToken(token) };
}

const nextSecond = (ms: number): Date => new Date((Math.floor(ms / 1000) + 1) * 1000);
