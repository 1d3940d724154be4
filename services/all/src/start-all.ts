import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  systemClock,
  systemRandom,
  type Authority,
  type AuthorityRole,
  type Clock,
  type DatabaseRole,
  type Random,
} from '@mandate/core';
import {
  authorityExists,
  openKeyFolder,
  openObjects,
  openQueue,
  httpTimestampAuthority,
  httpWitness,
  openSms,
  postWebhook,
  redrawInChild,
  WEBHOOK_LIMITS,
  startEmbeddedPostgres,
  storeAuthority,
} from '@mandate/adapters';
import { startAuthority } from '@mandate/authority';
import { makeBuiltInAuthority } from '@mandate/sign';
import {
  folderOfUrl,
  listen,
  loadServerBuild,
  localAuthority,
  settleIdentity,
  type Config,
  type Log,
  type Shutdown,
} from '@mandate/runtime';
import {
  administration,
  bulkRows,
  caseRows,
  deskRecord,
  deskReviewRecord,
  migrate,
  openDatabase,
  ping,
  rememberedAnswers,
  reportJobRows,
  sandboxInbox,
  webhookEndpoints,
  webhookQueue,
  webRecord,
  workerRecord,
  staffAdministration,
  staffPeople,
  type Administration,
  type StaffAdministration,
  type Database,
} from '@mandate/store';
import type { Probe } from '@mandate/ceremony';
import {
  createDesk,
  reportDrawer,
  startReportWorker,
  type DeskParts,
  startReconciler,
} from '@mandate/desk';
import { createWeb, startBulkImporter, type WebParts } from '@mandate/web';
import { startWorker } from '@mandate/worker';
import { freePort } from './free-port.js';
import { registerSampleParties } from './sample.js';
import { startSample } from './start-sample.js';

export interface RunningAll {
  readonly publicUrl: string;
  readonly deskUrl: string;
  /** The sample institution, where the configuration wants it. */
  readonly sampleUrl?: string;
  readonly parts: WebParts;
  readonly administration: Administration;
  /** Accounts of the desk, as `mandate staff` writes them. */
  readonly staff: StaffAdministration;
  /** Owner's URL of the database in use. */
  readonly databaseUrl: string;
}

/** Below `DATA_DIR`, while the embedded database runs: the owner's URL. */
const OWNER_URL_FILE = 'owner-url';
const OPERATOR = 'Mandate self-operated';

/**
 * The one-process twin: every service on embedded parts, wired as `main.ts` of each would, with the
 * same database roles. Parts register with `shutdown` in the order of their opening.
 */
