import { systemClock, systemRandom } from '@mandate/core';
import { openObjects } from '@mandate/adapters';
import {
  connectAuthority,
  createLog,
  createShutdown,
  listen,
  loadConfig,
  runMain,
} from '@mandate/runtime';
import { caseRows, deskRecord, openDatabase, ping } from '@mandate/store';
import { createDesk } from './service.js';

/** The disputes team's process, for staff only: reports on any authorization, no key of its own. */
await runMain(async () => {
  const config = loadConfig('desk');
  const log = createLog({ service: 'desk', level: config.logLevel });
  const shutdown = createShutdown(log);
  const database = openDatabase(config.databaseUrl, 'desk', 4);
  shutdown.defer('database', () => database.destroy());
  const app = createDesk({
    clock: systemClock,
    random: systemRandom,
    log,
    record: deskRecord(database),
    cases: caseRows(database),
    authority: connectAuthority({
      urls: config.authorityUrls,
      callerKey: config.authorityCallerKey ?? '',
    }),
    objects: await openObjects(config.objectsUrl),
    publicUrl: config.publicUrl!,
    deskUrl: config.deskUrl ?? config.publicUrl!,
    staff: config.deskStaff,
    ready: () => ping(database),
  });
  const listening = await listen(app, config.deskPort, config.host);
  shutdown.defer('listener', listening.close);
  log.info({ port: listening.port }, 'ready');
});
