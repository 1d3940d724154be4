import { expect, test } from '@jest/globals';
import { isDomainError } from '@mandate/core';
import { loadConfig, type Service } from './config.js';

const DIGEST = 'a'.repeat(64);
const KEY = 'k'.repeat(40);

function faultsOf(service: Service, env: Record<string, string>): string[] {
  try {
    loadConfig(service, env);
  } catch (error) {
    if (!isDomainError(error, 'config-invalid')) throw error;
    return error.detail
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}
const namesIn = (faults: string[]): string[] => faults.map((line) => line.split(':')[0]!);

const ROLES = ['RA', 'CA', 'TSA', 'SEAL', 'LEDGER', 'VAULT'];
const roleVariables = (name: string, value: (role: string) => string): Record<string, string> =>
  Object.fromEntries(ROLES.map((role) => [`${name}_${role}`, value(role)]));

const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://sign.example.com',
  LEDGER_ORIGIN: 'sign.example.com/ledger',
  DATABASE_URL: 'postgres://web:secret@db/mandate',
  QUEUE_URL: 'redis://queue:6379',
  OBJECTS_URL: 'file:/var/lib/mandate/objects',
  SMS_URL: 'https://sms.example.com',
  AUTHORITY_URL: 'https://authority.internal',
  AUTHORITY_CALLER_KEY: KEY,
  DESK_URL: 'https://desk.example.com',
  TRUSTED_PROXIES: '0',
};
const authority = {
  ...production,
  TSA_URLS: 'https://tsa.example.com',
  ALLOW_BUILT_IN_CA: 'yes',
  AUTHORITY_CALLERS: `web=${DIGEST}`,
  ...roleVariables('KEYS_URL', (role) => `file:/keys/${role}`),
};

test('production is told how many proxies stand in front of what strangers reach', () => {
  for (const service of ['web', 'desk'] as const) {
    const { TRUSTED_PROXIES: _, ...without } = production;
    expect(namesIn(faultsOf(service, without))).toEqual(['TRUSTED_PROXIES']);
    const config = loadConfig(service, { ...production, TRUSTED_PROXIES: '1' });
    expect(config.trustedProxies).toBe(1);
  }
});

test('an empty environment gives a development configuration on embedded parts', () => {
  const config = loadConfig('all', {});
  expect(config).toMatchObject({
    environment: 'development',
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: 'embedded:',
    queueUrl: 'database:',
    smsUrl: 'sandbox:',
    roles: ['ra', 'ca', 'tsa', 'seal', 'ledger', 'vault'],
    allowBuiltInCa: false,
  });
  expect(config.publicUrl).toBeUndefined();
  expect(config.dataDir).toBe(`${process.cwd()}/data`);
  expect(config.keysUrls.ca).toBe(`file:${config.dataDir}/keys/ca`);
  expect(config.authorityUrls.vault).toBe('in-process:');
});

test('every fault is listed at once, by name', () => {
  const faults = faultsOf('all', {
    PORT: '70000',
    PUBLIC_URL: 'https://x.example/path',
    DATABASE_URL: 'mysql://x',
    QUEUE_URL: 'amqp://x',
    TSA_URLS: 'a|b',
    ROLES: 'ra,root',
    LOG_LEVEL: 'loud',
    OBJECTS_URL: 's3://bucket',
    KEYS_URL_CA: 'pkcs11:token=hsm',
    AUTHORITY_CALLERS: 'web=abc',
    ALLOW_BUILT_IN_CA: 'perhaps',
    NODE_ENV: 'staging',
  });
  expect(namesIn(faults).toSorted()).toEqual([
    'ALLOW_BUILT_IN_CA',
    'AUTHORITY_CALLERS',
    'DATABASE_URL',
    'KEYS_URL_CA',
    'LOG_LEVEL',
    'NODE_ENV',
    'OBJECTS_URL',
    'PORT',
    'PUBLIC_URL',
    'QUEUE_URL',
    'ROLES',
    'TSA_URLS',
  ]);
});

test('one witness is not two: neither one name nor one key twice', () => {
  const witness = (name: string, key: string) => `${name}+00000000+${key}|https://${name}`;
  const faults = (...entries: string[]) =>
    namesIn(faultsOf('all', { LEDGER_WITNESSES: entries.join(',') }));
  expect(faults(witness('a', 'Ba+B='), witness('b', 'Bb+B='))).toEqual([]);
  expect(faults(witness('a', 'Ba+B='), witness('a', 'Bb+B='))).toEqual(['LEDGER_WITNESSES']);
  expect(faults(witness('a', 'Ba+B='), witness('b', 'Ba+B='))).toEqual(['LEDGER_WITNESSES']);
});