export async function startAll(
  config: Config,
  deps: {
    log: Log;
    shutdown: Shutdown;
    clock?: Clock;
    random?: Random;
    sampleLink?: () => string | undefined;
    probe?: Probe;
  },
): Promise<RunningAll> {
  const { log, shutdown, clock = systemClock, random = systemRandom } = deps;
  await mkdir(config.dataDir, { recursive: true });
  const databaseUrl = await openRecord(config, log, shutdown);
  await migrate(databaseUrl, clock);
  const owner = openDatabase(databaseUrl, undefined, 2);
  shutdown.defer('owner connection', () => owner.destroy());
  const admin = administration(owner);

  const port = config.port || (await freePort(config.host));
  const { publicUrl, ledgerOrigin } = await fixIdentity(config, admin, port);
  const { trustFolder } = config;
  const folderOf = (role: AuthorityRole | 'offline'): string =>
    role === 'offline'
      ? join(config.dataDir, 'keys', 'offline')
      : folderOfUrl(config.keysUrls[role]);
  if (!authorityExists(trustFolder)) {
    const made = await makeBuiltInAuthority({ now: clock.now(), random, operator: OPERATOR });
    await storeAuthority({ made, keyFolder: folderOf, trustFolder, ledgerOrigin, random });
  }

  const objects = await openObjects(config.objectsUrl);
  const deskPort = config.deskPort || (await freePort(config.host));
  const deskUrl = config.deskUrl ?? `http://localhost:${deskPort}`;
  const running = await startAuthority({
    clock,
    random,
    log,
    roles: config.roles,
    databaseUrl: () => databaseUrl,
    keys: (role) => openKeyFolder(folderOf(role)),
    objects,
    trustFolder,
    publicUrl,
    deskUrl,
    staffProvider: config.staffProvider,
    ledgerOrigin,
    witnesses: config.witnesses.map(({ vkey, url }) => httpWitness(vkey, url)),
    witnessQuorum: config.witnessQuorum,
    stampSeconds: config.stampSeconds,
    timestampAuthorities: config.tsas.map(({ url, ...names }) =>
      url === 'builtin:' ? 'built-in' : httpTimestampAuthority(url, names),
    ),
    identityProviders: config.identityProviders,
    distinctOperators: config.production,
    urls: {},
    callerKey: '',
    probe: deps.probe ?? (() => undefined),
    build: loadServerBuild(),
  });
  shutdown.defer('authority', running.close);

  const database = (role: DatabaseRole, connections: number): Database => {
    const db = openDatabase(databaseUrl, role, connections);
    shutdown.defer(`${role} database`, () => db.destroy());
    return db;
  };
  // In one process too, each caller reaches only what the allow-list grants it.
  const authorityFor = (caller: 'web' | 'worker' | 'desk'): Authority =>
    localAuthority(running.local, caller);
  const common = { clock, random, log, objects, publicUrl };

  // Each process has its own.
  const openedQueue = () =>
    openQueue(config.queueUrl === 'database:' ? databaseUrl : config.queueUrl, {
      log: (line) => log.warn(line),
    });

  const workerDatabase = database('worker', 4);
  const inbox = sandboxInbox(workerDatabase, clock);
  const workerRows = workerRecord(workerDatabase);
  const worker = await startWorker({
    ...common,
    record: workerRows,
    queue: await openedQueue(),
    sms: openSms(config.smsUrl, {
      clock,
      random,
      inbox,
      onReceipt: (receipt) => workerRows.noteReceipts([receipt], clock.now()),
    }),
    webhooks: webhookQueue(workerDatabase),
    postWebhook: (post) => postWebhook(post, { ...WEBHOOK_LIMITS, loopback: !config.production }),
    authority: authorityFor('worker'),
  });
  shutdown.defer('worker', worker.close);

  const deskDatabase = database('desk', 4);
  const deskQueue = await openedQueue();
  const deskParts: DeskParts = {
    ...common,
    record: deskRecord(deskDatabase),
    ...deskReviewRecord(deskDatabase),
    cases: caseRows(deskDatabase),
    people: staffPeople(deskDatabase),
    providerSignIn: config.staffProvider !== undefined,
    deskUrl,
    trustedProxies: config.trustedProxies,
    authority: authorityFor('desk'),
    jobs: reportJobRows(deskDatabase),
    queue: deskQueue,
    drawer: reportDrawer(),
    ready: () => ping(deskDatabase),
  };
  const reports = await startReportWorker({ ...deskParts, queue: deskQueue });
  shutdown.defer('report worker', reports.close);
  shutdown.defer('reconciler', startReconciler(deskParts).close);
  const deskListening = await listen(createDesk(deskParts), deskPort, config.host);
  shutdown.defer('desk', deskListening.close);

  const webDatabase = database('web', 12);
  const parts: WebParts = {
    ...common,
    record: webRecord(webDatabase),
    answers: rememberedAnswers(webDatabase),
    webhooks: webhookEndpoints(webDatabase),
    bulks: bulkRows(webDatabase),
    redraw: redrawInChild(),
    idImageDays: config.idImageDays,
    authority: authorityFor('web'),
    production: config.production,
    trustedProxies: config.trustedProxies,
    ...(config.smsCallbackToken ? { smsCallbackToken: config.smsCallbackToken } : {}),
    ...(config.smsUrl === 'sandbox:' ? { sandbox: (limit?: number) => inbox.list(limit) } : {}),
    ...(deps.sampleLink ? { sampleLink: deps.sampleLink } : {}),
    ready: () => ping(webDatabase),
  };
  if (!config.production)
    await registerSampleParties({ clock, random, administration: admin, record: parts.record });
  shutdown.defer('bulk importer', startBulkImporter(parts).close);
  const listening = await listen(createWeb(parts), port, config.host);
  shutdown.defer('web', listening.close);
  const vaultSecret = await openKeyFolder(folderOf('vault')).secret('wrapping');
  const all = {
    ...{ publicUrl, deskUrl: deskListening.url, parts, databaseUrl },
    ...{ administration: admin, staff: staffAdministration(owner, vaultSecret) },
  };
  if (config.samplePort === undefined) return all;
  const sampleUrl = await startSample({
    config,
    ...{ clock, random, log, shutdown, publicUrl },
    administration: admin,
    record: parts.record,
    apiUrl: listening.url,
  });
  return { ...all, sampleUrl };
}

async function openRecord(config: Config, log: Log, shutdown: Shutdown): Promise<string> {
  if (config.databaseUrl !== 'embedded:') return config.databaseUrl;
  const postgres = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: (line) => log.debug(line),
  });
  shutdown.defer('postgres', postgres.stop);
  // The `mandate` command finds the running database here.
  const note = join(config.dataDir, OWNER_URL_FILE);
  await writeFile(note, `${postgres.url}\n`, { mode: 0o600 });
  shutdown.defer('owner url', () => rm(note, { force: true }));
  return postgres.url;
}

/** Fixed at first start and stored; a mismatch later refuses to start and says so. */
async function fixIdentity(config: Config, admin: Administration, port: number) {
  const [publicUrl, ledgerOrigin] = [
    await admin.setting('public-url'),
    await admin.setting('ledger-origin'),
  ];
  const identity = settleIdentity({
    stored: publicUrl && ledgerOrigin ? { publicUrl, ledgerOrigin } : null,
    configured: {
      ...(config.publicUrl ? { publicUrl: config.publicUrl } : {}),
      ...(config.ledgerOrigin ? { ledgerOrigin: config.ledgerOrigin } : {}),
    },
    url: `http://localhost:${port}`,
  });
  await admin.fixSetting('public-url', identity.publicUrl);
  await admin.fixSetting('ledger-origin', identity.ledgerOrigin);
  return identity;
}
