import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { addSeconds, sha256Hex, toUtcSeconds, utf8, type Queue } from '@mandate/core';
import { archivedLetter, archiveState, evidenceBundle, sweepArchives } from '@mandate/ceremony';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { parseEntry, type RenewalEntry } from '@mandate/ledger';
import { createLog, listen } from '@mandate/runtime';
import { caRecord, openDatabase } from '@mandate/store';
import { verifyFile } from '@mandate/verify';
import { startWorker, workerHealth } from '@mandate/worker';
import { startCeremony, SUBJECT, type StartedCeremony } from './started-ceremony.js';

jest.setTimeout(60_000);

let ceremony: StartedCeremony;
beforeAll(async () => {
  ceremony = await startCeremony({}, true);
}, 60_000);
afterEach(() => {
  ceremony.probes.at = () => undefined;
  ceremony.tsa.down = ceremony.second.down = false;
});
afterAll(() => ceremony.stop());

let people = 0;
async function released(): Promise<string> {
  const at = await ceremony.confirmed({
    ...SUBJECT,
    phone: `136${String(++people).padStart(8, '0')}`,
  });
  await ceremony.complete(at, await ceremony.issue(at));
  expect(await ceremony.state(at.id)).toBe('released');
  return at.id;
}
const archive = (authorizationId: string) => ceremony.authority.ca.archive({ authorizationId });
const state = async (id: string) =>
  archiveState(ceremony.deps, await ceremony.record.authorization(id));
const download = async (id: string) =>
  archivedLetter(ceremony.deps, await ceremony.record.authorization(id), {
    purpose: 'download',
    actor: 'test',
  });
const signed = async (id: string) => {
  const authorization = await ceremony.record.authorization(id);
  const access = { purpose: 'download', actor: 'test' } as const;
  const bundle = await evidenceBundle(ceremony.deps, authorization, access);
  return partOf(readBundle(bundle), PART.signedLetter);
};
async function judged(id: string) {
  const anchors = await ceremony.authority.ca.anchors({});
  const { verdict, facts } = verifyFile(await download(id), { anchors, at: ceremony.clock.now() });
  return { indication: verdict.indication, level: facts.level, facts };
}
const due = (at = ceremony.clock.now()) =>
  ceremony.worker.unarchived({ releasedBefore: at, at, limit: 100 });
/** The ledger's renewal entries of a letter, in the order of the tree. */
async function renewals(id: string): Promise<RenewalEntry[]> {
  await ceremony.authority.ledger.integrate({});
  const { rows } = await ceremony.owner.query<{ entry: string }>(
    `SELECT e.entry FROM ledger_entries e JOIN ledger_queue q ON q.id = e.queue_id
     WHERE q.dedupe LIKE 'renewal:' || $1 || ':%' ORDER BY e.leaf_index`,
    [id],
  );
  return rows.map(({ entry }) => parseEntry(utf8(entry)) as RenewalEntry);
}
const sweep = async () => {
  const problems: string[] = [];
  const alarms = await sweepArchives({
    ...ceremony.deps,
    record: ceremony.worker,
    ca: ceremony.authority.ca,
    onProblem: (_what, error) => problems.push((error as { code: string }).code),
  });
  return { ...alarms, problems };
};

test('nobody stamps: nothing is signed, what happens next is said, and then it happens', async () => {
  const at = await ceremony.confirmed();
  const issued = await ceremony.issue(at);
  ceremony.tsa.down = ceremony.second.down = true;
  const until = new Date(Date.parse(issued.material.notAfter) - 60_000);
  await expect(ceremony.complete(at, issued)).rejects.toMatchObject({
    code: 'timestamp-unavailable',
    extensions: { retryAfterSeconds: 5, until: toUtcSeconds(until) },
  });
  expect(await ceremony.state(at.id)).toBe('confirmed');
  expect(await ceremony.attemptState(issued.attemptId)).toBe('subject-signed');
  ceremony.second.down = false;
  expect(await ceremony.sweep()).toEqual([]);
  expect(await ceremony.state(at.id)).toBe('released');
  // The other one stamped the signature, so now it is the first that must stamp the archive.
  await expect(archive(at.id)).rejects.toMatchObject({ code: 'timestamp-unavailable' });
  ceremony.tsa.down = false;
  expect(await archive(at.id)).toMatchObject({ generation: 1 });
});

test('nothing is archived before it is released', async () => {
  const at = await ceremony.confirmed({ ...SUBJECT, phone: '13500000001' });
  await expect(archive(at.id)).rejects.toMatchObject({ code: 'illegal-transition' });
  expect(await state(at.id)).toBeNull();
});