test('no value appears in a fault', () => {
  const secret = 'hunter2secret';
  const names = Object.keys({ ...authority, PORT: '', HOST: '', ROLES: '', LOG_LEVEL: '' });
  const faults = faultsOf(
    'web',
    Object.fromEntries(names.map((name) => [name, `${secret} ${secret}`])),
  );
  expect(faults.length).toBeGreaterThan(10);
  expect(faults.join('\n')).not.toContain(secret);
});

test.each(['web', 'worker', 'desk'] as const)('production %s needs every part named', (service) => {
  expect(faultsOf(service, production)).toEqual([]);
  const bare = namesIn(faultsOf(service, { NODE_ENV: 'production' }));
  expect(bare).toEqual(expect.arrayContaining(['DATABASE_URL', 'OBJECTS_URL', 'AUTHORITY_URL']));
  expect(bare).not.toContain('KEYS_URL_CA');
});

test('staff have a host of their own', () => {
  for (const [service, given] of [
    ['desk', production],
    ['authority', authority],
  ] as const) {
    const faults = (url: string) => namesIn(faultsOf(service, { ...given, DESK_URL: url }));
    expect(faults('')).toEqual(['DESK_URL']);
    expect(faults('http://desk.example.com')).toEqual(['DESK_URL']);
    expect(faults(given.PUBLIC_URL)).toEqual(['DESK_URL']);
    expect(faults(`${given.PUBLIC_URL}:8443`)).toEqual(['DESK_URL']);
  }
  const { DESK_URL: _, ...without } = authority;
  expect(faultsOf('authority', { ...without, ROLES: 'ca,seal' })).toEqual([]);
});

test('a production authority needs the keys and database of its own roles only', () => {
  expect(faultsOf('authority', authority)).toEqual([]);
  const { DATABASE_URL: _, ...apart } = { ...authority, ROLES: 'ra,vault' };
  expect(namesIn(faultsOf('authority', { ...apart, KEYS_URL_RA: '' }))).toEqual([
    'KEYS_URL_RA',
    'DATABASE_URL_RA',
    'DATABASE_URL_VAULT',
  ]);
  const own = {
    DATABASE_URL_RA: 'postgres://ra@db/m',
    DATABASE_URL_VAULT: 'postgres://vault@db/m',
  };
  expect(faultsOf('authority', { ...apart, ...own })).toEqual([]);
  expect(loadConfig('authority', { ...apart, ...own }).roleDatabaseUrls.ra).toBe(
    'postgres://ra@db/m',
  );
});

test('providers of identity checks: simulated without a word, none in production, each once with its checks', () => {
  expect(loadConfig('all', {}).identityProviders).toMatchObject([
    { name: 'simulated', url: 'simulated:', checks: expect.not.arrayContaining(['institution']) },
  ]);
  const read = (text: string) =>
    loadConfig('authority', { ...authority, IDENTITY_PROVIDERS: text }).identityProviders;
  expect(loadConfig('authority', authority).identityProviders).toEqual([]);
  const one = 'carrier|中国示例|carrier-name+bank-card|https://carrier.example/check';
  expect(read(`${one}, police|P|police-id|http://127.0.0.1:9/x`)).toMatchObject([
    { name: 'carrier', operator: '中国示例', checks: ['carrier-name', 'bank-card'] },
    { name: 'police', checks: ['police-id'] },
  ]);
  for (const bad of [
    'https://carrier.example',
    'carrier|C|carrier-name|http://carrier.example',
    'carrier|C|institution|https://carrier.example',
    'carrier|C|carrier-name+horoscope|https://carrier.example',
    'Carrier|C|carrier-name|https://carrier.example',
    'carrier||carrier-name|https://carrier.example',
    `${one},${one}`,
  ])
    expect(namesIn(faultsOf('authority', { ...authority, IDENTITY_PROVIDERS: bad }))).toEqual([
      'IDENTITY_PROVIDERS',
    ]);
});

test('production refuses what is for development even when it is said', () => {
  const refused = (change: Record<string, string>, service: Service = 'web') =>
    namesIn(faultsOf(service, { ...authority, ...change }));
  expect(refused({ SMS_URL: 'sandbox:' })).toEqual(['SMS_URL']);
  expect(refused({ IDENTITY_PROVIDERS: 'simulated:' }, 'authority')).toEqual([
    'IDENTITY_PROVIDERS',
  ]);
  expect(refused({ DATABASE_URL: 'embedded:' })).toEqual(['DATABASE_URL']);
  expect(refused({ PUBLIC_URL: 'http://sign.example.com' })).toEqual(['PUBLIC_URL']);
  expect(refused({ AUTHORITY_URL: 'http://authority' })).toEqual(['AUTHORITY_URL']);
  expect(refused({ AUTHORITY_URL: 'http://127.0.0.1:8081' })).toEqual([]);
  expect(refused({ ALLOW_BUILT_IN_CA: 'no' }, 'authority')).toEqual(['ALLOW_BUILT_IN_CA']);
  expect(refused({ ALLOW_BUILT_IN_CA: 'no', ROLES: 'ra' }, 'authority')).toEqual([]);
  expect(refused({}, 'all')).toEqual(['NODE_ENV']);
});

