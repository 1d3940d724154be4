import { systemClock, systemRandom } from '@mandate/core';
import { openObjects, openQueue } from '@mandate/adapters';
import {
  connectAuthority,
  createLog,
  createShutdown,
  listen,
  loadConfig,
  runMain,
} from '@mandate/runtime';
import {
  caseRows,
  deskReviewRecord,
  deskRecord,
  openDatabase,
  ping,
  reportJobRows,
  staffPeople,
} from '@mandate/store';
import { reportDrawer } from './reports/draw-in-child.js';
import { startReconciler } from './reconciler.js';
import { startReportWorker } from './reports/report-worker.js';
import type { DeskParts } from './desk-parts.js';
import { createDesk } from './service.js';

/** The disputes team's process, for staff only: reports on any authorization, no key of its own. */
await runMain(async () => {
  const config = loadConfig('desk');
  const log = createLog({ service: 'desk', level: config.logLevel });
  const shutdown = createShutdown(log);
  const database = openDatabase(config.databaseUrl, 'desk', 4);
  shutdown.defer('database', () => database.destroy());
  const queue = await openQueue(
    config.queueUrl === 'database:' ? config.databaseUrl : config.queueUrl,
    { log: (line) => log.warn(line) },
  );
  const parts: DeskParts = {
    clock: systemClock,
    random: systemRandom,
    log,
    record: deskRecord(database),
    ...deskReviewRecord(database),
    cases: caseRows(database),
    people: staffPeople(database),
    authority: connectAuthority({
      urls: config.authorityUrls,
      callerKey: config.authorityCallerKey ?? '',
    }),
    objects: await openObjects(config.objectsUrl),
    publicUrl: config.publicUrl!,
    deskUrl: config.deskUrl ?? `http://localhost:${config.deskPort}`,
    trustedProxies: config.trustedProxies,
    providerSignIn: config.staffProvider !== undefined,
    jobs: reportJobRows(database),
    queue,
    drawer: reportDrawer(),
    ready: () => ping(database),
  };
  const reports = await startReportWorker({ ...parts, queue });
  shutdown.defer('report worker', reports.close);
  shutdown.defer('reconciler', startReconciler(parts).close);
  const app = createDesk(parts);
  const listening = await listen(app, config.deskPort, config.host);
  shutdown.defer('listener', listening.close);
  log.info({ port: listening.port }, 'ready');
});
