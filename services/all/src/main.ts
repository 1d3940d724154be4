import { systemClock, systemRandom } from '@mandate/core';
import { faultPoint } from '@mandate/authority';
import { createLog, createShutdown, loadConfig, runMain } from '@mandate/runtime';
import { SAMPLE_SUBJECT, sampleLink } from './sample.js';
import { startAll } from './start-all.js';

/** Starts everything in this process and says where to click. */
await runMain(async () => {
  const config = loadConfig('all');
  const log = createLog({ service: 'all', level: config.logLevel });
  const shutdown = createShutdown(log);
  let link: string | undefined;
  const running = await startAll(config, {
    log,
    shutdown,
    sampleLink: () => link,
    probe: faultPoint(config.faultAt),
  });
  const deps = {
    clock: systemClock,
    random: systemRandom,
    administration: running.administration,
    record: running.parts.record,
  };
  link = await sampleLink(deps, running.parts);
  const url = running.publicUrl;
  const shop = running.sampleUrl && `Try a loan (sample)   ${running.sampleUrl}/\n  `;
  process.stdout.write(`
Mandate is ready.

  ${shop ?? ''}Start here            ${url}/
  Sign the sample       ${link}
                        (last six characters of the ID number: ${SAMPLE_SUBJECT.idNumber.slice(-6)})
  SMS sandbox inbox     ${url}/sandbox/sms
  API reference         ${url}/docs
  Verification page     ${url}/verify
  Disputes desk         ${running.deskUrl}/desk (staff key in ${config.dataDir}/staff-key)

Data is kept in ${config.dataDir}. Ctrl-C stops.
`);
});
