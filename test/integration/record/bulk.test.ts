import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addSeconds, DomainError, newId, sha256Hex, utf8 } from '@mandate/core';
import {
  BULK_LIMITS,
  cancelBulk,
  completeBulk,
  createBulk,
  importBulk,
  receiveBulk,
  type BulkFormat,
  type BulkRecord,
  type RowKey,
} from '@mandate/ceremony';
import { parseStrictJson } from '@mandate/runtime';
import { bulkRows, openDatabase, rememberedAnswers, type Database } from '@mandate/store';
import { person } from '../api/api-instance.js';
import { startCeremony, type StartedCeremony } from './started-ceremony.js';

/** Files of many requests: nothing lost, nothing doubled, nothing left behind. */
let ceremony: StartedCeremony;
let database: Database;
let record: BulkRecord;
/** Of its own for each test. */
let institution: StartedCeremony['institution'];
beforeAll(async () => {
  ceremony = await startCeremony();
  database = openDatabase(ceremony.url, 'web', 8);
  record = bulkRows(database);
  institution = ceremony.institution;
}, 60_000);
afterAll(async () => {
  await database?.destroy();
  await ceremony?.stop();
});
/** The imports of one test are not in the way of another. */
beforeEach(async () => {
  const { rows } = await ceremony.owner.query('SELECT id FROM bulks WHERE ended_at IS NULL');
  for (const { id } of rows) await record.cancelBulk(id, ceremony.clock.now());
});

const deps = (bulks = record) => ({
  ...ceremony.deps,
  publicUrl: 'http://localhost:1',
  signWithin: 7 * 86_400,
  record: ceremony.record,
  bulks,
  parseJson: parseStrictJson,
});
const bulkDeps = () => ({ ...ceremony.deps, record });

let keys = 0;
const begin = async (format: BulkFormat = 'ndjson', rowKey: RowKey = 'row') => {
  const idempotencyKey = `bulk-${(keys += 1)}`;
  const at = ceremony.clock.now();
  await rememberedAnswers(database).begin({
    ...{ institutionId: institution.id, key: idempotencyKey, request: {}, at },
  });
  return (await createBulk(bulkDeps(), { institution, format, rowKey, idempotencyKey })).id;
};
const found = async (id: string) => (await record.findBulk(institution.id, id))!;
async function* stream(...chunks: Uint8Array[]) {
  yield* chunks;
}
const upload = async (id: string, offset: number, ...chunks: Uint8Array[]) =>
  receiveBulk(bulkDeps(), { bulk: await found(id), offset, stream: stream(...chunks) });
const complete = async (id: string, digest: string) =>
  completeBulk(bulkDeps(), { bulk: await found(id), digest });
const received = async (text: string, format?: BulkFormat, rowKey?: RowKey) => {
  const id = await begin(format, rowKey);
  await upload(id, 0, utf8(text));
  await complete(id, sha256Hex(utf8(text)));
  return id;
};
const work = (worker = 'one', bulks = record) =>
  importBulk(deps(bulks), { worker, stopped: () => false });
const outcomes = (id: string) => record.outcomes(id, { after: 0, limit: 10_000 });
const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};

const row = (count: number, changes: object = {}) => ({
  template: ceremony.body.name,
  businessReference: `ROW-${count}`,
  subject: { ...person(count) },
  end: { kind: 'date', at: addSeconds(ceremony.clock.now(), 30 * 86_400).toISOString() },
  ...changes,
});
const file = (rows: readonly unknown[]): string =>
  rows.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');
const authorizations = async (prefix: string): Promise<string[]> => {
  const { rows } = await ceremony.owner.query(
    'SELECT id FROM authorizations WHERE business_reference LIKE $1 ORDER BY id',
    [`${prefix}%`],
  );
  return rows.map(({ id }: { id: string }) => id);
};