test('release wakes the job; it makes one generation however often it runs', async () => {
  const id = await released();
  const { rows } = await ceremony.owner.query(
    "SELECT count(*)::int AS n FROM outbox WHERE topic = 'archive-letter' AND ref = $1",
    [id],
  );
  expect(rows[0].n).toBe(1);
  expect(await state(id)).toEqual({ archiveLevel: 'B-T' });
  await expect(download(id)).rejects.toMatchObject({ code: 'illegal-transition' });
  expect(await due()).toContain(id);

  const views = await Promise.all([archive(id), archive(id), archive(id)]);
  for (const view of [...views, await archive(id)])
    expect(view).toMatchObject({ level: 'B-LTA', generation: 1 });
  const count = await ceremony.owner.query(
    'SELECT count(*)::int AS n FROM archives WHERE authorization_id = $1',
    [id],
  );
  expect(count.rows[0].n).toBe(1);
  expect(await due()).not.toContain(id);
  expect(await state(id)).toMatchObject({
    archiveLevel: 'B-LTA',
    archiveGeneration: 1,
    renewalOverdue: false,
  });
  expect(await judged(id)).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-LTA' });
  // However often it ran: one entry, about this letter, which extends the one that was signed.
  const entries = await renewals(id);
  const letter = await download(id);
  expect(entries).toEqual([
    {
      format: 'mandate-entry/v1',
      kind: 'renewal',
      at: toUtcSeconds((await ceremony.record.newestArchive(id))!.madeAt),
      serial: (await judged(id)).facts.certificate!.serial,
      generation: 1,
      letter: sha256Hex(letter),
      previous: sha256Hex(await signed(id)),
    },
  ]);
  expect(letter.slice(0, (await signed(id)).length)).toEqual(await signed(id));
  const anchors = await ceremony.authority.ca.anchors({});
  const { findings } = verifyFile(await download(id), { anchors, at: ceremony.clock.now() });
  const status = (name: string) => findings.find((it) => it.id === name)?.status;
  expect(status('authority-status')).toBe('passed');
  expect(status('crl/crl-status')).toBe('passed');
});

test('each stamp in a second of its own: signature, status, archive', async () => {
  const id = await released();
  await archive(id);
  const { facts } = await judged(id);
  const second = (time: string): number => Math.floor(Date.parse(time) / 1000);
  const times = [
    facts.timestamp!.genTime,
    facts.revocation!.producedAt,
    facts.documentTimestamps![0]!.genTime,
  ].map(second);
  expect(times[1]).toBeGreaterThan(times[0]!);
  expect(times[2]).toBeGreaterThan(times[1]!);
  expect(facts.revocation!.nextUpdate! <= facts.certificate!.notAfter).toBe(true);
});

test('hours late, long after the certificate’s end: B-LTA from what was frozen', async () => {
  const id = await released();
  ceremony.clock.move(6 * 3600);
  expect(await due()).toContain(id);
  expect((await sweep()).problems).toEqual([]);
  const found = await judged(id);
  expect(found).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-LTA' });
  expect(Date.parse(found.facts.documentTimestamps![0]!.genTime)).toBeGreaterThan(
    Date.parse(found.facts.certificate!.notAfter) + 5 * 3_600_000,
  );
});

test('the other operator stamps the archive, and nobody else may', async () => {
  const id = await released();
  ceremony.second.down = true;
  await expect(archive(id)).rejects.toMatchObject({ code: 'timestamp-unavailable' });
  expect(await state(id)).toEqual({ archiveLevel: 'B-T' });
  ceremony.clock.move(60);
  expect(await sweep()).toMatchObject({ problems: ['timestamp-unavailable'], waitingArchives: 0 });
  ceremony.clock.move(3600);
  expect(await sweep()).toMatchObject({ overdueRenewals: 0, waitingArchives: 1 });
  expect(await health()).toMatchObject({ status: 'ok', warnings: { 'waiting-archives': 1 } });
  ceremony.second.down = false;
  ceremony.tsa.down = true;
  expect(await archive(id)).toMatchObject({ generation: 1 });
});

test.each(['after-archive-token', 'after-archive-object'])('killed %s: again', async (point) => {
  const id = await released();
  ceremony.probes.at = (reached) => {
    if (reached === point) throw new Error('killed');
  };
  await expect(archive(id)).rejects.toThrow('killed');
  expect(await state(id)).toEqual({ archiveLevel: 'B-T' });
  ceremony.probes.at = () => undefined;
  expect(await archive(id)).toMatchObject({ generation: 1 });
  expect(await judged(id)).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-LTA' });
});

