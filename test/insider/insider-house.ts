import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANCHOR_AFTER, anchorRegister, restrict } from '@mandate/ceremony';
import { addSeconds, fromHex, systemRandom, toBase64Url } from '@mandate/core';
import { openDatabase, vaultRecord } from '@mandate/store';
import pg from 'pg';
import {
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from '../integration/api/api-instance.js';
import { backUp } from './back-up.js';
import { playDeskScene, type DeskScene } from './desk-scene.js';
import { prepare, type Prepared } from '../integration/api/ceremony.js';
import { codeFromSandbox, subjectClient } from '../kit/ceremony-client.mjs';
import { choiceTemplate, OPTIONAL_ITEM } from '../kit/choice-template.js';
import { softwareAuthenticator } from '../kit/software-authenticator.js';
import { until } from '../kit/until.js';

/** Letters of the installation every case begins with, by what became of them. */
export interface Letters {
  /** Released and used once; its subject has a passkey. */
  readonly used: string;
  /** Released; one reservation was given back, one is confirmed. */
  readonly reserved: string;
  /** Disputed, the hold open, and withdrawn. */
  readonly ended: string;
  /** Released; read twice, its optional item accepted the first time and refused the second. */
  readonly reread: string;
  readonly declined: string;
  /** Declined, and its data key destroyed. */
  readonly erased: string;
}

/** What people outside hold since before the insider came. */
export interface Outside {
  /** The newest head a monitor saw, as its state file. */
  readonly monitor: string;
  /** The institution's downloads of the used letter. */
  readonly bundle: Uint8Array;
  readonly receipt: string;
}

export interface InsiderHouse {
  readonly letters: Letters;
  readonly outside: Outside;
  readonly desk: DeskScene;
  readonly tenant: Tenant;
  readonly publicUrl: string;
  now(): Date;
  /** The wrapped data key of the erased person as an old backup has it, hex. */
  readonly oldDataKey: string;
  /** A copy of the whole installation that a case may ruin; with what it was before some later facts, too. */
  copy(of?: 'now' | 'backup'): Promise<World>;
  close(): Promise<void>;
}

/** One copy: database and data folder, nobody running. */
export interface World {
  readonly databaseUrl: string;
  readonly folder: string;
  query(text: string, values?: unknown[]): Promise<any[]>;
  remove(): Promise<void>;
}

const CHOICES = 'with-choices';
const SOURCE = '91110000MA00DEM01M';

/** A running installation with letters of every kind, halted: the insider's cases work on copies of it. */
export async function openInsiderHouse(): Promise<InsiderHouse> {
  const api = await startApi({ LOG_LEVEL: 'error' });
  const tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template' },
    body: templateBody(),
  });
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-choices' },
    body: {
      ...templateBody(CHOICES),
      ...{ items: choiceTemplate.items, recipients: choiceTemplate.recipients },
    },
  });
  const post = async (path: string, body?: unknown) => {
    const answer = await api.call('POST', path, {
      ...{ key: tenant.apiKey, headers: { 'idempotency-key': crypto.randomUUID() } },
      body,
    });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
    return answer.json;
  };
  const released = () => prepare(api, tenant, 'released');
  const use = (id: string, more: object = {}) =>
    post(`/v1/authorizations/${id}/redemptions`, {
      purpose: 'loan-approval',
      source: { creditCode: SOURCE },
      items: ['basic-information'],
      operator: { id: 'staff-9' },
      ...more,
    });

  // ceremonies wait for the clock's next second, so they wait together
  const [{ erased, oldDataKey }, declined, used, reserved, ended, reread] = await Promise.all([
    eraseOne(api, tenant),
    prepare(api, tenant, 'presented').then((letter) => decline(api, letter)),
    released(),
    released(),
    released(),
    readTwice(api, tenant),
  ]);
  await registerPasskey(api, used);
  await quiet(api);
  // what is made from here on is missing in the backup
  const root = await mkdtemp(join(tmpdir(), 'mandate-insider-'));
  const backup = join(root, 'backup');
  await cp(api.folder, backup, { recursive: true });
  const backupDatabase = await newDatabase(api.databaseUrl);
  await backUp(api.databaseUrl, backupDatabase);

  const { receipt } = await use(used.id);
  const given = await use(reserved.id, { hold: true });
  await post(`/v1/authorizations/${reserved.id}/redemptions/${given.redemption}/release`);
  const kept = await use(reserved.id, { hold: true });
  await post(`/v1/authorizations/${reserved.id}/redemptions/${kept.redemption}/confirmation`);
  const proof = { kind: 'paper', ref: 'P-1' };
  await post(`/v1/authorizations/${ended.id}/withdrawals`, { channel: 'branch', proof });
  await post(`/v1/authorizations/${ended.id}/holds`, { proof });
  const desk = await playDeskScene(api, reserved.id);
  await quiet(api);
  await anchorOpenings(api);
  await quiet(api);

  const download = await fetch(`${api.url}/v1/authorizations/${used.id}/bundle`, {
    headers: { authorization: `Bearer ${tenant.apiKey}` },
  });
  const bundle = new Uint8Array(await download.arrayBuffer());
  const checkpoint = (await api.call('GET', '/ledger/checkpoint')).text;
  const [origin, size, root64] = checkpoint.split('\n');
  const monitor = JSON.stringify({
    ...{ origin, size: Number(size) },
    root: Buffer.from(root64!, 'base64').toString('hex'),
  });
  const behind = api.now().getTime() - Date.now();
  await api.halt();

  const bases = {
    now: { database: api.databaseUrl, folder: api.folder },
    backup: { database: backupDatabase, folder: backup },
  };
  return {
    letters: { used: used.id, reserved: reserved.id, ended: ended.id, reread, declined, erased },
    outside: { monitor, bundle, receipt },
    desk,
    ...{ tenant, publicUrl: api.url, oldDataKey },
    now: () => new Date(Date.now() + behind),
    copy: async (of = 'now') => {
      const folder = join(root, randomBytes(6).toString('hex'));
      await cp(bases[of].folder, folder, { recursive: true });
      return openWorld(await copyDatabase(bases[of].database), folder);
    },
    close: async () => {
      await dropDatabase(backupDatabase);
      await api.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function decline(api: ApiInstance, { id, cookie }: Prepared): Promise<string> {
  const { status, text } = await api.call('POST', '/v1/signing/decline', {
    cookie,
    headers: { 'x-requested-with': 'mandate' },
    body: { reason: 'refused' },
  });
  if (status !== 200) throw new Error(text);
  return id;
}

/** Read and chosen, then read again with other choices; signed are the second ones. */
async function readTwice(api: ApiInstance, tenant: Tenant): Promise<string> {
  const prepared = await prepare(api, tenant, 'identified', CHOICES);
  const browser = subjectClient(api.url, { now: api.now });
  let view = await browser.open(prepared.link);
  if (view.step === 'gate') view = await browser.identify(prepared.subject.idNumber.slice(-6));
  await browser.read(view, { choices: { items: [OPTIONAL_ITEM], recipients: [] } });
  await browser.read(view);
  view = await browser.challenge();
  const { code } = await codeFromSandbox(api.url, prepared.subject.phone, view.challenge.checkCode);
  view = await browser.confirm(view, code);
  await browser.complete(await browser.sign(view));
  return prepared.id;
}

/** Declined, restricted by the subject, erased; resolves with the data key as it was before. */
async function eraseOne(api: ApiInstance, tenant: Tenant) {
  const id = await decline(api, await prepare(api, tenant, 'presented'));
  const [{ wrapped }] = await api.query(
    `SELECT encode(wrapped, 'hex') AS wrapped FROM data_keys WHERE authorization_id = $1`,
    [id],
  );
  await restrict(
    { record: api.record, clock: { now: api.now }, random: systemRandom },
    { authorizationId: id, by: 'subject', proof: { kind: 'own-code', ref: 'ovs_1' } },
  );
  await api.administration.requestErasure({
    ...{ authorizationId: id, askedBy: 'Ann', approvedBy: 'Bob', at: api.now() },
  });
  await waitFor(api, 'SELECT 1 FROM erasures WHERE authorization_id = $1', [id]);
  return { erased: id, oldDataKey: wrapped as string };
}

async function registerPasskey(api: ApiInstance, { id, cookie }: Prepared): Promise<void> {
  const [{ digest }] = await api.query(
    'SELECT digest FROM challenges WHERE authorization_id = $1',
    [id],
  );
  const { status, text } = await api.call('POST', '/v1/signing/passkeys', {
    cookie,
    headers: { 'x-requested-with': 'mandate' },
    body: { registration: softwareAuthenticator(api.url).register(toBase64Url(fromHex(digest))) },
  });
  if (status !== 200 && status !== 201) throw new Error(text);
}

/** What the worker asks role vault for every minute, as if the openings were some minutes old. */
async function anchorOpenings(api: ApiInstance): Promise<void> {
  const db = openDatabase(api.databaseUrl, 'vault', 1);
  try {
    await anchorRegister({
      clock: { now: () => addSeconds(api.now(), ANCHOR_AFTER) },
      random: systemRandom,
      record: vaultRecord(db),
    });
  } finally {
    await db.destroy();
  }
}

/** Nothing waits any more: entries are in, letters archived, receipts signed and stamped. */
async function quiet(api: ApiInstance): Promise<void> {
  await waitFor(
    api,
    `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ledger_queue WHERE leaf_index IS NULL)
       AND (SELECT size FROM ledger_head) = (SELECT size FROM ledger_published)
       AND NOT EXISTS (SELECT 1 FROM unstamped_facts)
       AND NOT EXISTS (SELECT 1 FROM authorizations a WHERE a.state = 'released'
         AND NOT EXISTS (SELECT 1 FROM archives r WHERE r.authorization_id = a.id))
       AND NOT EXISTS (SELECT 1 FROM outbox WHERE relayed_at IS NULL)`,
  );
}

/** Background work of a busy machine takes its time. */
async function waitFor(api: ApiInstance, text: string, values: unknown[] = []): Promise<void> {
  for (let round = 0; round < 8; round++) {
    const found = await until(async () => (await api.query(text, values)).length > 0).catch(
      () => false,
    );
    if (found) return;
  }
  throw new Error(`waited in vain: ${text}`);
}

async function newDatabase(beside: string, template = 'template1'): Promise<string> {
  const name = `insider_${randomBytes(6).toString('hex')}`;
  await onServer(beside, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const made = new URL(beside);
  made.pathname = `/${name}`;
  return made.href;
}

/** Of a database that nobody is connected to. */
const copyDatabase = (url: string): Promise<string> =>
  newDatabase(url, new URL(url).pathname.slice(1));

const dropDatabase = (url: string): Promise<void> =>
  onServer(url, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`),
  );

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new URL(url);
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function openWorld(databaseUrl: string, folder: string): Promise<World> {
  // the insider is a superuser whom triggers and references do not hold up
  const insider = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    options: '-c session_replication_role=replica',
  });
  insider.on('error', () => undefined);
  await mkdir(join(folder, 'objects', 'ledger'), { recursive: true });
  return {
    databaseUrl,
    folder,
    query: async (text, values) => (await insider.query(text, values)).rows,
    remove: async () => {
      await insider.end();
      await dropDatabase(databaseUrl);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