test('each row has its outcome, and a bad one harms no other', async () => {
  const subject = person(3);
  const text = file([
    row(1, { businessReference: 'MIX-1' }),
    '{"template":',
    row(2, { businessReference: 'MIX-2', subject: { ...subject, idNumber: '310101199003072311' } }),
    '',
    row(3, { businessReference: 'MIX-3', unknown: 1 }),
    JSON.stringify(row(4, { businessReference: 'MIX-4' })).padEnd(BULK_LIMITS.rowBytes + 2),
    row(5, { businessReference: 'MIX-5', template: 'nothing' }),
    row(6, { businessReference: 'MIX-6', subject: { ...subject, name: '王\u{1f600}' } }),
    '{"template":"a","template":"b"}',
    row(7, { businessReference: 'MIX-7' }),
  ]);
  const id = await received(text);
  expect(await work()).toBe(true);
  expect(await work()).toBe(false);
  const done = await found(id);
  expect(done).toMatchObject({
    state: 'done',
    rows: 9,
    done: 9,
    created: 2,
    refused: 7,
    repeated: 0,
  });
  const all = await outcomes(id);
  expect(all.map(({ row, problem }) => [row, problem])).toEqual([
    [1, null],
    [2, 'invalid-request'],
    [3, 'terms-invalid'],
    [4, 'invalid-request'],
    [5, 'payload-too-large'],
    [6, 'template-unknown'],
    [7, 'glyph-missing'],
    [8, 'invalid-request'],
    [9, null],
  ]);
  expect(JSON.stringify(all)).not.toContain(subject.idNumber);
  expect([all[0]!.authorizationId, all[8]!.authorizationId].sort()).toEqual(
    (await authorizations('MIX-')).sort(),
  );
  // what was created is what a single request creates
  expect(await ceremony.state(all[0]!.authorizationId!)).toBe('requested');
  const letter = await ceremony.visit(all[8]!.authorizationId!);
  expect(
    (await ceremony.letter({ visit: { ...letter, identified: true } as never })).length,
  ).toBeGreaterThan(10_000);
});

test('an upload in parts of any size; no row lies in clear; the rows and their key go with the end', async () => {
  const rows = Array.from({ length: 5 }, (_, i) => row(20 + i, { businessReference: `CUT-${i}` }));
  const bytes = utf8(file(rows));
  const id = await begin();
  // in the middle of a row, and of a character
  for (let at = 0; at < bytes.length; at += 401)
    expect((await upload(id, at, bytes.subarray(at, at + 401))).received).toBe(
      Math.min(at + 401, bytes.length),
    );
  expect(await refusal(upload(id, 7, bytes))).toBe('bulk-offset');
  const boxes = await ceremony.owner.query('SELECT box FROM bulk_pieces WHERE bulk_id = $1', [id]);
  expect(boxes.rows.length).toBeGreaterThan(2);
  const stored = Buffer.concat(boxes.rows.map(({ box }: { box: Buffer }) => box)).toString(
    'latin1',
  );
  for (const clear of ['ROW', 'CUT-', rows[0]!.subject.idNumber, 'template'])
    expect(stored).not.toContain(clear);
  await complete(id, sha256Hex(bytes));
  expect(await refusal(upload(id, bytes.length, bytes))).toBe('bulk-state');
  await work();
  expect(await found(id)).toMatchObject({ state: 'done', created: 5 });
  const left = await ceremony.owner.query(
    `SELECT (SELECT count(*)::int FROM bulk_pieces WHERE bulk_id = $1) AS pieces, wrapped, shredded_at
     FROM data_keys WHERE authorization_id = $1`,
    [id],
  );
  expect(left.rows[0]).toMatchObject({ pieces: 0, wrapped: null });
  expect(left.rows[0].shredded_at).not.toBeNull();
  // the same completion again is fine, another is not
  expect((await complete(id, sha256Hex(bytes))).state).toBe('done');
  expect(await refusal(complete(id, '0'.repeat(64)))).toBe('bulk-state');
});

