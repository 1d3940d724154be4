import { systemClock, systemRandom } from '@mandate/core';
import { openKeyFolder, openObjects, httpTimestampAuthority, httpWitness } from '@mandate/adapters';
import {
  createHttpApp,
  createLog,
  createShutdown,
  folderOfUrl,
  listen,
  loadConfig,
  loadServerBuild,
  mountAuthority,
  mountHealth,
  runMain,
} from '@mandate/runtime';
import { faultPoint } from './fault-point.js';
import { startAuthority } from './service.js';

/** The authority's process: some or all of its roles, reached by internal calls only. */
await runMain(async () => {
  const config = loadConfig('authority');
  const log = createLog({ service: `authority:${config.roles.join('+')}`, level: config.logLevel });
  const shutdown = createShutdown(log);
  const clock = systemClock;
  const random = systemRandom;
  const running = await startAuthority({
    clock,
    random,
    log,
    roles: config.roles,
    databaseUrl: (role) => config.roleDatabaseUrls[role],
    keys: (role) =>
      openKeyFolder(folderOfUrl(config.keysUrls[role]), {
        onKeyOpened: (name) => log.info({ role, key: name }, 'key opened'),
      }),
    objects: await openObjects(config.objectsUrl),
    trustFolder: config.trustFolder,
    publicUrl: config.publicUrl!,
    deskUrl: config.deskUrl ?? `http://localhost:${config.deskPort}`,
    staffProvider: config.staffProvider,
    ledgerOrigin: config.ledgerOrigin!,
    witnesses: config.witnesses.map(({ vkey, url }) => httpWitness(vkey, url)),
    witnessQuorum: config.witnessQuorum,
    stampSeconds: config.stampSeconds,
    timestampAuthorities: config.tsas.map(({ url, ...names }) =>
      url === 'builtin:' ? 'built-in' : httpTimestampAuthority(url, names),
    ),
    identityProviders: config.identityProviders,
    distinctOperators: config.production,
    urls: config.authorityUrls,
    callerKey: config.authorityCallerKey ?? '',
    probe: faultPoint(config.faultAt),
    build: loadServerBuild(),
  });
  shutdown.defer('authority', running.close);
  const app = createHttpApp({ log, clock, random });
  mountHealth(app, { databases: running.ready });
  mountAuthority(app, running.local, config.authorityCallers);
  const listening = await listen(app, config.authorityPort, config.host);
  shutdown.defer('listener', listening.close);
  log.info({ roles: config.roles, port: listening.port }, 'ready');
});
