import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openQueue } from '@mandate/adapters';
import { DomainError, systemRandom, toBase64Url, utf8, type SmsMessage } from '@mandate/core';
import { decline, passGate } from '@mandate/ceremony';
import { createLog } from '@mandate/runtime';
import { startWorker } from '@mandate/worker';
import { recordingSms } from '../../kit/recording-sms.js';
import { startCeremony, type StartedCeremony } from './started-ceremony.js';

jest.setTimeout(60_000);

/** Nobody else has these: wherever they turn up, they came from here. */
const CANARY = { name: '龘靐䶮', idNumber: '11010519491231002X', phone: '19987654321' };

let ceremony: StartedCeremony;
const sent: SmsMessage[] = [];
let stopWorker: () => Promise<void>;
beforeAll(async () => {
  ceremony = await startCeremony();
  const worker = await startWorker({
    clock: ceremony.clock,
    random: systemRandom,
    log: createLog({ service: 'test', level: 'silent' }),
    record: ceremony.worker,
    queue: await openQueue(ceremony.url, { log: () => undefined }),
    sms: [recordingSms(sent)],
    authority: ceremony.authority,
    ...ceremony.webhooks,
  });
  stopWorker = () => worker.close();
});
afterAll(async () => {
  await stopWorker();
  await ceremony.stop();
});

/** Every table of every schema as COPY writes it: text as it is, bytea as hex. */
async function dump(): Promise<Map<string, string>> {
  const { rows } = await ceremony.owner.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const tables = new Map<string, string>();
  for (const { name } of rows) {
    const all = await ceremony.owner.query<{ line: string }>(
      `SELECT t::text AS line FROM ${name} t`,
    );
    tables.set(name, all.rows.map(({ line }) => line).join('\n'));
  }
  return tables;
}

/** A text in the spellings in which it might lie about. */
const spellings = (text: string): string[] => {
  const bytes = Buffer.from(utf8(text));
  const wide = Buffer.from(text, 'utf16le');
  return [
    text,
    bytes.toString('hex'),
    wide.toString('hex'),
    Buffer.from(wide).swap16().toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    toBase64Url(bytes),
  ];
};

test('name, number, telephone and code stand nowhere readable: tables, queue, objects', async () => {
  const at = await ceremony.presented(CANARY);
  const asked = await ceremony.challenge(at.id);
  for (let i = 0; i < 100 && sent.length === 0; i++) await sleep(100);
  expect(sent.map(({ phone }) => phone)).toEqual([CANARY.phone]);
  const code = /\d{6}/.exec(sent[0]!.text)![0];
  const before = await dump();
  await ceremony.confirm(at, asked, code);
  const issued = await ceremony.issue({ ...at, challenge: asked });
  await ceremony.complete(at, issued);
  const after = await dump();

  expect(after.size).toBeGreaterThan(25);
  expect([...after.keys()].some((name) => !name.startsWith('public.'))).toBe(true); // the queue's
  expect(after.get('public.attempt_journal')!.length).toBeGreaterThan(10_000);
  const values = [...Object.values(CANARY), CANARY.idNumber.slice(-6)];
  const found: string[] = [];
  for (const tables of [before, after])
    for (const [table, text] of tables) {
      for (const value of values)
        for (const spelling of spellings(value))
          if (text.includes(spelling)) found.push(`${table}: ${value} as ${spelling}`);
      // six digits alone may be part of a digest
      if (new RegExp(`(?<![0-9A-Za-z])${code}(?![0-9A-Za-z])`).test(text))
        found.push(`${table}: code`);
      if (text.includes(Buffer.from(code).toString('hex'))) found.push(`${table}: code as hex`);
    }
  expect(found).toEqual([]);

  const folder = join(ceremony.folder, 'objects');
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((f) =>
    f.isFile(),
  );
  expect(files.length).toBeGreaterThanOrEqual(2); // the letter and the bundle
  const markers = [
    ...values.flatMap(spellings),
    '%PDF',
    'mimetype',
    'PK\x03\x04',
    'BEGIN CERTIFICATE',
  ];
  for (const file of files) {
    const bytes = await readFile(join(file.parentPath, file.name));
    for (const marker of markers) expect(bytes.includes(Buffer.from(utf8(marker)))).toBe(false);
    for (const marker of values) expect(file.name.includes(marker)).toBe(false);
  }
});