test('a stream that breaks off keeps what was stored, and goes on there', async () => {
  const one = utf8(`${JSON.stringify(row(30, { businessReference: 'BREAK-1' }))}\n`);
  const padding = utf8('\n'.repeat(BULK_LIMITS.pieceBytes));
  const id = await begin();
  async function* broken() {
    yield one;
    yield padding;
    yield one.subarray(0, 9);
    throw new DomainError('invalid-request', 'the body ended early');
  }
  const bulk = await found(id);
  expect(await refusal(receiveBulk(bulkDeps(), { bulk, offset: 0, stream: broken() }))).toBe(
    'invalid-request',
  );
  const kept = (await found(id)).received;
  expect(kept).toBe(one.length + padding.length);
  const two = utf8(JSON.stringify(row(31, { businessReference: 'BREAK-2' })));
  await upload(id, kept, two);
  await complete(id, sha256Hex(Buffer.concat([one, padding, two])));
  await work();
  expect(await found(id)).toMatchObject({ state: 'done', rows: 2, created: 2 });
});

test('killed before or after any commit, by two at once: every row once', async () => {
  const COUNT = 20;
  const rows = Array.from({ length: COUNT }, (_, i) =>
    row(40 + i, { businessReference: `KILL-${i}` }),
  );
  const id = await received(file(rows));
  for (const [kill, when] of [
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
  ] as const) {
    let commits = 0;
    const dying: BulkRecord = {
      ...record,
      // the dead give nothing back
      releaseBulk: async () => undefined,
      commitRows: async (p) => {
        commits += 1;
        if (commits === kill && when === 'before') throw new Error('killed');
        const moved = await record.commitRows(p);
        if (commits === kill) throw new Error('killed');
        return moved;
      },
    };
    await expect(work(`dead-${kill}-${when}`, dying)).rejects.toThrow('killed');
    expect(await work('too-soon')).toBe(false);
    ceremony.clock.move(61);
  }
  expect((await found(id)).done).toBeGreaterThan(0);
  expect((await found(id)).done).toBeLessThan(COUNT);
  // one that lost its lease and does not know it, and one that took over
  const late: BulkRecord = {
    ...record,
    claimBulk: async (p) => {
      const claimed = await record.claimBulk(p);
      ceremony.clock.move(61);
      await record.claimBulk({
        ...p,
        worker: 'other',
        at: ceremony.clock.now(),
        until: addSeconds(ceremony.clock.now(), 60),
      });
      return claimed;
    },
  };
  expect(await work('late', late)).toBe(true);
  ceremony.clock.move(61);
  await Promise.all([work('three'), work('four')]);
  expect(await found(id)).toMatchObject({ state: 'done', created: COUNT, done: COUNT });
  const made = (await outcomes(id)).map(({ authorizationId }) => authorizationId);
  expect(new Set(made).size).toBe(COUNT);
  expect([...made].sort()).toEqual((await authorizations('KILL-')).sort());
  const { rows: references } = await ceremony.owner.query(
    `SELECT o.row, a.business_reference AS reference FROM bulk_outcomes o
     JOIN authorizations a ON a.id = o.authorization_id WHERE o.bulk_id = $1 ORDER BY 1`,
    [id],
  );
  expect(references.map(({ reference }: { reference: string }) => reference)).toEqual(
    rows.map(({ businessReference }) => businessReference),
  );
}, 60_000);

test('by business reference: the same row gives its authorization again, another content is refused', async () => {
  const first = row(70, { businessReference: 'AGAIN-1' });
  const id = await received(
    file([first, first, { ...first, language: 'en' }]),
    'ndjson',
    'business-reference',
  );
  await work();
  const [one, two, three] = await outcomes(id);
  expect(two).toMatchObject({
    authorizationId: one!.authorizationId,
    repeated: true,
    problem: null,
  });
  expect(three).toMatchObject({ authorizationId: null, problem: 'idempotency-key-reused' });
  const again = await received(
    file([first, row(71, { businessReference: 'AGAIN-2' })]),
    'ndjson',
    'business-reference',
  );
  await work();
  expect(await found(again)).toMatchObject({ created: 1, repeated: 1, refused: 0 });
  expect((await outcomes(again))[0]!.authorizationId).toBe(one!.authorizationId);
  expect(await authorizations('AGAIN-')).toHaveLength(2);
});