test('a remote authority needs a caller key; an authority needs callers', () => {
  const url = { AUTHORITY_URL: 'http://localhost:8081' };
  expect(namesIn(faultsOf('web', url))).toEqual(['AUTHORITY_CALLER_KEY']);
  expect(faultsOf('web', { ...url, AUTHORITY_CALLER_KEY: KEY })).toEqual([]);
  expect(namesIn(faultsOf('authority', {}))).toEqual(['AUTHORITY_CALLERS']);
  expect(namesIn(faultsOf('web', { ...url, AUTHORITY_CALLER_KEY: 'short' }))).toContain(
    'AUTHORITY_CALLER_KEY',
  );
});

test('the sample institution is for development, and elsewhere only when asked for', () => {
  const portOf = (env: Record<string, string>, service: Service = 'all') =>
    loadConfig(service, env).samplePort;
  expect(portOf({})).toBe(0);
  expect(portOf({ NODE_ENV: 'test' })).toBeUndefined();
  expect(portOf({ NODE_ENV: 'test', SAMPLE_PORT: '0' })).toBe(0);
  expect(portOf({ SAMPLE_PORT: 'off' })).toBeUndefined();
  expect(portOf({}, 'worker')).toBeUndefined();
  expect(namesIn(faultsOf('all', { SAMPLE_PORT: 'on' }))).toEqual(['SAMPLE_PORT']);
});

test('timestamp authorities keep their order, names and operators', () => {
  const { tsas } = loadConfig('all', {
    TSA_URLS: 'first|Operator One|https://one.example/tsr, https://two.example/tsr,builtin:',
  });
  expect(tsas).toEqual([
    { name: 'first', operator: 'Operator One', url: 'https://one.example/tsr' },
    { name: 'two.example', operator: 'two.example', url: 'https://two.example/tsr' },
    { name: 'builtin', operator: 'builtin', url: 'builtin:' },
  ]);
  expect(namesIn(faultsOf('all', { TSA_URLS: 'builtin:,builtin:' }))).toEqual(['TSA_URLS']);
});

test('per-role addresses win over the common one', () => {
  const { authorityUrls } = loadConfig('web', {
    AUTHORITY_URL: 'http://localhost:1',
    AUTHORITY_URL_TSA: 'http://localhost:2/',
    AUTHORITY_CALLER_KEY: KEY,
  });
  expect(authorityUrls.ra).toBe('http://localhost:1');
  expect(authorityUrls.tsa).toBe('http://localhost:2');
});

test.each([
  'smpp://a:b@10.0.0.1?source=1, https://a:b@gate.example/sms,alibaba+https://a:b@dysmsapi.aliyuncs.com/?templates=/t.json',
  'tencent+https://a:b@sms.tencentcloudapi.com/?app=1&templates=/t.json',
])('several message gateways in the order of trying: %s', (urls) => {
  expect(loadConfig('worker', { SMS_URL: urls }).smsUrl).toBe(urls);
});

test.each([
  'sandbox:,https://a:b@gate.example',
  'https://a:b@gate.example,',
  'alibaba+ftp://S3cret@x',
  'amqp://S3cret@x',
])('SMS_URL %s is refused without its value', (urls) => {
  const faults = faultsOf('worker', { SMS_URL: urls });
  expect(namesIn(faults)).toEqual(['SMS_URL']);
  expect(faults.join()).not.toContain('S3cret');
});

test('the callback token is long enough to be no guess and no word in a log', () => {
  expect(loadConfig('web', { SMS_CALLBACK_TOKEN: 'T'.repeat(43) }).smsCallbackToken).toBe(
    'T'.repeat(43),
  );
  expect(loadConfig('web', {})).not.toHaveProperty('smsCallbackToken');
  for (const token of ['T'.repeat(39), `${'T'.repeat(42)}/`])
    expect(namesIn(faultsOf('web', { SMS_CALLBACK_TOKEN: token }))).toEqual(['SMS_CALLBACK_TOKEN']);
});

test('role web in production needs no gateway and knows none', () => {
  const { SMS_URL: _, ...without } = production;
  expect(faultsOf('web', without)).toEqual([]);
  expect(namesIn(faultsOf('worker', without))).toEqual(['SMS_URL']);
});
