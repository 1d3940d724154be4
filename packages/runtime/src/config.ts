import { join } from 'node:path';
import {
  AUTHORITY_ROLES,
  DomainError,
  type AuthorityRole,
  type CallerName,
  type IdentityAddress,
} from '@mandate/core';
import { z } from 'zod';
import * as variable from './config-variables.js';
import type { TsaAddress, WitnessAddress } from './config-variables.js';

export type { TsaAddress, WitnessAddress } from './config-variables.js';

/** `all` is the one-process twin for development and demonstration; the others run apart. */
export type Service = 'all' | 'web' | 'authority' | 'worker' | 'desk' | 'command';

/** Everything a process is told from outside. Built once by `loadConfig`, passed down from there. */
export interface Config {
  readonly service: Service;
  readonly environment: 'development' | 'test' | 'production';
  readonly production: boolean;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** Absolute. Embedded parts keep everything below it. */
  readonly dataDir: string;
  /** Public trust anchors, one folder per purpose. */
  readonly trustFolder: string;
  /** Development only: the named point at which this process kills itself (fault tests). */
  readonly faultAt?: string;
  /** Origin without trailing slash; absent: whatever was stored at first start, else derived from the port. */
  readonly publicUrl?: string;
  readonly ledgerOrigin?: string;
  /** How many proxies of ours stand in front of role web: so many entries of `X-Forwarded-For` are believed. */
  readonly trustedProxies: number;
  /** `postgres://…`, or `embedded:` for the one we start ourselves. */
  readonly databaseUrl: string;
  /** Per authority role (own database role, own grants): `DATABASE_URL_CA` …, else `databaseUrl`. */
  readonly roleDatabaseUrls: Readonly<Record<AuthorityRole, string>>;
  /** `redis://…`, `postgres://…`, or `database:` for BullMQ on the process's own database. */
  readonly queueUrl: string;
  readonly objectsUrl: string;
  /** `sandbox:` is the inbox page; else gateways in the order of trying, comma separated. */
  readonly smsUrl: string;
  /** Vendors report deliveries under it; absent: they are not listened to. */
  readonly smsCallbackToken?: string;
  /** Who can be asked who somebody is, in the order of asking; `simulated:` outside production. */
  readonly identityProviders: readonly IdentityAddress[];
  /** For how many days a picture of an identity document is kept where nothing is said, and at most. */
  readonly idImageDays: { readonly usual: number; readonly most: number };
  /** In the order of trying. */
  readonly tsas: readonly TsaAddress[];
  /** Who cosigns the ledger's checkpoints, and how many must have before a letter is released. */
  readonly witnesses: readonly WitnessAddress[];
  readonly witnessQuorum: number;
  /** At most one stamp of the ledger's head in so many seconds. */
  readonly stampSeconds: number;
  readonly keysUrls: Readonly<Record<AuthorityRole, string>>;
  /** `in-process:` or an internal http(s) origin. */
  readonly authorityUrls: Readonly<Record<AuthorityRole, string>>;
  readonly authorityPort: number;
  readonly deskPort: number;
  /** Origin under which staff reach the desk. */
  readonly deskUrl?: string;
  /** The organisation's own sign-in for the desk: issuer and client of OpenID Connect. */
  readonly staffProvider?: { readonly issuer: string; readonly clientId: string };
  /** Where the worker says how it is. */
  readonly workerPort: number;
  /** Of the sample institution beside the one-process twin; 0: any, absent: not started. */
  readonly samplePort?: number;
  readonly authorityCallerKey?: string;
  /** SHA-256, hex, of each caller's key. */
  readonly authorityCallers: Readonly<Partial<Record<CallerName, string>>>;
  /** Authority roles this process holds. */
  readonly roles: readonly AuthorityRole[];
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** The self-operated certificate authority is no licensed one; production must say it knows. */
  readonly allowBuiltInCa: boolean;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What each process apart needs to be told in production; nobody is asked for what they never touch. */
const REQUIRED: Record<Exclude<Service, 'all'>, readonly string[]> = {
  command: ['DATABASE_URL'],
  // Zero proxies is an answer too, but one that somebody gave: tries are counted by address.
  web: ['PUBLIC_URL', 'LEDGER_ORIGIN', 'DATABASE_URL', 'OBJECTS_URL', 'TRUSTED_PROXIES'],
  authority: ['PUBLIC_URL', 'LEDGER_ORIGIN', 'OBJECTS_URL', 'TSA_URLS'],
  worker: ['DATABASE_URL', 'QUEUE_URL', 'OBJECTS_URL', 'SMS_URL'],
  desk: [
    ...['PUBLIC_URL', 'DESK_URL', 'DATABASE_URL', 'QUEUE_URL', 'OBJECTS_URL', 'TRUSTED_PROXIES'],
  ],
};

/** It holds a key and keeps no record. */
const WITHOUT_DATABASE: readonly AuthorityRole[] = ['tsa'];

/**
 * The only reader of the environment. An empty variable counts as absent.
 * Throws `config-invalid` with every fault at once, one line `NAME: what is wrong` each;
 * values are never repeated, they may be secrets.
 */
export function loadConfig(
  service: Service,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const faults: string[] = [];
  const given = (name: string): string | undefined => env[name]?.trim() || undefined;

  const read = <T>(name: string, schema: z.ZodType<T, string>): T | undefined => {
    const text = given(name);
    if (text === undefined) return undefined;
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    for (const issue of result.error.issues) faults.push(`${name}: ${issue.message}`);
    return undefined;
  };
  const perRole = (
    name: string,
    schema: z.ZodType<string, string>,
    fallback: (role: AuthorityRole) => string,
  ) =>
    Object.fromEntries(
      AUTHORITY_ROLES.map((role) => [
        role,
        read(variable.forRole(name, role), schema) ?? fallback(role),
      ]),
    ) as Record<AuthorityRole, string>;

  const environment =
    read(
      'NODE_ENV',
      z.enum(['development', 'test', 'production'], {
        error: 'must be development, test or production',
      }),
    ) ?? 'development';
  const production = environment === 'production';
  const dataDir = read('DATA_DIR', variable.folder) ?? variable.folder.parse('./data');
  const database = variable.urlOf('postgres', 'postgresql', 'embedded');
  const databaseUrl = read('DATABASE_URL', database) ?? 'embedded:';
  const internal = variable.urlOf('http', 'https').pipe(variable.origin);
  const authorityUrl = read('AUTHORITY_URL', internal) ?? 'in-process:';

  const samplePort =
    read('SAMPLE_PORT', variable.portOrOff) ?? (environment === 'development' ? 0 : 'off');

  const issuer = read(
    'DESK_ISSUER',
    variable.urlOf(...(production ? ['https'] : ['https', 'http'])),
  );
  const clientId = read('DESK_CLIENT_ID', variable.clientId);
  if ((issuer === undefined) !== (clientId === undefined))
    faults.push('DESK_ISSUER and DESK_CLIENT_ID come together');

  const config: Config = {
    service,
    environment,
    production,
    port: read('PORT', variable.port) ?? 8080,
    host: read('HOST', variable.host) ?? (production ? '0.0.0.0' : '127.0.0.1'),
    dataDir,
    trustFolder: read('TRUST_DIR', variable.folder) ?? join(dataDir, 'trust'),
    faultAt: production ? undefined : given('FAULT_AT'),
    publicUrl: read('PUBLIC_URL', variable.origin),
    ledgerOrigin: read('LEDGER_ORIGIN', variable.ledgerOrigin),
    trustedProxies: read('TRUSTED_PROXIES', variable.hops) ?? 0,
    databaseUrl,
    roleDatabaseUrls: perRole('DATABASE_URL', database, () => databaseUrl),
    queueUrl:
      read('QUEUE_URL', variable.urlOf('redis', 'rediss', 'postgres', 'postgresql', 'database')) ??
      'database:',
    objectsUrl: read('OBJECTS_URL', variable.urlOf('file')) ?? `file:${join(dataDir, 'objects')}`,
    ...withToken(read('SMS_CALLBACK_TOKEN', variable.pathToken)),
    smsUrl: read('SMS_URL', variable.smsUrls) ?? 'sandbox:',
    identityProviders:
      read('IDENTITY_PROVIDERS', variable.identityProviders) ??
      (production ? [] : variable.identityProviders.parse('simulated:')),
    idImageDays: imageDays(read('ID_IMAGE_DAYS', variable.days) ?? 90),
    tsas: read('TSA_URLS', variable.tsaUrls) ?? [
      { name: 'builtin', operator: 'builtin', url: 'builtin:' },
    ],
    witnesses: read('LEDGER_WITNESSES', variable.witnesses) ?? [],
    stampSeconds: read('LEDGER_STAMP_SECONDS', variable.stampSeconds) ?? 3600,
    witnessQuorum: read('LEDGER_QUORUM', variable.quorum) ?? 0,
    keysUrls: perRole(
      'KEYS_URL',
      variable.urlOf('file'),
      (role) => `file:${join(dataDir, 'keys', role)}`,
    ),
    authorityUrls: perRole('AUTHORITY_URL', internal, () => authorityUrl),
    authorityPort: read('AUTHORITY_PORT', variable.port) ?? 8081,
    deskPort: read('DESK_PORT', variable.port) ?? (service === 'all' ? 0 : 8082),
    deskUrl: read('DESK_URL', variable.origin),
    ...(issuer && clientId ? { staffProvider: { issuer, clientId } } : {}),
    workerPort: read('WORKER_PORT', variable.port) ?? (production ? 8083 : 0),
    ...(service !== 'all' || samplePort === 'off' ? {} : { samplePort }),
    authorityCallerKey: read('AUTHORITY_CALLER_KEY', variable.callerKey),
    authorityCallers: read('AUTHORITY_CALLERS', variable.callers) ?? {},
    roles: read('ROLES', variable.roles) ?? AUTHORITY_ROLES,
    logLevel:
      read('LOG_LEVEL', z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` })) ??
      'info',
    allowBuiltInCa: read('ALLOW_BUILT_IN_CA', variable.yesNo) ?? false,
  };

  faults.push(...callFaults(config), ...(production ? productionFaults(config, given) : []));
  if (faults.length > 0)
    throw new DomainError(
      'config-invalid',
      ['the configuration has faults:', ...faults].join('\n  '),
    );
  return config;
}

/** A month, unless the installation's most is less. */
const imageDays = (most: number) => ({ usual: Math.min(30, most), most });

const withToken = (token: string | undefined) => (token ? { smsCallbackToken: token } : {});

/** Processes apart must be able to call, or to be called. */
function callFaults(config: Config): string[] {
  const faults: string[] = [];
  const remote = AUTHORITY_ROLES.filter((role) => config.authorityUrls[role] !== 'in-process:');
  const calls =
    config.service === 'authority' ? remote.filter((role) => !config.roles.includes(role)) : remote;
  if (calls.length > 0 && config.authorityCallerKey === undefined)
    faults.push('AUTHORITY_CALLER_KEY: needed to call a remote authority');
  if (config.service === 'authority' && Object.keys(config.authorityCallers).length === 0)
    faults.push('AUTHORITY_CALLERS: the authority would refuse every caller');
  if (config.witnessQuorum > config.witnesses.length)
    faults.push(
      'LEDGER_QUORUM: more than there are witnesses, so no letter could ever be released',
    );
  return faults;
}

const hostOf = (url: string): string => new URL(url).hostname;

function productionFaults(config: Config, given: (name: string) => string | undefined): string[] {
  const { service } = config;
  if (service === 'all')
    return [
      'NODE_ENV: one process holding every key is for development; run web, authority, worker and desk apart',
    ];
  const faults: string[] = [];
  const required = [...REQUIRED[service]];
  if (service === 'authority') {
    for (const role of config.roles) {
      required.push(variable.forRole('KEYS_URL', role));
      if (!given('DATABASE_URL') && !WITHOUT_DATABASE.includes(role))
        required.push(variable.forRole('DATABASE_URL', role));
    }
    if (config.roles.includes('vault')) required.push('DESK_URL');
    if (config.roles.includes('ca') && !config.allowBuiltInCa)
      faults.push(
        'ALLOW_BUILT_IN_CA: the built-in certificate authority is self-operated, not licensed; say yes to accept that',
      );
  } else if (
    service !== 'command' &&
    AUTHORITY_ROLES.some((role) => config.authorityUrls[role] === 'in-process:')
  ) {
    required.push('AUTHORITY_URL');
  }
  for (const name of required)
    if (!given(name))
      faults.push(`${name}: has only a development default; production must set it`);

  const databases = [config.databaseUrl, ...Object.values(config.roleDatabaseUrls)];
  const embedded = (url: string): boolean => variable.schemeOf(url) === 'embedded';
  if (given('DATABASE_URL') && databases.some(embedded))
    faults.push('DATABASE_URL: the embedded database is for development');
  if (given('SMS_URL') && variable.schemeOf(config.smsUrl) === 'sandbox')
    faults.push('SMS_URL: the sandbox shows codes on a page; production refuses it');
  if (config.identityProviders.some(({ url }) => url === 'simulated:'))
    faults.push(
      'IDENTITY_PROVIDERS: simulated providers vouch for nobody; production refuses them',
    );
  if (config.publicUrl && variable.schemeOf(config.publicUrl) !== 'https')
    faults.push('PUBLIC_URL: must be https in production');
  if (config.deskUrl) {
    if (variable.schemeOf(config.deskUrl) !== 'https')
      faults.push('DESK_URL: must be https in production');
    // Cookies and passkeys belong to a host, whatever its port.
    if (config.publicUrl && hostOf(config.deskUrl) === hostOf(config.publicUrl))
      faults.push('DESK_URL: staff and public need hosts of their own');
  }
  const plain = (url: string): boolean =>
    variable.schemeOf(url) === 'http' && !variable.isLoopback(url);
  if (Object.values(config.authorityUrls).some(plain))
    faults.push('AUTHORITY_URL: must be https in production, unless on the loopback interface');
  return faults;
}