test('renewed when due, once; late is an alarm', async () => {
  const id = await released();
  await archive(id);
  const row = (await ceremony.record.newestArchive(id))!;
  expect(await due(addSeconds(row.renewFrom, -1))).not.toContain(id);
  const days = (row.renewFrom.getTime() - ceremony.clock.now().getTime()) / 86_400_000;
  expect(days).toBeGreaterThan(3000);
  ceremony.clock.move(days * 86_400 + 1);
  expect(await due()).toContain(id);
  const first = await download(id);
  expect((await sweep()).overdueRenewals).toBe(0);
  const renewed = (await ceremony.record.newestArchive(id))!;
  expect(renewed.generation).toBe(2);
  expect(await archive(id)).toMatchObject({ generation: 2 });
  const found = await judged(id);
  expect(found).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-LTA' });
  expect(found.facts.documentTimestamps).toHaveLength(2);
  expect(await renewals(id)).toMatchObject([
    { generation: 1, letter: sha256Hex(first) },
    { generation: 2, previous: sha256Hex(first), letter: sha256Hex(await download(id)) },
  ]);

  // The authority is the same, so its end is near: nobody renews, and somebody is told.
  ceremony.tsa.down = ceremony.second.down = true;
  const alarm = (renewed.renewFrom.getTime() + renewed.renewBy.getTime()) / 2;
  ceremony.clock.move((alarm - ceremony.clock.now().getTime()) / 1000 + 1);
  const late = await sweep();
  expect(late.problems).toEqual(['timestamp-unavailable']);
  expect(late.overdueRenewals).toBeGreaterThan(0);
  // The worker stays in service, says so where it is asked and in its log.
  const lines: { level: number; overdue?: number }[] = [];
  expect(await health(lines)).toEqual({
    status: 'ok',
    checks: { database: 'ok' },
    warnings: { 'overdue-renewals': late.overdueRenewals },
  });
  expect(lines.filter(({ overdue }) => overdue)).toMatchObject([
    { level: 50, overdue: late.overdueRenewals },
  ]);
  expect(await state(id)).toMatchObject({ renewalOverdue: true });
});

/** What a worker of this record answers on /readyz after its first sweeps. */
async function health(lines: object[] = []): Promise<unknown> {
  const log = createLog({
    service: 'worker',
    level: 'error',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const queue: Queue = { wake: async () => {}, handle: async () => {}, close: async () => {} };
  const { clock, deps, worker: record, authority } = ceremony;
  const parts = { clock, random: deps.random, log, record, queue, authority };
  const worker = await startWorker({
    ...parts,
    ...ceremony.webhooks,
    sms: [],
  });
  const app = workerHealth(parts, worker, { database: async () => {} });
  const { url, close } = await listen(app, 0, '127.0.0.1');
  try {
    for (;;) {
      const response = await fetch(`${url}/readyz`);
      const answer = (await response.json()) as { warnings: object };
      expect(response.status).toBe(200);
      if (Object.keys(answer.warnings).length > 0) return answer;
      await new Promise((done) => setTimeout(done, 50));
    }
  } finally {
    await close();
    await worker.close();
  }
}

test('no generation without its ledger entry, whoever forgets it', async () => {
  const id = await released();
  const row = {
    authorizationId: id,
    generation: 1,
    level: 'B-LTA',
    object: `test/${id}`,
    digest: 'a'.repeat(64),
    madeAt: ceremony.clock.now(),
    renewFrom: ceremony.clock.now(),
    renewBy: ceremony.clock.now(),
  } as const;
  const good = {
    kind: 'renewal',
    generation: 1,
    letter: row.digest,
    previous: 'b'.repeat(64),
  };
  const ca = openDatabase(ceremony.url, 'ca', 1);
  try {
    // (another kind is refused by the queue itself)
    for (const wrong of [{ generation: 2 }, { letter: good.previous }])
      await expect(
        caRecord(ca).addArchive(row, JSON.stringify({ ...good, ...wrong })),
      ).rejects.toMatchObject({ code: 'version-conflict' });
    await expect(ca.insertInto('archives').values(row).execute()).rejects.toMatchObject({
      code: 'MA002',
    });
  } finally {
    await ca.destroy();
  }
  expect(await state(id)).toEqual({ archiveLevel: 'B-T' });
  expect(await archive(id)).toMatchObject({ generation: 1 });
});

test('rows are appended densely, by role ca alone, and stay', async () => {
  const id = await released();
  await archive(id);
  const values = `SELECT authorization_id, generation + $1, level, object || $2, digest, made_at, renew_from, renew_by
                  FROM archives WHERE authorization_id = $3`;
  const refusal = async (role: string, statement: string, params: unknown[]) => {
    const client = await ceremony.owner.connect();
    // The server may stop before this connection has heard of the pool's end.
    client.on('error', () => undefined);
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL ROLE mandate_${role}`);
      await client.query(statement, params);
      return null;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  };
  const insert = `INSERT INTO archives ${values}`;
  for (const role of ['web', 'worker', 'desk', 'ra', 'vault', 'ledger'])
    expect([role, await refusal(role, insert, [1, 'x', id])]).toEqual([role, '42501']);
  expect(await refusal('ca', insert, [1, 'x', id])).toBeNull();
  expect(await refusal('ca', insert, [2, 'x', id])).toBe('MA001');
  expect(await refusal('ca', 'UPDATE archives SET digest = $1', ['x'])).toBe('42501');
  expect(await refusal('ca', 'DELETE FROM archives', [])).toBe('42501');
});
