import { systemClock, systemRandom } from '@mandate/core';
import { openQueue, openSms } from '@mandate/adapters';
import { connectAuthority, createLog, createShutdown, loadConfig, runMain } from '@mandate/runtime';
import { openDatabase, sandboxInbox, workerRecord } from '@mandate/store';
import { startWorker } from './service.js';

/** Drains the outbox; reaches out to gateways; signs nothing. */
await runMain(async () => {
  const config = loadConfig('worker');
  const log = createLog({ service: 'worker', level: config.logLevel });
  const shutdown = createShutdown(log);
  const clock = systemClock;
  const database = openDatabase(config.databaseUrl, 'worker', 6);
  shutdown.defer('database', () => database.destroy());
  const worker = await startWorker({
    clock,
    random: systemRandom,
    log,
    record: workerRecord(database),
    queue: await openQueue(config.queueUrl === 'database:' ? config.databaseUrl : config.queueUrl, {
      log: (line) => log.warn(line),
    }),
    sms: openSms(config.smsUrl, { inbox: sandboxInbox(database, clock) }),
    authority: connectAuthority({
      urls: config.authorityUrls,
      callerKey: config.authorityCallerKey ?? '',
    }),
  });
  shutdown.defer('worker', worker.close);
  log.info('ready');
});
