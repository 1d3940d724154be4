import { systemClock, systemRandom } from '@mandate/core';
import { faultPoint } from '@mandate/authority';
import { createLog, createShutdown, loadConfig, runMain } from '@mandate/runtime';
import { SAMPLE_SUBJECT, sampleLink } from './sample.js';
import { startAll } from './start-all.js';
import { trialStaff } from './trial-staff.js';

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
  // Only where the database is this process's own: nobody's desk gets invented people.
  const trial =
    !config.production && config.databaseUrl === 'embedded:'
      ? await trialStaff({ ...deps, staff: running.staff }, running.deskUrl)
      : [];
  const invitations =
    trial.length === 0
      ? ''
      : `
Trial set-up of the desk: these people are invented, and whoever has a link becomes one of them, once.
Use a browser profile for each (or sign out in between). Production has no such links.

${trial.map(({ name, link }) => `  ${name.padEnd(18)}  ${link}`).join('\n')}
`;
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
  Disputes desk         ${running.deskUrl}/desk
${invitations}
Data is kept in ${config.dataDir}. Ctrl-C stops.
`);
});
