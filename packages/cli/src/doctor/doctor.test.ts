import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openKeyFolder, storeAuthority } from '@mandate/adapters';
import { addSeconds, sha256, systemClock, systemRandom } from '@mandate/core';
import { timestampRequest } from '@mandate/pki';
import { loadConfig } from '@mandate/runtime';
import { makeBuiltInAuthority, timestampAuthority } from '@mandate/sign';
import { startHttpPeer, type HttpPeer } from '../../../../test/contract/http-peer.js';
import { checkAddresses, checkWorker } from './check-addresses.js';
import { checkConfiguration } from './check-configuration.js';
import { checkDatabase } from './check-database.js';
import { checkKeys } from './check-keys.js';
import { checkLedger } from './check-ledger.js';
import { checkMachine } from './check-machine.js';
import { checkObjects, checkQueue, checkSms } from './check-parts.js';
import { checkPeople } from './check-people.js';
import { checkRecord } from './check-record.js';
import { checkRules } from './check-rules.js';
import { checkTimestamps } from './check-timestamps.js';
import type { Check, Finding, Patient } from './finding.js';

/** Each check on an installation that has exactly one thing wrong, and on a sound one. */
let folder: string;
let peer: HttpPeer;
let stamp: (request: Uint8Array) => Promise<Uint8Array>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  peer = await startHttpPeer();
  const made = await makeBuiltInAuthority({
    now: systemClock.now(),
    random: systemRandom,
    operator: 'T',
  });
  await storeAuthority({
    made,
    keyFolder: (role) => join(folder, 'keys', role),
    trustFolder: join(folder, 'trust'),
    ledgerOrigin: 'test.example/ledger',
    random: systemRandom,
  });
  const key = await openKeyFolder(join(folder, 'keys', 'tsa')).signingKey('tsa');
  stamp = timestampAuthority({ key, random: systemRandom, clock: systemClock });
});
afterAll(async () => {
  await peer?.close();
  rmSync(folder, { recursive: true, force: true });
});