test('what is no fault of a row stops the import, not the row; an unexplained fault ends with giving up', async () => {
  const id = await received(file([row(75, { businessReference: 'WAIT-1' })]));
  const broken = (error: Error) => ({
    ...deps(),
    vault: {
      ...ceremony.deps.vault,
      unwrap: (asked: never) => ceremony.deps.vault.unwrap(asked),
      create: async () => {
        throw error;
      },
    },
  });
  const down = broken(new DomainError('authority-unavailable', 'down'));
  const run = { worker: 'one', stopped: () => false, giveUp: () => true };
  expect(await refusal(importBulk(down, run))).toBe('authority-unavailable');
  expect(await found(id)).toMatchObject({ state: 'running', done: 0 });
  await expect(
    importBulk(broken(new Error('odd')), { ...run, giveUp: () => false }),
  ).rejects.toThrow('odd');
  expect(await importBulk(broken(new Error('odd')), run)).toBe(true);
  expect((await outcomes(id))[0]).toMatchObject({ problem: 'internal', authorizationId: null });
});

test('cancelled midway: what was created stays, the rest is never made', async () => {
  const id = await received(
    file(Array.from({ length: 20 }, (_, i) => row(80 + i, { businessReference: `STOP-${i}` }))),
  );
  const stopping: BulkRecord = {
    ...record,
    commitRows: async (p) => {
      const moved = await record.commitRows(p);
      await cancelBulk(bulkDeps(), await found(id));
      return moved;
    },
  };
  await work('one', stopping);
  const stopped = await found(id);
  expect(stopped).toMatchObject({ state: 'cancelled', created: 8 });
  expect(await work()).toBe(false);
  expect(await authorizations('STOP-')).toHaveLength(8);
  expect((await cancelBulk(bulkDeps(), stopped)).state).toBe('cancelled');
  const { rows } = await ceremony.owner.query('SELECT 1 FROM bulk_pieces WHERE bulk_id = $1', [id]);
  expect(rows).toEqual([]);
});

test('CSV with quotes, line ends inside them and a byte order mark; headings that are none', async () => {
  const end = addSeconds(ceremony.clock.now(), 30 * 86_400).toISOString();
  const { name, idType, idNumber, phone } = person(90);
  const heading =
    'template,businessReference,subject.name,subject.idType,subject.idNumber,subject.phone,end.kind,end.at,uses.kind,uses.count';
  const cells = [
    ceremony.body.name,
    '"CSV-1, ""quoted"""',
    `"${name}"`,
    idType,
    idNumber,
    phone,
    'date',
    end,
  ];
  const text = [
    `\ufeff${heading}`,
    [...cells, 'count', '1'].join(','),
    [...cells.with(1, '"CSV-2\nand more"'), 'count', '1'].join(','),
    [...cells.with(1, 'CSV-3'), '', ''].join(','),
    cells.join(','),
    [...cells.with(1, 'CSV-5'), 'count', 'one'].join(','),
    '',
  ].join('\r\n');
  const id = await received(text, 'csv');
  await work();
  expect((await outcomes(id)).map(({ reference, problem }) => [reference, problem])).toEqual([
    ['CSV-1, "quoted"', null],
    [null, 'text-forbidden-character'],
    ['CSV-3', null],
    [null, 'invalid-request'],
    [null, 'invalid-request'],
  ]);
  for (const bad of [
    `${heading},subject.age\n1`,
    `${heading},template\n1`,
    `"${heading}\n1`,
    `${heading}\n`,
    '',
  ]) {
    const broken = await begin('csv');
    if (bad) await upload(broken, 0, utf8(bad));
    expect([bad, await refusal(complete(broken, sha256Hex(utf8(bad))))]).toEqual([
      bad,
      'bulk-format',
    ]);
    await record.cancelBulk(broken, ceremony.clock.now());
  }
});

