import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyFolder, openObjects, storeAuthority } from '@mandate/adapters';
import { startAuthority, type AuthorityParts } from '@mandate/authority';
import { localAuthority } from '@mandate/runtime';
import {
  addSeconds,
  DomainError,
  newId,
  systemClock,
  systemRandom,
  toUtcSeconds,
  type Authority,
  type ChallengeView,
  type ServerBuild,
  type Choices,
  type Clock,
  type TimestampAuthority,
} from '@mandate/core';
import {
  createWayIn,
  openWayIn,
  passGate,
  possessionMessage,
  readVisit,
  recordPresentation,
  letterForVisit,
  requestAuthorization,
  sweep,
  type EnterDeps,
  type ShownPresentation,
  type Visit,
} from '@mandate/ceremony';
import { publishedTemplate, registerParties } from '@mandate/all';
import { createLog } from '@mandate/runtime';
import { makeBuiltInAuthority, timestampAuthority } from '@mandate/sign';
import {
  administration,
  migrate,
  openDatabase,
  webhookQueue,
  webRecord,
  workerRecord,
  type Database,
} from '@mandate/store';
import { creditReportTemplate, parseTemplate, type TemplateBody } from '@mandate/terms';
import pg from 'pg';
import { makeKey } from '../../kit/authority.js';
import { startTestPostgres } from '../../kit/postgres.js';

/** A clock that runs, can be moved on, and can be held still. */
export function testClock(): Clock & { move(seconds: number): void; hold(at: Date | null): void } {
  let offset = 0;
  let held: Date | null = null;
  return {
    now: () => held ?? new Date(systemClock.now().getTime() + offset),
    move: (seconds) => void (offset += seconds * 1000),
    hold: (at) => void (held = at),
  };
}

export type Subject = { name: string; idNumber: string; phone: string };
export const SUBJECT: Subject = {
  name: '王䶮',
  idNumber: '310101199003072313',
  phone: '13800138000',
};

export const NO_CHOICES: Choices = { items: [], recipients: [] };

/** What a page tells of a letter that was read for a minute. */
export const shownPresentation = (
  body: Pick<TemplateBody, 'clauses'>,
  choices: Choices = NO_CHOICES,
): ShownPresentation => ({
  language: 'zh',
  pageBuild: null,
  secondsOpen: 60,
  clauses: body.clauses.map(({ id }) => ({
    id,
    visibleMilliseconds: 4000,
    acknowledgedAfterMilliseconds: 30_000,
  })),
  reachedEnd: true,
  alternative: 'both',
  readAloud: false,
  largePrint: false,
  viewport: { width: 360, height: 740 },
  choices,
});