test('planted canaries are found: the search itself works', async () => {
  await ceremony.owner.query(`INSERT INTO settings VALUES ('canary', $1)`, [CANARY.phone]);
  await ceremony.owner.query(`INSERT INTO data_keys VALUES ('canary', $1, now())`, [
    Buffer.from(utf8(CANARY.name)),
  ]);
  const tables = await dump();
  const found = [CANARY.phone, CANARY.name].flatMap((value) =>
    spellings(value).flatMap((spelling) =>
      [...tables].filter(([, text]) => text.includes(spelling)).map(([table]) => table),
    ),
  );
  expect(found.sort()).toEqual(['public.data_keys', 'public.settings']);
});

test('the access entry stands before the key leaves, and without it no key leaves', async () => {
  const id = await ceremony.request(CANARY);
  const unwrap = () =>
    ceremony.web.vault.unwrap({
      authorizationId: id,
      purpose: 'report',
      actor: 'desk:somebody',
    });
  const entries = async (): Promise<{ purpose: string; actor: string }[]> =>
    (
      await ceremony.owner.query<{ body: string }>(
        'SELECT body FROM access_entries WHERE authorization_id = $1 ORDER BY ordinal',
        [id],
      )
    ).rows.map(({ body }) => JSON.parse(body) as { purpose: string; actor: string });
  await unwrap();
  expect((await entries()).at(-1)).toMatchObject({ purpose: 'report', actor: 'web/desk:somebody' });
  const before = (await entries()).length;

  await ceremony.owner.query(`REVOKE INSERT ON access_entries FROM mandate_vault`);
  try {
    await expect(unwrap()).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ceremony.request(CANARY)).rejects.toMatchObject({ code: 'forbidden' });
  } finally {
    await ceremony.owner.query(`GRANT INSERT ON access_entries TO mandate_vault`);
  }
  expect((await entries()).length).toBe(before);
  const { rows } = await ceremony.owner.query(
    `SELECT 1 FROM data_keys k WHERE NOT EXISTS (SELECT 1 FROM access_entries a WHERE a.authorization_id = k.authorization_id) AND k.authorization_id <> 'canary'`,
  );
  expect(rows).toEqual([]);

  await expect(
    ceremony.web.vault.unwrap({
      authorizationId: id,
      purpose: 'curiosity' as 'report',
      actor: 'x',
    }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  await ceremony.owner.query(
    `ALTER TABLE data_keys DISABLE TRIGGER USER; UPDATE data_keys SET wrapped = NULL WHERE authorization_id = '${id}'; ALTER TABLE data_keys ENABLE TRIGGER USER`,
  );
  await expect(unwrap()).rejects.toMatchObject({ code: 'erased' });
  await expect(
    ceremony.web.vault.unwrap({ authorizationId: 'aut_none', purpose: 'report', actor: 'x' }),
  ).rejects.toMatchObject({ code: 'not-found' });
});

test('a box moved to another row, or of another authorization, does not open', async () => {
  const [one, two] = [await ceremony.request(CANARY), await ceremony.request(CANARY)];
  const visit = await ceremony.visit(one);
  await ceremony.owner.query(
    `UPDATE personal_data SET box = (SELECT box FROM personal_data WHERE authorization_id = $2) WHERE authorization_id = $1`,
    [one, two],
  );
  await expect(passGate(ceremony.deps, visit, CANARY.idNumber.slice(-6))).rejects.toBeInstanceOf(
    DomainError,
  );
  await expect(passGate(ceremony.deps, visit, CANARY.idNumber.slice(-6))).rejects.toMatchObject({
    code: 'object-corrupt',
  });
  await decline(ceremony.deps, visit, 'not-me');
});