test('limits: imports at once, rows, bytes, and time', async () => {
  const ids = [];
  for (let i = 0; i < BULK_LIMITS.open; i++) ids.push(await begin());
  expect(await refusal(begin())).toBe('bulk-limit');
  await record.cancelBulk(ids[0]!, ceremony.clock.now());
  const many = utf8('{}\n'.repeat(BULK_LIMITS.rows + 1));
  await upload(ids[1]!, 0, many);
  expect(await refusal(complete(ids[1]!, sha256Hex(many)))).toBe('payload-too-large');
  expect((await found(ids[1]!)).state).toBe('cancelled');
  const huge = new Uint8Array(BULK_LIMITS.bytes + 1);
  expect(await refusal(upload(ids[2]!, 0, huge))).toBe('payload-too-large');
  ceremony.clock.move(BULK_LIMITS.waits + 1);
  const now = ceremony.clock.now();
  expect(await record.cancelAbandoned(addSeconds(now, -BULK_LIMITS.waits), now)).toHaveLength(2);
});

test('refused imports leave no key behind', async () => {
  const dataKeys = async () =>
    (await ceremony.owner.query('SELECT count(*)::int AS n FROM data_keys')).rows[0].n;
  for (let i = 0; i < BULK_LIMITS.open; i++) await begin();
  const before = await dataKeys();
  for (let i = 0; i < 3; i++) expect(await refusal(begin())).toBe('bulk-limit');
  expect(await dataKeys()).toBe(before);
});

test('a file is read for one completion, once: with another digest its import ends', async () => {
  const bytes = utf8(file([row(96)]));
  const id = await begin();
  await upload(id, 0, bytes);
  const seen = await found(id);
  const [right, wrong] = [sha256Hex(bytes), '0'.repeat(64)];
  // while one reads it there is no other, and nothing is added
  let reads = 0;
  const meanwhile: string[] = [];
  const slow: BulkRecord = {
    ...record,
    pieceAfter: async (...asked) => {
      reads += 1;
      meanwhile.push(
        await refusal(completeBulk({ ...bulkDeps(), record: slow }, { bulk: seen, digest: right })),
        await refusal(upload(id, bytes.length, bytes)),
      );
      return record.pieceAfter(...asked);
    },
  };
  const completing = { ...bulkDeps(), record: slow };
  expect(await refusal(completeBulk(completing, { bulk: seen, digest: wrong }))).toBe(
    'bulk-digest-mismatch',
  );
  expect(meanwhile).toEqual(['version-conflict', 'version-conflict']);
  // from then on nobody reads anything, also who looked before
  for (const digest of [wrong, right])
    expect(await refusal(completeBulk(completing, { bulk: seen, digest }))).toBe('bulk-state');
  expect(reads).toBe(1);
  const { rows } = await ceremony.owner.query(
    `SELECT state, wrapped, (SELECT count(*)::int FROM bulk_pieces WHERE bulk_id = b.id) AS pieces
     FROM bulks b JOIN data_keys ON authorization_id = b.id WHERE b.id = $1`,
    [id],
  );
  expect(rows).toEqual([{ state: 'cancelled', wrapped: null, pieces: 0 }]);
});

test('what is no fault of the file leaves it to the next completion; one that died is waited for', async () => {
  const bytes = utf8(file([row(97)]));
  const id = await begin();
  await upload(id, 0, bytes);
  const seen = await found(id);
  const away: BulkRecord = {
    ...record,
    pieceAfter: async () => {
      throw new DomainError('database-unavailable', 'away');
    },
  };
  const input = { bulk: seen, digest: sha256Hex(bytes) };
  const failing = { ...bulkDeps(), record: away };
  expect(await refusal(completeBulk(failing, input))).toBe('database-unavailable');
  const dying = { ...failing, record: { ...away, leaveCompletion: async () => undefined } };
  expect(await refusal(completeBulk(dying, input))).toBe('database-unavailable');
  expect(await refusal(completeBulk(bulkDeps(), input))).toBe('version-conflict');
  ceremony.clock.move(BULK_LIMITS.completes);
  expect((await completeBulk(bulkDeps(), input)).state).toBe('running');
  // and is worked on at once
  expect(await work()).toBe(true);
});

