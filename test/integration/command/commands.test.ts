import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMANDS, runCommand } from '@mandate/cli';
import { restrict } from '@mandate/ceremony';
import { MandateClient } from '@mandate/client';
import { fromUtf8, systemClock, systemRandom } from '@mandate/core';
import { PART, readBundle } from '@mandate/evidence';
import { createLogin } from '@mandate/store';
import { exportJWK, generateKeyPair } from 'jose';
import {
  creditCode,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from '../api/api-instance.js';
import { prepare, type Prepared } from '../api/ceremony.js';

/** The `mandate` command against a running installation, as an operator types it. */
let api: ApiInstance;
let tenant: Tenant;
let letter: Prepared;
let folder: string;
const SOURCE = creditCode(7001);
const STRANGER = creditCode(7002);

/** What the command reads from its environment; restored at the end. */
const ENV = ['NODE_ENV', 'DATABASE_URL', 'DATA_DIR', 'PUBLIC_URL', 'LEDGER_ORIGIN'];
const before = Object.fromEntries(ENV.map((name) => [name, process.env[name]]));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mandate-command-'));
  api = await startApi();
  Object.assign(process.env, {
    NODE_ENV: 'test',
    DATABASE_URL: api.databaseUrl,
    DATA_DIR: api.folder,
  });
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-1' },
    body: templateBody(),
  });
  letter = await prepare(api, tenant, 'released');
}, 120_000);
afterAll(async () => {
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function mandate(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: systemClock,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
const json = async (...args: string[]) => JSON.parse((await mandate(...args, '--json')).out);
/** Nothing of the subject on any screen but where a copy was asked for. */
const tells = (text: string): string[] =>
  [letter.subject.name, letter.subject.idNumber, letter.subject.phone].filter((secret) =>
    text.includes(secret),
  );

describe('usage', () => {
  const COMMANDS =
    'verify lint institution key registry template authorization export erase doctor';
  test.each(COMMANDS.split(' '))(
    '%s --help: usage on standard output, exit code 0',
    async (name) => {
      for (const args of [
        [name, '--help'],
        [name, 'list', '-h'],
      ]) {
        const { code, out, err } = await mandate(...args);
        expect([code, err]).toEqual([0, '']);
        expect(out).toContain(`mandate ${name}`);
      }
      const all = await mandate('--help');
      expect(all.out).toContain(`mandate ${name}`);
    },
  );

  test.each([
    ['template'],
    ['template show'],
    ['template show tpl_1 x'],
    ['template list --nonsense'],
    ['authorization'],
    ['authorization show'],
    ['authorization search --state signing'],
    ['authorization search --since yesterday'],
    ['authorization search --limit 100000'],
    ['erase'],
    ['erase --nonsense'],
    ['erase aut_1'],
    ['erase aut_1 --person Ann --approver ann'],
    ['export'],
    ['export aut_1 --out x'],
    ['registry'],
    ['registry add --kind friend'],
    ['registry add-key --credit-code 1'],
    ['registry allow --source 1 --item a --purpose b --approver c'],
    ['registry revoke-key'],
    ['doctor --service nonsense'],
    ['doctor --worker nonsense'],
  ])('%s: exit code 3, nothing on standard output', async (line) => {
    const { code, out, err } = await mandate(...line.split(' '));
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('usage: mandate');
  });
});

describe('registry', () => {
  const party = (...more: string[]) =>
    mandate(
      ...['registry', 'add', '--kind', 'source', '--credit-code', SOURCE, '--name', '某征信'],
      ...['--licence', 'L-1', '--reviewed', '2026-01-01', '--valid-until', '2030-01-01'],
      ...more,
    );
  test('a source needs the origin of its data and two people; what is said is listed', async () => {
    expect((await party('--registrar', 'a', '--approver', 'b')).code).toBe(3);
    const origin = ['--origin-proof', 'O-1'];
    expect((await party(...origin, '--registrar', 'a', '--approver', 'a')).code).toBe(3);
    const added = await party(...origin, '--registrar', 'a', '--approver', 'b');
    expect([added.code, added.out]).toEqual([0, expect.stringMatching(/^reg_/)]);
    const rule = ['--source', SOURCE, '--item', 'x-item', '--purpose', 'loan-approval'];
    const by = ['--approver', 'b', '--reason', 'R-1'];
    expect((await mandate('registry', 'allow', ...rule, ...by)).out).toBe('allowed');
    expect((await mandate('registry', 'allow', ...rule, ...by)).out).toBe('already allowed');
    const listed = await json('registry', 'list');
    expect(listed.entries).toContainEqual(
      expect.objectContaining({ creditCode: SOURCE, licence: 'L-1', approver: 'b' }),
    );
    expect(listed.combinations).toContainEqual(
      expect.objectContaining({ source: SOURCE, item: 'x-item' }),
    );
    expect((await mandate('registry', 'list')).out).toContain('某征信');
    expect((await mandate('registry', 'forbid', ...rule, ...by)).code).toBe(0);
    expect((await mandate('registry', 'forbid', ...rule, ...by)).code).toBe(1);
    const unknown = ['--source', STRANGER, ...rule.slice(2)];
    expect((await mandate('registry', 'allow', ...unknown, ...by)).err).toContain('source-unknown');
  });

  test('a recipient’s key: public alone, of somebody known, two people; revoked once', async () => {
    const [{ credit_code: code }] = await api.query(
      'SELECT credit_code FROM institutions WHERE id = $1',
      [tenant.id],
    );
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true });
    const file = async (name: string, key: typeof publicKey): Promise<string> => {
      writeFileSync(join(folder, name), JSON.stringify(await exportJWK(key)));
      return join(folder, name);
    };
    const pub = await file('pub.json', publicKey);
    const secret = await file('secret.json', privateKey);
    const add = (jwk: string, who = code, approver = 'b', valid = '2099-01-01') =>
      mandate(
        ...['registry', 'add-key', '--credit-code', who, '--jwk', jwk, '--valid-until', valid],
        ...['--registrar', 'a', '--approver', approver, '--json'],
      );
    const refused = await add(secret);
    expect(refused.code).toBe(3);
    expect(refused.err).not.toContain(JSON.parse(readFileSync(secret, 'utf8')).d);
    expect((await add(pub, STRANGER)).code).toBe(3);
    expect((await add(pub, code, 'A')).code).toBe(3);
    expect((await add(pub, code, 'b', '2020-01-01')).code).toBe(3);
    expect((await add(join(folder, 'nothing.json'))).code).toBe(3);
    const { id, thumbprint } = JSON.parse((await add(pub)).out);
    expect((await add(pub)).code).toBe(3);
    expect((await json('registry', 'keys')).items).toEqual([
      expect.objectContaining({ id, thumbprint, revokedAt: null }),
    ]);
    expect((await mandate('registry', 'keys')).out).toContain('until');
    expect((await mandate('registry', 'revoke-key', '--key', id)).code).toBe(0);
    expect((await mandate('registry', 'revoke-key', '--key', id)).code).toBe(1);
    expect((await mandate('registry', 'keys')).out).toContain('REVOKED');
  });
});

describe('authorizations and templates', () => {
  test('shown by id and letter number, found by what is no personal data; nothing personal appears', async () => {
    const seen = await json('authorization', 'show', letter.id);
    expect(seen).toMatchObject({
      authorization: { id: letter.id, state: 'released' },
      privacy: { retention: { basis: '电子签名法 24' }, erasure: null },
      openings: { request: 1 },
    });
    const text = await mandate('authorization', 'show', seen.authorization.letterNumber);
    expect(text.out).toContain(letter.id);
    expect(text.out).toContain('kept until');
    const found = await mandate('authorization', 'search', '--institution', tenant.id);
    expect(found.out).toContain(letter.id);
    expect(await json('authorization', 'search', '--state', 'declined')).toEqual({ items: [] });
    expect(await json('authorization', 'search', '--until', '2020-01-01')).toEqual({ items: [] });
    const { businessReference } = seen.authorization;
    expect(
      (await json('authorization', 'search', '--reference', businessReference, '--limit', '1'))
        .items[0].id,
    ).toBe(letter.id);
    expect(tells(JSON.stringify(seen) + text.out + found.out)).toEqual([]);
    expect((await mandate('authorization', 'show', 'aut_nothing')).err).toContain('not-found');
    const opened = (await json('authorization', 'show', letter.id)).openings;
    expect(opened).toEqual(seen.openings);
  });

  test('templates with who wrote and who approved; the body is what lint reads', async () => {
    const [row] = (await json('template', 'list', '--institution', tenant.id)).items;
    expect(row).toMatchObject({ status: 'published', name: 'for-tests' });
    expect(row.approver).not.toBe(row.authors[0]);
    const { out } = await mandate('template', 'show', row.id, '1');
    expect(JSON.parse(out)).toMatchObject({ name: 'for-tests' });
    const file = join(folder, 'template.json');
    writeFileSync(file, out);
    expect((await mandate('lint', file)).code).toBe(0);
    expect((await mandate('template', 'show', row.id, '7')).err).toContain('not-found');
  });
});

describe('export and erase', () => {
  test('export: by an institution’s key into a file of one’s own, on record; never over a file', async () => {
    const key = join(folder, 'key');
    writeFileSync(key, `${tenant.apiKey}\n`);
    const out = join(folder, 'copy.json');
    const args = (to: string, id = letter.id, keyFile = key) => [
      ...['export', id, '--key-file', keyFile, '--proof', 'in-person', '--proof-ref', 'V-1'],
      ...['--out', to, '--url', api.url],
    ];
    const count = async () =>
      Number((await json('authorization', 'show', letter.id)).openings.export ?? 0);
    const asked = await count();
    expect((await mandate(...args(key))).code).toBe(3);
    expect((await mandate(...args(out, letter.id, join(folder, 'no-key')))).code).toBe(3);
    writeFileSync(join(folder, 'bad'), 'mk_x');
    expect((await mandate(...args(out, letter.id, join(folder, 'bad')))).code).toBe(3);
    const unknown = letter.id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect((await mandate(...args(out, unknown))).err).toContain('not-found');
    expect((await mandate(...args(out), '--url', 'http://127.0.0.1:1')).code).toBe(3);
    expect([await count(), existsSync(out)]).toEqual([asked, false]);
    const done = await mandate(...args(out));
    expect([done.code, tells(done.out)]).toEqual([0, []]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(tells(readFileSync(out, 'utf8'))).toHaveLength(3);
    const text = join(folder, 'copy.txt');
    await mandate(...args(text), '--text');
    expect(readFileSync(text, 'utf8')).toMatch(/^【/);
    expect(tells(readFileSync(text, 'utf8'))).toHaveLength(3);
    expect(await count()).toBe(asked + 2);
  });

  test('erase: refused while the law keeps the data; what nothing keeps is gone within the minute', async () => {
    const by = ['--person', 'Ann', '--approver', 'Bob'];
    expect((await mandate('erase', letter.id, ...by)).err).toContain('retention-runs');
    expect((await mandate('erase', 'aut_nothing', ...by)).err).toContain('not-found');
    const declined = await prepare(api, tenant, 'presented');
    const said = await api.call('POST', '/v1/signing/decline', {
      cookie: declined.cookie,
      headers: { 'x-requested-with': 'mandate' },
      body: { reason: 'refused' },
    });
    expect(said.status).toBe(200);
    expect((await mandate('erase', declined.id, ...by)).err).toContain('retention-runs');
    const asked = await api.call('POST', `/v1/authorizations/${declined.id}/restriction`, {
      key: tenant.apiKey,
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { proof: { kind: 'paper', ref: 'P-1' } },
    });
    expect(asked.status).toBe(200);
    // and whoever asks for the copy with the institution's key is sent to the subject's page
    const keyFile = join(folder, 'restricted.key');
    const copy = join(folder, 'restricted.copy');
    writeFileSync(keyFile, tenant.apiKey);
    const refused = await mandate(
      ...['export', declined.id, '--key-file', keyFile, '--proof', 'paper', '--proof-ref', 'P-1'],
      ...['--out', copy, '--url', api.url, '--json'],
    );
    expect([refused.code, refused.out, existsSync(copy)]).toEqual([3, '', false]);
    const told = JSON.parse(refused.err);
    expect(told.code).toBe('restricted');
    expect(told.detail).toContain(`${api.url}/my`);
    expect((await json('authorization', 'show', declined.id)).openings.export).toBeUndefined();
    // the institution's word does not do, the subject's own on their page does
    expect((await mandate('erase', declined.id, ...by)).err).toContain('retention-runs');
    await restrict(
      { record: api.record, clock: { now: api.now }, random: systemRandom },
      {
        authorizationId: declined.id,
        by: 'subject',
        proof: { kind: 'own-code', ref: 'ovs_1' },
      },
    );
    await mandate('erase', declined.id, ...by);
    // the worker looks every ten seconds
    let erased: { basis: string } | null = null;
    for (let round = 0; !erased && round < 60; round++) {
      erased = (await json('authorization', 'show', declined.id)).privacy.erasure;
      await new Promise((done) => setTimeout(done, 1000));
    }
    expect(erased?.basis).toBe('个人信息保护法 19');
    const shown = await api.call('GET', `/v1/authorizations/${declined.id}/letter?as=shown`, {
      key: tenant.apiKey,
    });
    expect([shown.status, shown.json.code]).toEqual([410, 'erased']);
    expect(await json('erase', '--waiting')).toEqual({ items: [] });
  });
});

describe('doctor', () => {
  const faults = async (): Promise<string[]> =>
    (await json('doctor')).findings
      .filter(({ level }: { level: string }) => level === 'fault')
      .map(({ check, says }: { check: string; says: string }) => `${check}: ${says}`);

  test('a running installation has no fault; one operator of timestamps is a warning', async () => {
    const { code, out } = await mandate('doctor');
    expect(out).not.toContain('FAULT');
    expect(code).toBe(2);
    for (const check of [
      'database',
      'migrations',
      'grants',
      'ledger',
      'objects',
      'queue',
      'keys',
      'web',
    ])
      expect(out).toMatch(new RegExp(`ok +${check} `));
    expect(tells(out)).toEqual([]);
  });

  /** Not told again by the looks that follow. */
  const mended: string[] = [];
  test.each<[string, string, string, string]>([
    [
      'a grant too many',
      'GRANT UPDATE ON events TO mandate_web',
      'REVOKE UPDATE ON events FROM mandate_web',
      'grants: not as released: mandate_web has UPDATE on events',
    ],
    [
      'one on a single column',
      'GRANT SELECT (wrapped) ON data_keys TO mandate_desk',
      'REVOKE SELECT (wrapped) ON data_keys FROM mandate_desk',
      'mandate_desk has SELECT on data_keys',
    ],
    [
      'one too few',
      'REVOKE INSERT ON access_entries FROM mandate_vault',
      'GRANT INSERT ON access_entries TO mandate_vault',
      'mandate_vault lacks INSERT on access_entries',
    ],
    [
      'a rule switched off',
      'ALTER TABLE events DISABLE TRIGGER event_chain',
      'ALTER TABLE events ENABLE TRIGGER event_chain',
      'rules: switched off: events.event_chain',
    ],
    [
      'a migration edited',
      `UPDATE migrations SET checksum = 'x' || checksum WHERE name LIKE '0003%'`,
      `UPDATE migrations SET checksum = substr(checksum, 2) WHERE name LIKE '0003%'`,
      'migrations: applied with another content: 0003',
    ],
    [
      'one of a newer build',
      `INSERT INTO migrations SELECT '9999-x.sql', checksum, applied_at FROM migrations LIMIT 1`,
      `DELETE FROM migrations WHERE name = '9999-x.sql'`,
      'migrations: of a newer build: 9999-x.sql',
    ],
    [
      'a ledger entry rewritten',
      `UPDATE ledger_entries SET entry = entry || ' ' WHERE leaf_index = 0`,
      `UPDATE ledger_entries SET entry = rtrim(entry) WHERE leaf_index = 0`,
      'ledger: the entries give root',
    ],
  ])('%s', async (_name, harm, mend, says) => {
    await api.query(harm);
    try {
      const told = (await faults()).join('\n');
      expect(told).toContain(says);
      expect(mended.filter((fault) => told.includes(fault))).toEqual([]);
    } finally {
      await api.query(mend);
    }
    mended.push(says);
  });

  test('what was mended is no fault any more', async () => {
    expect(await faults()).toEqual([]);
  });

  test('a login for roles that must be apart; another PUBLIC_URL than was fixed', async () => {
    const name = `mixed_${Date.now()}`;
    await createLogin(api.databaseUrl, ['web', 'ca'], name, 'x');
    try {
      expect((await faults()).join('\n')).toContain(`${name}: ca, web`);
    } finally {
      await api.query(`DROP ROLE ${name}`);
    }
    process.env['PUBLIC_URL'] = 'https://elsewhere.example';
    try {
      expect((await faults()).join('\n')).toContain(
        'addresses: PUBLIC_URL is https://elsewhere.example',
      );
    } finally {
      delete process.env['PUBLIC_URL'];
    }
  });
});

/** A PNG of one. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('--json', () => {
  /** `registry allow`, from `registry allow|forbid --source …` and all other forms of the usage. */
  const formsOf = (usage: string): string[] =>
    usage.split(' | ').flatMap((form) => {
      const words = form.split(' ');
      const end = words.findIndex((word) => !/^[a-z][a-z|-]*$/.test(word));
      const names = end < 0 ? words : words.slice(0, end);
      return names.reduce<string[]>(
        (made, name) => made.flatMap((one) => name.split('|').map((it) => `${one} ${it}`.trim())),
        [''],
      );
    });

  test('every form of every command: one object on standard output, or a problem on standard error', async () => {
    process.env['PUBLIC_URL'] = api.url;
    const file = (name: string, bytes: string | Uint8Array): string => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const logo = file('logo.png', Buffer.from(PIXEL, 'base64'));
    const client = new MandateClient({ baseUrl: api.url, apiKey: tenant.apiKey });
    const evidence = file('evidence.asice', await client.bundle(letter.id));
    const report = file('report.pdf', await client.reportPdf(letter.id, 'en'));
    let renewals = 0;
    const { parts } = readBundle(readFileSync(evidence));
    const part = (name: string) => JSON.parse(fromUtf8(parts.get(name)!));
    const { salt, subject } = part(PART.terms);
    const told = { field: 'subject.name', salt, value: subject.name };
    const values = file(
      'values.json',
      JSON.stringify([{ ...told, commitment: part(PART.scene).subject.name }]),
    );
    const template = file('walked.json', JSON.stringify(templateBody()));
    const keyFile = file('walked.key', tenant.apiKey);
    const { publicKey } = await generateKeyPair('ECDH-ES', { extractable: true });
    const jwk = file('walked.jwk', JSON.stringify(await exportJWK(publicKey)));
    const code = creditCode(7003);
    const combination = [
      ...['--source', code, '--item', 'x-item', '--purpose', 'loan-approval'],
      ...['--approver', 'b', '--reason', 'R-1'],
    ];
    const entry = [
      ...['--kind', 'source', '--credit-code', code, '--name', '某源', '--licence', 'L'],
      ...['--origin-proof', 'O', '--reviewed', '2026-01-01', '--valid-until', '2030-01-01'],
      ...['--registrar', 'a', '--approver', 'b'],
    ];
    const people = ['--person', 'Ann', '--approver', 'Bob'];
    const party = creditCode(7004);
    const trust = ['--trust', join(api.folder, 'trust')];
    const origin = ['--origin', 'https://app.bank.example'];
    // what one form answers the next ones need
    const said: Record<string, any> = {};
    const own = () => said['institution create'].id as string;
    const staff = () => said['staff open'].staff as string;
    const twoPeople = ['--by', 'a', '--approver', 'b'];
    const account = ['--name', 'Li', '--team', 'disputes', ...twoPeople, '--undertaking', 'HR-1'];
    const opened = await mandate('staff', 'open', ...account, '--json');
    const second = JSON.parse(opened.out).staff as string;
    const walk: Record<string, () => string[]> = {
      'set-up': () => [],
      'set-up login': () => ['--name', `walk_${Date.now()}`, '--roles', 'web'],
      'institution create': () => [
        ...['--name', '某行', '--credit-code', party],
        ...['--contact', '1', '--complaints', '2'],
      ],
      'institution list': () => [],
      'institution allow': () => [own(), ...origin],
      'institution allowed': () => [own()],
      'institution disallow': () => [own(), ...origin],
      'institution logo': () => [own(), logo],
      'institution quota': () => [own(), '--per-minute', '100'],
      'key create': () => ['--institution', own(), '--name', 'walked'],
      'key list': () => ['--institution', own()],
      'key rotate': () => ['--key', said['key create'].keyId],
      'key revoke': () => ['--key', said['key create'].keyId],
      'staff open': () => account,
      'staff give': () => ['--staff', staff(), '--role', 'officer', ...twoPeople],
      'staff end': () => ['--staff', staff(), '--role', 'officer', '--by', 'a'],
      'staff invite': () => ['--staff', staff(), ...twoPeople],
      'staff reset': () => ['--staff', staff(), ...twoPeople],
      'staff link': () => [
        ...['--staff', second, '--issuer', 'https://id.example', '--subject', 'li', ...twoPeople],
      ],
      'staff move': () => ['--staff', staff(), '--team', 'complaints', ...twoPeople],
      'staff review': () => [
        ...['--staff', staff(), '--team', 'complaints', '--roles', 'none', '--by', 'a'],
      ],
      'staff wake': () => ['--staff', staff(), ...twoPeople],
      'staff close': () => ['--staff', staff(), '--by', 'a', '--undertaking', 'HR-2'],
      'staff list': () => [],
      'staff changes': () => [],
      'registry add': () => entry,
      'registry allow': () => combination,
      'registry forbid': () => combination,
      'registry list': () => [],
      'registry changes': () => [],
      'registry add-key': () => [
        ...['--credit-code', party, '--jwk', jwk, '--valid-until', '2099-01-01'],
        ...['--registrar', 'a', '--approver', 'b'],
      ],
      'registry keys': () => [],
      'registry revoke-key': () => ['--key', said['registry add-key'].id],
      'template list': () => [],
      'template show': () => [said['template list'].items[0].id, '1'],
      'authorization show': () => [letter.id],
      'authorization search': () => [],
      export: () => [
        ...[letter.id, '--key-file', keyFile, '--proof', 'paper', '--proof-ref', 'P-1'],
        ...['--out', join(folder, 'walked.copy'), '--url', api.url],
      ],
      erase: () => ['--waiting'],
      lint: () => [template],
      'sms-texts': () => [template, '--institution', '某行', '--url', api.url],
      verify: () => [evidence, ...trust],
      disclose: () => [
        ...[evidence, '--to', jwk, '--values', values, '--out', join(folder, 'told.asice')],
      ],
      'report renew': () => [
        ...[report, '--timestamp', `${api.url}/tsa`, ...trust],
        ...['--out', join(folder, `renewed-${++renewals}.pdf`)],
      ],
      // what it answers depends on how the pages were built here
      'report page': () => [evidence, ...trust, '--out', join(folder, 'walked.html')],
      'ledger copy': () => [`${api.url}/ledger`, join(folder, 'copied'), ...trust],
      'ledger fsck': () => [join(folder, 'copied'), ...trust],
      'ledger key-event': () => [
        ...['--event', 'ceremony', '--purpose', 'ledger', '--minutes', template],
        ...['--key', join(api.folder, 'trust', 'ledger', 'ledger.vkey')],
      ],
      witness: () => ['--name', 'w.example', '--key', join(folder, 'walked.pem'), '--init'],
      doctor: () => [],
    };
    const all: string[] = [];
    for (const load of Object.values(COMMANDS)) all.push(...formsOf((await load()).usage));
    const forms = [...new Set(all)];
    expect(Object.keys(walk).sort()).toEqual(forms.sort());
    const wrong: string[] = [];
    for (const [form, more] of Object.entries(walk)) {
      const args = [...form.split(' '), ...more()];
      const good = await mandate(...args, '--json');
      said[form] = good.out && JSON.parse(good.out);
      const single = typeof said[form] === 'object' && !Array.isArray(said[form]);
      if (
        !single ||
        !(form in { doctor: 0, verify: 0, 'report page': 0 } ? good.code <= 2 : good.code === 0)
      )
        wrong.push(`${form}: ${good.code} ${good.out.slice(0, 100)} ${good.err}`);
      const bad = await mandate('--json', ...args, '--nonsense');
      const problem = bad.out === '' && JSON.parse(bad.err);
      if (bad.code !== 3 || problem.exitCode !== 3 || problem.code !== 'usage' || !problem.detail)
        wrong.push(`${form} --nonsense: ${bad.code} ${bad.out.slice(0, 100)} ${bad.err}`);
    }
    delete process.env['PUBLIC_URL'];
    expect(wrong).toEqual([]);
    const refused = await mandate('erase', letter.id, ...people, '--json');
    expect([refused.code, refused.out]).toEqual([3, '']);
    expect(JSON.parse(refused.err)).toMatchObject({ code: 'retention-runs', exitCode: 3 });
    for (const args of [['--json'], ['nothing', '--json']])
      expect(JSON.parse((await mandate(...args)).err)).toMatchObject({ code: 'usage' });
  }, 120_000);
});
