import { openDatabase, administration } from '@mandate/store';
import { fault, ok, reasonOf, skipped, warning, type Check, type Finding } from './finding.js';

const get = async (url: string): Promise<Response> =>
  fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'error' });

/** That PUBLIC_URL is the one that was burnt into letters, and leads to a service that serves this ledger. */
export const checkAddresses: Check = async ({ config, ownerUrl }) => {
  let stored: { publicUrl: string | null; ledgerOrigin: string | null } | null = null;
  if (ownerUrl) {
    const owner = openDatabase(ownerUrl, undefined, 1);
    try {
      const admin = administration(owner);
      stored = {
        publicUrl: await admin.setting('public-url'),
        ledgerOrigin: await admin.setting('ledger-origin'),
      };
    } catch {
      stored = null;
    } finally {
      await owner.destroy();
    }
  }
  const findings: Finding[] = [];
  for (const [name, configured, fixed] of [
    ['PUBLIC_URL', config.publicUrl, stored?.publicUrl],
    ['LEDGER_ORIGIN', config.ledgerOrigin, stored?.ledgerOrigin],
  ] as const)
    if (configured && fixed && configured !== fixed)
      findings.push(
        fault(
          'addresses',
          `${name} is ${configured}, fixed at first start as ${fixed}`,
          'set it back: it stands in letters, certificates, passkeys and checkpoints already issued',
        ),
      );
  const publicUrl = config.publicUrl ?? stored?.publicUrl;
  if (!publicUrl) return [...findings, skipped('addresses', 'no PUBLIC_URL is set or stored')];
  findings.push(...(await servedFindings(publicUrl)));
  return findings;
};

async function servedFindings(publicUrl: string): Promise<Finding[]> {
  try {
    const health = await get(`${publicUrl}/readyz`);
    const { checks = {} } = (await health.json()) as { checks?: Record<string, string> };
    const failed = Object.entries(checks).filter(([, state]) => state !== 'ok');
    return failed.length > 0 || !health.ok
      ? [
          fault(
            'web',
            `${publicUrl} is not ready: ${failed.map(([name]) => name).join(', ') || health.status}`,
            'the named part has its reason in the log line of the same time',
          ),
        ]
      : [ok('web', `${publicUrl} is ready`)];
  } catch (error) {
    return [
      fault(
        'web',
        `${publicUrl} does not answer from here: ${reasonOf(error)}`,
        'start role web; check DNS, proxy and certificate. From inside a network that cannot reach it: not a fault',
      ),
    ];
  }
}

/** What each alarm of the worker means, and what to do. */
const ALARMS: Readonly<Record<string, string>> = {
  'overdue-renewals':
    'look at the timestamp authorities and their roots; renew before the letters age',
  'waiting-archives':
    'add a timestamp authority of another operator, or bring the one there is back',
};

/** The worker's own readiness and alarms. */
export const checkWorker: Check = async ({ workerUrl }) => {
  if (!workerUrl)
    return [skipped('worker', 'say where it answers: --worker http://127.0.0.1:8083')];
  try {
    const answer = await get(`${workerUrl}/readyz`);
    const { checks = {}, warnings = {} } = (await answer.json()) as {
      checks?: Record<string, string>;
      warnings?: Record<string, number>;
    };
    const failed = Object.entries(checks).filter(([, state]) => state !== 'ok');
    const findings: Finding[] = [
      ...failed.map(([name]) => fault('worker', `${name} failed`, 'see its log')),
      ...Object.entries(warnings).map(([name, count]) =>
        warning('worker', `${name}: ${count}`, ALARMS[name] ?? 'see docs/operations.md'),
      ),
    ];
    return findings.length > 0 ? findings : [ok('worker', 'ready, no alarm')];
  } catch (error) {
    return [
      fault(
        'worker',
        `does not answer: ${reasonOf(error)}`,
        'start the worker: nothing is sent, delivered, archived or erased without it',
      ),
    ];
  }
};