test('a file in pieces of a byte: so many, each found by one look at the index', async () => {
  const id = await begin();
  const bytes = utf8('\n\n\n');
  for (let at = 0; at < bytes.length; at++) await upload(id, at, bytes.subarray(at, at + 1));
  expect(await found(id)).toMatchObject({ received: 3, pieces: 3 });
  expect((await record.pieceAfter(id, 1))!.start).toBe(1);
  expect(await record.pieceAfter(id, 3)).toBeNull();
  const seen = await found(id);
  await ceremony.owner.query('UPDATE bulks SET pieces = $2 WHERE id = $1', [
    id,
    BULK_LIMITS.pieces - 1,
  ]);
  await upload(id, 3, bytes);
  expect(await refusal(upload(id, 6, bytes))).toBe('bulk-limit');
  // also who looked before
  const late = { bulk: { ...seen, received: 6 }, offset: 6, stream: stream(bytes) };
  expect(await refusal(receiveBulk(bulkDeps(), late))).toBe('bulk-limit');
  expect(await found(id)).toMatchObject({ received: 6, pieces: BULK_LIMITS.pieces });
});

test('institutions take turns: who sends much does not keep others waiting', async () => {
  const own = institution;
  const send = async (name: string, count: number): Promise<string> => {
    const id = `ins_${name}`;
    await ceremony.owner.query(
      `INSERT INTO institutions (id, name, credit_code, contact, complaints, created_at)
       SELECT $1, name, $1, contact, complaints, created_at FROM institutions WHERE id = $2
       ON CONFLICT DO NOTHING`,
      [id, own.id],
    );
    institution = { ...own, id };
    ceremony.clock.move(1);
    return received(file(Array.from({ length: count }, (_, i) => `{"row":${i}}`)));
  };
  const [first, second] = [await send('much', 40), await send('much', 40)];
  const theirs = await send('little', 20);
  const order: string[] = [];
  const take = async (turn: { rows: number; seconds: number }): Promise<boolean> => {
    ceremony.clock.move(1);
    const run = { worker: 'one', stopped: () => false, turn };
    const giveUp = (id: string) => {
      order.push(id);
      return false;
    };
    return importBulk(deps(), { ...run, giveUp });
  };
  try {
    // a turn is over by its rows, or by its time, and comes further however short it is
    while (await take(order.length % 2 ? { rows: 1000, seconds: 0 } : { rows: 16, seconds: 60 }));
    expect(order.slice(0, 4)).toEqual([first, theirs, first, theirs]);
    expect(order.filter((id) => id === theirs)).toHaveLength(3);
    expect(order.at(-1)).toBe(second);
  } finally {
    institution = own;
  }
  const { rows } = await ceremony.owner.query(
    `SELECT id, state, refused FROM bulks WHERE id = ANY ($1) ORDER BY id`,
    [[first, second, theirs]],
  );
  expect(rows).toEqual([
    { id: first, state: 'done', refused: 40 },
    { id: second, state: 'done', refused: 40 },
    { id: theirs, state: 'done', refused: 20 },
  ]);
});

test('the database itself: an import does not go back, and no import’s end takes another’s key', async () => {
  const id = await received(file([row(95, { businessReference: 'DB-1' })]));
  const attempts = [
    `UPDATE bulks SET state = 'receiving' WHERE id = '${id}'`,
    `UPDATE bulks SET received = received + 1 WHERE id = '${id}'`,
    `UPDATE bulks SET digest = 'x' WHERE id = '${id}'`,
    `UPDATE bulks SET done = 2 WHERE id = '${id}'`,
    `UPDATE bulks SET state = 'done', ended_at = now() WHERE id = '${id}'`,
    `UPDATE bulks SET institution_id = 'x' WHERE id = '${id}'`,
    `INSERT INTO bulks (id, institution_id, format, row_key, created_at, updated_at)
       VALUES ('${newId('authorization', ceremony.clock, ceremony.deps.random)}', '${institution.id}', 'csv', 'row', now(), now())`,
    `UPDATE data_keys SET wrapped = NULL`,
    `DELETE FROM bulks`,
  ];
  for (const statement of attempts) {
    const tried = ceremony.owner.connect().then(async (client) => {
      try {
        await client.query('BEGIN');
        await client.query('SET LOCAL ROLE mandate_web');
        await client.query(statement);
        return 'done';
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    });
    expect([statement, await tried]).toEqual([
      statement,
      expect.stringMatching(/^(MA001|23514|42501)$/),
    ]);
  }
});
