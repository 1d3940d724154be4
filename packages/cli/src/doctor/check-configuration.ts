import { isDomainError } from '@mandate/core';
import { loadConfig, type Config, type Service } from '@mandate/runtime';
import { fault, ok, warning, type Finding } from './finding.js';

/** By variable, what to do; whatever is not named here is explained in docs/operations.md. */
const REMEDIES: Readonly<Record<string, string>> = {
  NODE_ENV:
    'set development, test or production; in production run web, authority, worker and desk apart',
  PUBLIC_URL: 'set the https origin people see, as it was at first start',
  LEDGER_ORIGIN: 'set it as it was at first start, e.g. sign.example.com/ledger',
  DATABASE_URL: 'set postgres://… with a login of this process’s role: mandate set-up login',
  QUEUE_URL: 'set redis://…, rediss://…, postgres://… or database:',
  OBJECTS_URL: 'set file:/… on durable storage',
  SMS_URL: 'set a gateway; the sandbox shows codes on a page',
  TSA_URLS: 'set name|operator|https://…, two operators at least',
  AUTHORITY_URL: 'set the internal https origin of the authority',
  AUTHORITY_CALLER_KEY:
    'give this process a key of its own and put its SHA-256 into AUTHORITY_CALLERS there',
  AUTHORITY_CALLERS: 'list caller=SHA-256 for web, worker, desk and authority',
  ALLOW_BUILT_IN_CA: 'say yes only if a self-operated certificate authority is acceptable',
};

/** Loads the configuration as that process would; every fault of it is a finding of its own. */
export function checkConfiguration(
  service: Service,
  env?: Readonly<Record<string, string | undefined>>,
): {
  findings: readonly Finding[];
  config: Config | null;
} {
  try {
    const config = loadConfig(service, env);
    return { config, findings: [ok('configuration', sentence(config)), ...doubts(config)] };
  } catch (error) {
    if (!isDomainError(error, 'config-invalid')) throw error;
    const faults = error.detail.split('\n').slice(1);
    return {
      config: null,
      findings: faults.map((line) => {
        const [name = '', ...said] = line.trim().split(': ');
        return fault(
          'configuration',
          `${name}: ${said.join(': ')}`,
          REMEDIES[name] ??
            REMEDIES[name.replace(/_(RA|CA|TSA|SEAL|LEDGER|VAULT)$/, '')] ??
            `see ${name} in docs/operations.md`,
        );
      }),
    };
  }
}

const sentence = ({ service, environment }: Config): string =>
  `readable as ${service}, ${environment}`;

function doubts({ production, publicUrl, trustedProxies }: Config): Finding[] {
  if (!production) return [];
  return [
    ...(trustedProxies === 0
      ? [
          warning(
            'configuration',
            'TRUSTED_PROXIES is 0: behind a proxy all visitors count as one address',
            'set how many proxies of yours stand in front of role web',
          ),
        ]
      : []),
    ...(publicUrl && /localhost|127\.0\.0\.1/.test(publicUrl)
      ? [warning('configuration', 'PUBLIC_URL is this machine', 'set the origin people see')]
      : []),
  ];
}