const patient = (
  env: Readonly<Record<string, string>> = {},
  change: Partial<Patient> = {},
): Patient => ({
  config: loadConfig('command', { NODE_ENV: 'test', DATA_DIR: folder, ...env }),
  clock: systemClock,
  random: systemRandom,
  ownerUrl: null,
  workerUrl: null,
  ...change,
});
const look = (check: Check, ...args: Parameters<typeof patient>) => check(patient(...args));
const faults = (findings: readonly Finding[]) => findings.filter(({ level }) => level === 'fault');
const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);
/** Whatever is wrong is explained, and no address with its password is repeated. */
const explained = (findings: readonly Finding[]): void => {
  for (const { level, says, remedy } of findings) {
    expect(says).not.toMatch(/sesame|undefined|\[object/);
    if (level === 'fault' || level === 'warning') expect(remedy).toMatch(/\w{3}/);
  }
};

describe('machine', () => {
  test.each(['18.20.0', '20.18.9', '0.12.0'])('Node %s is too old', async (version) => {
    const findings = await checkMachine(version);
    expect(faults(findings).map(({ check }) => check)).toEqual(['node']);
    explained(findings);
  });
  test('no font, or something else under its name', async () => {
    const file = join(folder, 'font.ttf');
    const url = pathToFileURL(file);
    expect(faults(await checkMachine('22.0.0', url))[0]).toMatchObject({ check: 'fonts' });
    writeFileSync(file, 'hello');
    expect(faults(await checkMachine('22.0.0', url))[0]).toMatchObject({ check: 'fonts' });
    writeFileSync(file, Buffer.from('00010000ffff', 'hex'));
    expect(levels(await checkMachine('22.0.0', url))).toEqual(['ok', 'warning']);
  });
  test('this machine is sound', async () => {
    expect(levels(await checkMachine())).toEqual(['ok', 'ok']);
  });
});

describe('configuration', () => {
  test('all faults at once, each with its remedy, no value repeated', () => {
    const { config, findings } = checkConfiguration('web', {
      NODE_ENV: 'production',
      PORT: 'sesame',
      DATABASE_URL: 'mysql://u:sesame@db/x',
      PUBLIC_URL: 'http://sesame.example',
    });
    expect(config).toBeNull();
    const names = findings.map(({ says }) => says.split(':')[0]);
    expect(names).toEqual(
      expect.arrayContaining([
        'PORT',
        'DATABASE_URL',
        'PUBLIC_URL',
        'LEDGER_ORIGIN',
        'AUTHORITY_URL',
      ]),
    );
    expect(new Set(levels(findings))).toEqual(new Set(['fault']));
    explained(findings);
  });
  test('a sound one; one that makes everybody one visitor', () => {
    expect(levels(checkConfiguration('command', { NODE_ENV: 'test' }).findings)).toEqual(['ok']);
    const { findings } = checkConfiguration('command', {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://db/x',
      PUBLIC_URL: 'https://localhost',
    });
    expect(levels(findings)).toEqual(['ok', 'warning', 'warning']);
    explained(findings);
  });
});

describe('what does not answer is a fault, what cannot be looked at is skipped', () => {
  const nowhere = 'postgres://u:sesame@127.0.0.1:1/x';
  test.each<[string, Check, Parameters<typeof patient>]>([
    ['database', checkDatabase, [{}, { ownerUrl: nowhere }]],
    ['ledger', checkLedger, [{}, { ownerUrl: nowhere }]],
    ['record', checkRecord(), [{}, { ownerUrl: nowhere }]],
    ['rules', checkRules, [{}, { ownerUrl: nowhere }]],
    ['people', checkPeople, [{}, { ownerUrl: nowhere }]],
    ['queue', checkQueue, [{ QUEUE_URL: 'redis://:sesame@127.0.0.1:1' }]],
    ['objects', checkObjects, [{ OBJECTS_URL: 'file:/proc/nowhere' }]],
    ['timestamps', checkTimestamps, [{ TSA_URLS: 'http://u:sesame@127.0.0.1:1/' }]],
    ['web', checkAddresses, [{ PUBLIC_URL: 'http://127.0.0.1:1' }]],
    ['worker', checkWorker, [{}, { workerUrl: 'http://127.0.0.1:1' }]],
  ])(
    '%s',
    async (name, check, args) => {
      const findings = await look(check, ...args);
      expect(faults(findings).map((it) => it.check)).toContain(name);
      explained(findings);
    },
    60_000,
  );
  test.each<[string, Check]>([
    ['database', checkDatabase],
    ['ledger', checkLedger],
    ['record', checkRecord()],
    ['rules', checkRules],
    ['people', checkPeople],
    ['queue', checkQueue],
    ['addresses', checkAddresses],
    ['worker', checkWorker],
  ])('%s', async (_name, check) => {
    expect(levels(await look(check))).toEqual(['skipped']);
  });
});

test('objects: written once, also at the second look', async () => {
  expect(levels(await look(checkObjects))).toEqual(['ok']);
  expect(levels(await look(checkObjects))).toEqual(['ok']);
  // somebody changed what was written once
  const file = join(folder, 'objects', 'doctor', 'probe');
  rmSync(file);
  writeFileSync(file, 'changed');
  expect(levels(await look(checkObjects))).toEqual(['fault']);
});

test('sms: the sandbox is named; a gateway nobody listens at is a fault', async () => {
  expect((await look(checkSms))[0]!.says).toContain('sandbox');
  const findings = await look(checkSms, { SMS_URL: 'http://u:sesame@127.0.0.1:1/send' });
  expect(levels(findings)).toEqual(['fault']);
  explained(findings);
});

describe('timestamp authorities', () => {
  const ask = (change: Partial<Patient> = {}, name = 'one') =>
    look(checkTimestamps, { TSA_URLS: `${name}|op|http://127.0.0.1:${peer.port}/` }, change);
  const serve = (make: (body: Uint8Array) => Promise<Uint8Array>): void => {
    peer.answer = ({ body }, response) =>
      void make(new Uint8Array(body)).then((answer) =>
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer),
      );
  };
  beforeAll(() => serve(stamp));

  test('sound, but for the one operator', async () => {
    expect(levels(await ask())).toEqual(['ok', 'warning']);
  });
  test('another clock than ours', async () => {
    const off = { now: () => addSeconds(systemClock.now(), -30) };
    const findings = await ask({ clock: off });
    expect(faults(findings)[0]!.says).toMatch(/differ by (29|30)\.\d s/);
  });
  test('a token over something else, and no token', async () => {
    // a request of its own: digest and nonce are others
    const other = await stamp(
      timestampRequest({ digest: sha256(systemRandom.bytes(8)), nonce: new Uint8Array([9]) }),
    );
    serve(async () => other);
    expect(faults(await ask())).toHaveLength(1);
    serve(async () => new Uint8Array([1, 2, 3]));
    expect(faults(await ask())).toHaveLength(1);
    serve(stamp);
  });
  test('pinned to another root', async () => {
    const other = await makeBuiltInAuthority({
      now: systemClock.now(),
      random: systemRandom,
      operator: 'O',
    });
    const root = other.keys.find(({ name }) => name === 'timestamp-root')!.chain[0]!;
    const pem = Buffer.from(root).toString('base64').replace(/.{64}/g, '$&\n');
    mkdirSync(join(folder, 'trust', 'timestamp'), { recursive: true });
    const file = join(folder, 'trust', 'timestamp', 'pinned.pem');
    writeFileSync(file, `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`);
    expect(faults(await ask({}, 'pinned'))[0]!.says).toContain('fails');
    rmSync(file);
  });
});

describe('keys', () => {
  test('all there; one missing; one that ends; elsewhere', async () => {
    const sound = await look(checkKeys);
    expect(faults(sound)).toEqual([]);
    expect(sound.filter(({ check }) => check === 'trust').map(({ level }) => level)).toEqual([
      'ok',
    ]);
    const late = await look(checkKeys, {}, { clock: { now: () => new Date('2199-01-01') } });
    expect(faults(late).length).toBeGreaterThan(0);
    explained(late);
    rmSync(join(folder, 'keys', 'vault', 'wrapping.secret'));
    expect(faults(await look(checkKeys)).map(({ says }) => says.split(':')[0])).toEqual(['vault']);
    rmSync(join(folder, 'keys', 'vault'), { recursive: true });
    expect(faults(await look(checkKeys))).toEqual([]);
    const nothing = await look(checkKeys, { TRUST_DIR: join(folder, 'nothing') });
    expect(faults(nothing)[0]).toMatchObject({ check: 'trust' });
  });
});

test('the worker’s alarms are warnings with a remedy', async () => {
  peer.answer = (_request, response) =>
    void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"status":"ok","checks":{"database":"ok"},"warnings":{"overdue-renewals":3}}');
  const findings = await look(checkWorker, {}, { workerUrl: `http://127.0.0.1:${peer.port}` });
  expect(levels(findings)).toEqual(['warning']);
  expect(findings[0]!.says).toBe('overdue-renewals: 3');
  explained(findings);
});