/** The steps and roles as the services wire them, with a clock, a timestamp authority and points of ours. */
export async function startCeremony(
  policy: Partial<TemplateBody['policy']> = {},
  distinctOperators = false,
  template: TemplateBody = creditReportTemplate,
  build: ServerBuild | null = null,
) {
  const postgres = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'mandate-ceremony-'));
  await chmod(folder, 0o711);
  const clock = testClock();
  const random = systemRandom;
  const log = createLog({ service: 'test', level: 'silent' });
  await migrate(postgres.url, clock);
  const made = await makeBuiltInAuthority({ now: clock.now(), random, operator: 'Test' });
  const trustFolder = join(folder, 'trust');
  const keyFolder = (role: string): string => join(folder, 'keys', role);
  await storeAuthority({
    made,
    keyFolder,
    trustFolder,
    ledgerOrigin: 'test.example/ledger',
    random,
  });
  const objects = await openObjects(`file:${join(folder, 'objects')}`);

  const tsaKey = await openKeyFolder(keyFolder('tsa')).signingKey('tsa');
  const stampAt = { seconds: 0 };
  // Made anew for each request: one authority would remember the time and refuse to go back.
  const respond = (request: Uint8Array): Promise<Uint8Array> =>
    timestampAuthority({
      key: tsaKey,
      random,
      clock: { now: () => addSeconds(clock.now(), stampAt.seconds) },
    })(request);
  const tsa = { down: false };
  const authorityOfTests: TimestampAuthority = {
    name: 'test',
    operator: 'test',
    stamp: async (request) => {
      if (tsa.down) throw new DomainError('timestamp-unavailable', 'down');
      return respond(request);
    },
  };
  const second = { down: false };
  const secondAuthority: TimestampAuthority = {
    name: 'second',
    operator: 'another',
    stamp: async (request) => {
      if (second.down) throw new DomainError('timestamp-unavailable', 'down');
      return respond(request);
    },
  };
  const probes = { at: (_point: string): void => undefined };
  const parts: AuthorityParts = {
    clock,
    random,
    log,
    roles: ['ra', 'ca', 'tsa', 'seal', 'ledger', 'vault'],
    databaseUrl: () => postgres.url,
    keys: (role) => openKeyFolder(keyFolder(role)),
    objects,
    trustFolder,
    publicUrl: 'http://localhost:1',
    deskUrl: 'http://localhost:2',
    ledgerOrigin: 'test.example/ledger',
    witnesses: [],
    witnessQuorum: 0,
    identityProviders: [],
    timestampAuthorities: distinctOperators
      ? [authorityOfTests, secondAuthority]
      : [authorityOfTests],
    distinctOperators,
    urls: {},
    callerKey: '',
    probe: (point) => probes.at(point),
    build,
  };
  const { authority, local, close } = await startAuthority(parts);

  const databases: Database[] = [];
  const open = (role?: 'web' | 'worker'): Database => {
    const db = openDatabase(postgres.url, role, 8);
    databases.push(db);
    return db;
  };
  const record = webRecord(open('web'));
  const workerDatabase = open('worker');
  const worker = workerRecord(workerDatabase);
  const owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
  owner.on('error', () => undefined); // the server ends idle sessions when the database goes
  const institution = {
    id: newId('institution', clock, random),
    name: '禾穗消费金融有限公司',
    creditCode: '91310000MA1FL5E8XC',
    contact: '400-800-1234',
    complaints: '400-800-1235',
  };
  await administration(open()).createInstitution({ ...institution, at: clock.now() });
  const body = parseTemplate({
    ...template,
    policy: { ...template.policy, ...policy },
  });
  const sample = { clock, random, administration: administration(open()), record };
  await registerParties(sample, body);
  await publishedTemplate(sample, institution.id, body);
  const web = localAuthority(local, 'web');
  const deps: EnterDeps = { clock, random, record, vault: web.vault, objects };

  const request = async (subject: Subject = SUBJECT) => {
    // the clock may have gone on for years
    await registerParties(sample, body);
    const { id } = await requestAuthorization(
      { ...deps, publicUrl: 'http://localhost:1', signWithin: 7 * 86_400 },
      {
        institution,
        request: {
          template: body.name,
          businessReference: 'TEST-1',
          language: 'zh',
          subject: { ...subject, idType: 'cn-resident-id' },
          end: { kind: 'date', at: toUtcSeconds(addSeconds(clock.now(), 30 * 86_400)) },
        } as never,
      },
    );
    return id;
  };
  const visit = async (id: string): Promise<Visit> => {
    const way = await createWayIn(deps, await record.authorization(id), { kind: 'link' });
    const { cookie } = await openWayIn(deps, way.token);
    return readVisit(deps, cookie!);
  };
  /** Requested, opened, identified and read. */
  const presented = async (subject: Subject = SUBJECT, choices: Choices = NO_CHOICES) => {
    const id = await request(subject);
    const opened = await visit(id);
    await passGate(deps, opened, subject.idNumber.slice(-6));
    const identified = { ...opened, identified: true };
    const { letterDigest } = await record.authorization(id);
    await recordPresentation(
      deps,
      identified,
      { letterDigest, record: shownPresentation(body, choices) },
      { minimumReadingSeconds: 0, pageBuild: null },
    );
    return { id, visit: identified };
  };
  const challenge = (id: string): Promise<ChallengeView> =>
    authority.ra.challenge({ authorizationId: id, gate: 'last-six' });
  const code = async (challengeId: string): Promise<string> => {
    const message = await authority.ra.message({ challengeId, gateway: 'test' });
    return /\d{6}/.exec(message!.text)![0];
  };
  /** Signs as often as it is told to, unlike the subject's own. */
  const newKey = async (asked: ChallengeView) => {
    const { spki, sign } = makeKey();
    const prove = (digest: string) => sign(possessionMessage(digest, spki));
    return { key: { sign, prove }, publicKey: spki, proof: prove(asked.challengeDigest) };
  };
  const confirm = async (
    at: { id: string; visit: Visit },
    asked: ChallengeView,
    answer?: string,
  ) => {
    const { publicKey, proof } = await newKey(asked);
    return authority.ra.confirm({
      authorizationId: at.id,
      visitId: at.visit.id,
      code: answer ?? (await code(asked.challengeId)),
      publicKey,
      proof,
    });
  };
  const confirmed = async (subject: Subject = SUBJECT) => {
    const at = await presented(subject);
    const asked = await challenge(at.id);
    await confirm(at, asked);
    return { ...at, challenge: asked };
  };
  type At = Awaited<ReturnType<typeof confirmed>>;
  const issue = async (at: At, made?: Awaited<ReturnType<typeof newKey>>) => {
    const { key, publicKey, proof } = made ?? (await newKey(at.challenge));
    const material = await authority.ca.issue({
      authorizationId: at.id,
      visitId: at.visit.id,
      publicKey,
      proof,
    });
    return { key, material, attemptId: material.attemptId };
  };
  const complete = async (
    at: { id: string },
    issued: Awaited<ReturnType<typeof issue>>,
    signature?: Uint8Array,
  ) =>
    authority.ca.complete({
      authorizationId: at.id,
      attemptId: issued.attemptId,
      signature: signature ?? (await issued.key.sign(issued.material.signedAttributes)),
    });

  return {
    url: postgres.url,
    authority: authority as Authority,
    /** What it was started with, to start it once more. */
    parts,
    /** What role web may ask of it. */
    web,
    clock,
    tsa,
    second,
    stampAt,
    probes,
    deps,
    record,
    worker,
    /** For a worker nobody expects webhooks from. */
    webhooks: {
      webhooks: webhookQueue(workerDatabase),
      postWebhook: async () => ({ fault: 'connection' as const }),
    },
    owner,
    folder,
    body,
    objects,
    institution,
    request,
    visit,
    presented,
    challenge,
    code,
    newKey,
    confirm,
    confirmed,
    issue,
    complete,
    letter: (at: { visit: Visit }) => letterForVisit(deps, at.visit),
    state: async (id: string): Promise<string> => (await record.authorization(id)).state,
    attemptState: async (id: string): Promise<string> =>
      (await owner.query('SELECT state FROM attempts WHERE id = $1', [id])).rows[0].state,
    serial: async (id: string): Promise<Buffer> =>
      (await owner.query('SELECT serial FROM attempts WHERE id = $1', [id])).rows[0].serial,
    sweep: async (): Promise<string[]> => {
      const problems: string[] = [];
      await sweep({
        clock,
        random,
        record: worker,
        ca: authority.ca,
        ledger: authority.ledger,
        onProblem: (_what, error) =>
          problems.push((error as Partial<DomainError>).code ?? String(error)),
      });
      return problems;
    },
    stop: async () => {
      await close();
      await Promise.all(databases.map((db) => db.destroy()));
      await owner.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type StartedCeremony = Awaited<ReturnType<typeof startCeremony>>;
