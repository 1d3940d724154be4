import {
  addSeconds,
  canonicalize,
  FIRST_PREVIOUS,
  kindDigestHex,
  newId,
  sha256,
  sha256Hex,
  systemClock,
  systemRandom,
  toHex,
  type DatabaseRole,
  type TrailEvent,
} from '@mandate/core';
import type { AttemptRow, AuthorizationRow, ConfirmationRow, Voiding } from '@mandate/ceremony';
import {
  administration,
  caRecord,
  ledgerRecord,
  migrate,
  openDatabase,
  raRecord,
  rememberedAnswers,
  vaultRecord,
  webRecord,
  workerRecord,
  type Database,
} from '@mandate/store';
import pg from 'pg';
import { startTestPostgres } from '../../kit/postgres.js';
import { aScope } from '../../kit/released-authorizations.js';

const random = systemRandom;
export const anId = (kind: Parameters<typeof newId>[0]): string => newId(kind, systemClock, random);
export const someBytes = (length = 32): Uint8Array => random.bytes(length);
const hex = (): string => toHex(someBytes());

/** The record alone, on a database of its own, through the role each record belongs to. */
export async function freshRecord() {
  const postgres = await startTestPostgres();
  await migrate(postgres.url, systemClock);
  const databases: Database[] = [];
  const open = (role?: DatabaseRole, max = 8): Database => {
    const db = openDatabase(postgres.url, role, max);
    databases.push(db);
    return db;
  };
  const owner = new pg.Pool({ connectionString: postgres.url, max: 4 });
  owner.on('error', () => undefined); // the server ends idle sessions when the database goes
  const webDatabase = open('web');
  const web = webRecord(webDatabase);
  const ra = raRecord(open('ra'));
  const ca = caRecord(open('ca'));
  const vault = vaultRecord(open('vault'));
  const institution = { id: anId('institution'), name: 'I', contact: 'c', complaints: 'c' };
  const creditCode = `CODE-${institution.id}`;
  await administration(open(undefined, 2)).createInstitution({
    ...institution,
    creditCode,
    at: systemClock.now(),
  });
  const templateId = anId('template');
  await web.createTemplate({
    id: templateId,
    institutionId: institution.id,
    name: 't',
    body: '{}',
    digest: kindDigestHex('template', {}),
    author: 'author',
    at: systemClock.now(),
  });
  const version = (await web.findTemplate(institution.id, templateId))!;
  await web.submitTemplate({ ...version, assessment: 'PIA-1', at: systemClock.now() });
  await web.publishTemplate({
    ...version,
    approver: 'reviewer',
    assessment: 'PIA-1',
    lintPack: 'none',
    at: systemClock.now(),
  });

  const row = () => {
    const now = systemClock.now();
    return {
      id: anId('authorization'),
      institutionId: institution.id,
      templateId,
      templateVersion: 1,
      businessReference: 'B-1',
      letterNumber: `L-${hex()}`,
      language: 'zh',
      termsDigest: hex(),
      letterDigest: hex(),
      letterSize: 1000,
      endAt: addSeconds(now, 30 * 86_400),
      signBy: addSeconds(now, 7 * 86_400),
      createdAt: now,
    };
  };
  const requested = async (answer?: { key: string; status: number; body: unknown }) => {
    const fresh = row();
    await vault.createKey(fresh.id, someBytes(), fresh.createdAt);
    return web.createAuthorization(
      { row: fresh, data: {}, termsBox: someBytes(), searchKey: new Uint8Array(32) },
      answer,
    );
  };
  const reload = (a: { id: string }): Promise<AuthorizationRow> => web.authorization(a.id);
  const presented = async () => {
    const authorization = await requested();
    const at = systemClock.now();
    await web.advance(
      { authorization, to: 'presented', type: 'presented', data: { presentation: hex() }, at },
      { presentation: someBytes() },
    );
    return reload(authorization);
  };
  const challenge = (authorizationId: string, ordinal = 1) => ({
    id: anId('challenge'),
    authorizationId,
    ordinal,
    digest: hex(),
    scene: '{}',
    sceneDigest: hex(),
    serverNonce: hex(),
    setChallenges: null,
    codeMac: someBytes(),
    sealedCode: someBytes(),
    channel: 'sms' as const,
    prefixKey: null,
    madeAt: systemClock.now(),
    expiresAt: addSeconds(systemClock.now(), 300),
  });
  const challenged = async () => {
    const authorization = await presented();
    const made = challenge(authorization.id);
    await ra.createChallenge(
      { authorization, to: 'challenged', type: 'challenged', data: {}, at: systemClock.now() },
      made,
      { personKey: someBytes(), phoneKey: someBytes(), ownerKey: someBytes() },
    );
    return { authorization: await reload(authorization), challenge: made };
  };
  const confirmation = (authorization: AuthorizationRow, challengeId: string): ConfirmationRow => ({
    authorizationId: authorization.id,
    challengeId,
    visitId: anId('visit'),
    parts: '{}',
    evidenceRoot: hex(),
    codeRecord: '{}',
    passkey: null,
    delivery: null,
    publicKey: someBytes(91),
    proof: someBytes(70),
    trailVersion: authorization.version + 1,
    confirmedAt: systemClock.now(),
    goodUntil: addSeconds(systemClock.now(), 600),
  });
  const confirm = (authorization: AuthorizationRow, challengeId: string) =>
    ra.confirm(
      { authorization, to: 'confirmed', type: 'confirmed', data: {}, at: systemClock.now() },
      confirmation(authorization, challengeId),
    );
  const confirmed = async () => {
    const { authorization, challenge: made } = await challenged();
    await confirm(authorization, made.id);
    return { authorization: await reload(authorization), challenge: made };
  };
  const attempt = (
    authorizationId: string,
    challengeId: string,
    change: Partial<AttemptRow> = {},
  ) => ({
    id: anId('attempt'),
    authorizationId,
    challengeId,
    keyOrigin: 'browser' as const,
    profile: 'test',
    serial: someBytes(16),
    keyDigest: someBytes(),
    tbsDigest: someBytes(),
    trailVersion: 5,
    notBefore: systemClock.now(),
    notAfter: addSeconds(systemClock.now(), 540),
    createdAt: systemClock.now(),
    ...change,
  });
  const intend = async (
    authorization: AuthorizationRow,
    made: ReturnType<typeof attempt>,
    entry = `{"kind":"intent","serial":"${toHex(made.serial)}"}`,
    superseded: readonly Voiding[] = [],
  ) => {
    const at = systemClock.now();
    await ca.intend(
      { authorization, type: 'attempt-issued', data: {}, at },
      made,
      someBytes(),
      entry,
      superseded,
    );
  };
  /** An attempt with every step journalled, ready to be committed. */
  const stored = async () => {
    const { authorization, challenge: made } = await confirmed();
    const opened = attempt(authorization.id, made.id);
    await intend(authorization, opened);
    for (const [step, to] of [
      ['certificate', 'issued'],
      ['signature', 'subject-signed'],
      ['token', 'stamped'],
      ['validation', undefined],
      ['seal', undefined],
      ['bundle', 'stored'],
    ] as const)
      await ca.journal(opened.id, step, someBytes(), systemClock.now(), to);
    return { authorization: await reload(authorization), attempt: opened };
  };
  const commit = (
    authorization: AuthorizationRow,
    attemptId: string,
    entry = '{"kind":"letter","letter":1}',
  ) =>
    ca.commit(
      { authorization, to: 'signed', type: 'signed', data: {}, at: systemClock.now() },
      attemptId,
      entry,
      aScope(),
      someBytes(),
    );

  return {
    url: postgres.url,
    owner,
    open,
    web,
    ra,
    ca,
    ledger: () => ledgerRecord(open('ledger', 2)),
    vault,
    worker: workerRecord(open('worker', 2)),
    answers: rememberedAnswers(webDatabase),
    institution: institution.id,
    row,
    requested,
    presented,
    challenge,
    challenged,
    confirmation,
    confirm,
    confirmed,
    attempt,
    intend,
    stored,
    commit,
    reload,
    /** One statement as a role, in a transaction that is rolled back; resolves to the SQL state refused with, or null. */
    refusal: async (role: DatabaseRole, ...statements: (string | [string, unknown[]])[]) => {
      const client = await owner.connect();
      try {
        await client.query('BEGIN');
        await client.query(`SET LOCAL ROLE mandate_${role}`);
        for (const statement of statements)
          await (typeof statement === 'string'
            ? client.query(statement)
            : client.query(statement[0], statement[1]));
        await client.query('SET CONSTRAINTS ALL IMMEDIATE');
        return null;
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    },
    stop: async () => {
      await Promise.all(databases.map((db) => db.destroy()));
      await owner.end();
      await postgres.stop();
    },
  };
}
export type FreshRecord = Awaited<ReturnType<typeof freshRecord>>;

/** A well-formed event row, as `append` would write it. */
export function eventRow(
  event: Partial<TrailEvent> & Pick<TrailEvent, 'stream' | 'version' | 'by'>,
) {
  const full = {
    type: 'presented',
    at: '2026-11-21T09:30:00.000Z',
    data: {},
    previous: FIRST_PREVIOUS,
    ...event,
  };
  return {
    full,
    digest: kindDigestHex('event', full),
    insert: [
      'INSERT INTO events (stream, version, type, body, previous, digest) VALUES ($1,$2,$3,$4,$5,$6)',
      [
        full.stream,
        full.version,
        full.type,
        canonicalize(full),
        full.previous,
        kindDigestHex('event', full),
      ],
    ] as [string, unknown[]],
  };
}

export const settled = async <T>(
  work: readonly Promise<T>[],
): Promise<{ done: T[]; codes: string[] }> => {
  const all = await Promise.allSettled(work);
  return {
    done: all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    codes: all.flatMap((one) =>
      one.status === 'rejected'
        ? [String((one.reason as { code?: string }).code ?? one.reason)]
        : [],
    ),
  };
};
export { sha256, sha256Hex };
