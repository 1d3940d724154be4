import { systemClock, systemRandom } from '@mandate/core';
import { openQueue, openSms, postWebhook, WEBHOOK_LIMITS } from '@mandate/adapters';
import {
  connectAuthority,
  createLog,
  createShutdown,
  listen,
  loadConfig,
  runMain,
} from '@mandate/runtime';
import { openDatabase, ping, sandboxInbox, webhookQueue, workerRecord } from '@mandate/store';
import { startWorker, workerHealth } from './service.js';

/** Drains the outbox; reaches out to gateways; signs nothing. */
await runMain(async () => {
  const config = loadConfig('worker');
  const log = createLog({ service: 'worker', level: config.logLevel });
  const shutdown = createShutdown(log);
  const clock = systemClock;
  const random = systemRandom;
  const database = openDatabase(config.databaseUrl, 'worker', 6);
  shutdown.defer('database', () => database.destroy());
  const record = workerRecord(database);
  const worker = await startWorker({
    clock,
    random,
    log,
    record,
    queue: await openQueue(config.queueUrl === 'database:' ? config.databaseUrl : config.queueUrl, {
      log: (line) => log.warn(line),
    }),
    sms: openSms(config.smsUrl, {
      clock,
      random,
      inbox: sandboxInbox(database, clock),
      onReceipt: (receipt) => record.noteReceipts([receipt], clock.now()),
    }),
    webhooks: webhookQueue(database),
    postWebhook: (post) => postWebhook(post, { ...WEBHOOK_LIMITS, loopback: !config.production }),
    authority: connectAuthority({
      urls: config.authorityUrls,
      callerKey: config.authorityCallerKey ?? '',
    }),
  });
  shutdown.defer('worker', worker.close);
  const app = workerHealth({ log, clock, random }, worker, { database: () => ping(database) });
  const listening = await listen(app, config.workerPort, config.host);
  shutdown.defer('listener', listening.close);
  log.info({ port: listening.port }, 'ready');
});
