import { DomainError, systemClock, systemRandom } from '@mandate/core';
import { openObjects, redrawInChild } from '@mandate/adapters';
import {
  connectAuthority,
  createLog,
  createShutdown,
  listen,
  loadConfig,
  runMain,
  settleIdentity,
} from '@mandate/runtime';
import {
  bulkRows,
  openDatabase,
  ping,
  rememberedAnswers,
  sandboxInbox,
  setting,
  webhookEndpoints,
  webRecord,
} from '@mandate/store';
import { startBulkImporter } from './bulk-importer.js';
import { createWeb } from './service.js';
import type { WebParts } from './web-parts.js';

/** The process the Internet reaches. It opens no key; what needs one it asks the authority for. */
await runMain(async () => {
  const config = loadConfig('web');
  const log = createLog({ service: 'web', level: config.logLevel });
  const shutdown = createShutdown(log);
  const clock = systemClock;
  const database = openDatabase(config.databaseUrl, 'web', 16);
  shutdown.defer('database', () => database.destroy());
  const [publicUrl, ledgerOrigin] = [
    await setting(database, 'public-url'),
    await setting(database, 'ledger-origin'),
  ];
  if (!publicUrl || !ledgerOrigin)
    throw new DomainError(
      'config-invalid',
      'the installation is not set up: run `mandate set-up` first',
    );
  const identity = settleIdentity({
    stored: { publicUrl, ledgerOrigin },
    configured: {
      ...(config.publicUrl ? { publicUrl: config.publicUrl } : {}),
      ...(config.ledgerOrigin ? { ledgerOrigin: config.ledgerOrigin } : {}),
    },
    url: publicUrl,
  });
  const inbox = sandboxInbox(database, clock);
  const parts: WebParts = {
    clock,
    random: systemRandom,
    log,
    record: webRecord(database),
    answers: rememberedAnswers(database),
    webhooks: webhookEndpoints(database),
    bulks: bulkRows(database),
    authority: connectAuthority({
      urls: config.authorityUrls,
      callerKey: config.authorityCallerKey ?? '',
    }),
    objects: await openObjects(config.objectsUrl),
    redraw: redrawInChild(),
    idImageDays: config.idImageDays,
    publicUrl: identity.publicUrl,
    production: config.production,
    trustedProxies: config.trustedProxies,
    ...(config.smsCallbackToken ? { smsCallbackToken: config.smsCallbackToken } : {}),
    // Production knows no gateway's secret here, and shows no inbox.
    ...(!config.production && config.smsUrl.startsWith('sandbox:')
      ? { sandbox: (limit?: number) => inbox.list(limit) }
      : {}),
    ready: () => ping(database),
  };
  const importer = startBulkImporter(parts);
  shutdown.defer('bulk importer', importer.close);
  const listening = await listen(createWeb(parts), config.port, config.host);
  shutdown.defer('listener', listening.close);
  log.info({ port: listening.port }, 'ready');
});
