import { generateKeyPairSync } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { keepPassphrase, writePkcs12 } from '@mandate/adapters';
import { startAuthority } from '@mandate/authority';
import { addSeconds, sha256Hex, type PublicAnchors, type ServerBuild } from '@mandate/core';
import {
  confirmRedemption,
  dispute,
  evidenceBundle,
  GENERATION_PAUSE,
  publishedAnchors,
  redeem,
  RESERVED_GENERATIONS,
  sweepGenerations,
  withdraw,
  type UseDeps,
} from '@mandate/ceremony';
import { generationZero, readBundle } from '@mandate/evidence';
import { openDatabase } from '@mandate/store';
import { verifyFile } from '@mandate/verify';
import { sql } from 'kysely';
import { startCeremony, type StartedCeremony } from './started-ceremony.js';

jest.setTimeout(60_000);

const BUILD: ServerBuild = {
  digest: '7d'.repeat(32),
  commit: `${'ab'.repeat(20)}+changes`,
  lockfile: '1f'.repeat(32),
  page: null,
};
let ceremony: StartedCeremony;
let deps: UseDeps;
beforeAll(async () => {
  ceremony = await startCeremony({}, true, undefined, BUILD);
  deps = {
    ...ceremony.deps,
    record: ceremony.record,
    vault: ceremony.web.vault,
    seal: ceremony.web.seal,
  };
}, 60_000);
afterEach(() => {
  ceremony.probes.at = () => undefined;
  ceremony.tsa.down = ceremony.second.down = false;
});
afterAll(() => ceremony?.stop());

let people = 0;
async function confirmed() {
  return ceremony.confirmed({
    name: '李四',
    idNumber: '310101199003072313',
    phone: `137${String(++people).padStart(8, '0')}`,
  });
}
const archive = (authorizationId: string) => ceremony.authority.ca.archive({ authorizationId });
async function release(at: Awaited<ReturnType<typeof confirmed>>): Promise<string> {
  await ceremony.complete(at, await ceremony.issue(at));
  expect(await ceremony.state(at.id)).toBe('released');
  return at.id;
}
const recall = (authorizationId: string) =>
  withdraw(deps, { authorizationId, by: 'subject', proof: { kind: 'visit', ref: 'vis' } });
const extend = (authorizationId: string) => ceremony.authority.ca.extend({ authorizationId });
const entered = () => ceremony.authority.ledger.integrate({});
const use = (authorization: { id: string }, hold = false) =>
  redeem(deps, {
    authorization,
    institution: ceremony.institution,
    idempotencyKey: crypto.randomUUID(),
    request: {
      purpose: 'loan-approval',
      source: { creditCode: ceremony.body.sources[0]!.creditCode },
      items: ['basic-information'],
      operator: { id: 'staff' },
      hold,
    },
  });
const download = async (id: string) =>
  evidenceBundle(ceremony.deps, await ceremony.record.authorization(id), {
    purpose: 'download',
    actor: 'test',
  });
async function judged(id: string) {
  const anchors = await ceremony.authority.ca.anchors({});
  const bundle = await download(id);
  const result = verifyFile(bundle, { anchors, at: ceremony.clock.now() });
  const open = result.findings.filter(
    ({ status }) => status === 'failed' || status === 'indeterminate',
  );
  expect(open).toEqual([]);
  return { bundle: readBundle(bundle), ...result };
}
const due = async (after = 0): Promise<readonly string[]> =>
  ceremony.worker.growingBundles({
    at: addSeconds(ceremony.clock.now(), after),
    pause: GENERATION_PAUSE,
    most: 99,
    reserved: RESERVED_GENERATIONS,
    limit: 1000,
  });
const rows = async (id: string): Promise<number> => (await ceremony.record.generations(id)).length;

/** Letters are dear: each goes through several tests, in their order. */
let grown: string;
let killed: string;
let renewed: string;

test('nothing is added before a letter is released, and nothing without cause', async () => {
  const at = await confirmed();
  await expect(extend(at.id)).rejects.toMatchObject({ code: 'illegal-transition' });
  grown = await release(at);
  expect(await extend(grown)).toEqual({ authorizationId: grown, generation: 0, added: false });
  expect(await due(3600)).not.toContain(grown);
});

test('the archived letter comes first, then what happens; generation 0 stays what it is', async () => {
  const id = grown;
  await archive(id);
  const sealed = sha256Hex(generationZero(readBundle(await download(id))));
  // the renewal's entry waits for its place: nothing can be proven yet
  expect(await extend(id)).toMatchObject({ added: false });
  await entered();
  expect(await due()).not.toContain(id);
  expect(await due(GENERATION_PAUSE.seconds)).toContain(id);
  const views = await Promise.all([extend(id), extend(id), extend(id)]);
  expect(views.filter(({ added }) => added).length).toBe(1);
  expect(new Set(views.map(({ generation }) => generation))).toEqual(new Set([1]));
  expect(await rows(id)).toBe(1);
  expect(await due(3600)).not.toContain(id);

  const reserved = await use({ id }, true);
  await confirmRedemption(deps, { authorizationId: id, redemptionId: reserved.redemption });
  await recall(id);
  await dispute(deps, {
    authorizationId: id,
    by: 'institution',
    proof: { kind: 'paper', ref: 'x' },
  });
  await entered();
  expect(await due(GENERATION_PAUSE.seconds)).not.toContain(id);
  expect(await due(GENERATION_PAUSE.seconds + 8 * GENERATION_PAUSE.growing + 5)).toContain(id);
  expect(await extend(id)).toMatchObject({ generation: 2, added: true });
  expect(await extend(id)).toMatchObject({ generation: 2, added: false });

  const { bundle, facts, verdict } = await judged(id);
  expect(verdict.indication).toBe('TOTAL-PASSED');
  expect(sha256Hex(generationZero(bundle))).toBe(sealed);
  expect(facts.level).toBe('B-LTA');
  const { later } = facts;
  expect(later).toMatchObject({
    generation: 2,
    state: {
      uses: { allowed: 1, counted: 1, reserved: 0 },
      withdrawn: true,
      hold: 'open',
      ended: false,
    },
    archived: { generation: 1, renewals: 1 },
  });
  expect(later!.facts.map(({ kind, receipt }) => [kind, receipt])).toEqual([
    ['redemption', 'verified'],
    ['withdrawal', 'verified'],
    ['hold', 'verified'],
  ]);
  expect(later!.facts[0]!.steps).toMatchObject([{ step: 'confirmed' }]);
  expect(later!.accesses.length).toBeGreaterThan(5);
  // nobody reads out of it who of the subject's data is whose
  const added = JSON.stringify(later);
  for (const secret of ['李四', '310101199003072313', '1370000'])
    expect(added).not.toContain(secret);
});

test.each(['after-generation-seal', 'after-generation-object'])('killed %s', async (point) => {
  if (!killed) {
    killed = await release(await confirmed());
    await archive(killed);
    await entered();
  }
  ceremony.probes.at = (at) => {
    if (at === point) throw new Error('killed');
  };
  await expect(extend(killed)).rejects.toThrow('killed');
  expect(await rows(killed)).toBe(0);
  expect(await due(GENERATION_PAUSE.seconds)).toContain(killed);
});

test('nobody stamps: nothing is added, and the sweep goes on with it later, once', async () => {
  expect((await judged(killed)).facts.later).toBeUndefined();
  ceremony.tsa.down = ceremony.second.down = true;
  const problems: string[] = [];
  const sweep = () =>
    sweepGenerations({
      ...ceremony.deps,
      clock: { now: () => addSeconds(ceremony.clock.now(), 120) },
      record: ceremony.worker,
      ca: ceremony.authority.ca,
      onProblem: (_what, error) => problems.push((error as { code: string }).code),
    });
  expect(await sweep()).toBe(0);
  expect(problems).toEqual(['timestamp-unavailable']);
  ceremony.tsa.down = ceremony.second.down = false;
  expect(await sweep()).toBe(1);
  expect(await rows(killed)).toBe(1);
  expect((await judged(killed)).facts.later!.generation).toBe(1);
});

test('what is recorded while a generation is made is told by the next', async () => {
  await dispute(deps, {
    authorizationId: killed,
    by: 'institution',
    proof: { kind: 'paper', ref: 'x' },
  });
  await entered();
  let meanwhile: Promise<unknown> | undefined;
  ceremony.probes.at = (point) => {
    if (point === 'after-generation-seal') meanwhile ??= recall(killed);
  };
  await extend(killed);
  await meanwhile;
  expect((await judged(killed)).facts.later!.state).toMatchObject({
    hold: 'open',
    withdrawn: false,
  });
  await entered();
  expect(await due(86_400)).toContain(killed);
  await extend(killed);
  expect((await judged(killed)).facts.later!.state).toMatchObject({
    hold: 'open',
    withdrawn: true,
  });
});

test('the receipt key is replaced: bundles go on growing, under both keys', async () => {
  const id = await release(await confirmed());
  await use({ id }, true);
  await entered();
  expect(await extend(id)).toMatchObject({ generation: 1, added: true });

  // Its public key stands in trust/receipt already: the folder of the one in use is all that changes.
  const folder = join(ceremony.folder, 'keys', 'seal');
  await rm(join(folder, 'receipt.p12'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
  await writePkcs12(folder, 'receipt', { pkcs8, chain: [] }, await keepPassphrase(folder));
  const { authority, close } = await startAuthority(ceremony.parts);
  try {
    await recall(id);
    await authority.ledger.integrate({});
    expect(await authority.ca.extend({ authorizationId: id })).toMatchObject({
      generation: 2,
      added: true,
    });
    const status = (bundle: Uint8Array, anchors: PublicAnchors) =>
      verifyFile(bundle, { anchors, at: ceremony.clock.now() }).findings.find(
        (it) => it.id === 'later-receipt-signature',
      );
    const bundle = await download(id);
    expect(status(bundle, await publishedAnchors(authority))).toMatchObject({ status: 'passed' });
    expect(status(bundle, await authority.ca.anchors({}))).toMatchObject({
      subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
    });
  } finally {
    await close();
  }
});

test('a renewal waits for no pause and may be the last generation; anything else may not', async () => {
  const id = (renewed = await release(await confirmed()));
  await use({ id }, true);
  await entered();
  expect(await extend(id)).toMatchObject({ generation: 1, added: true });
  const withOne = (reserved: number) =>
    ceremony.worker.growingBundles({
      at: addSeconds(ceremony.clock.now(), 65),
      pause: { seconds: 60, growing: 1000 },
      most: 2,
      reserved,
      limit: 1000,
    });
  await recall(id);
  expect(await withOne(0)).not.toContain(id);
  await archive(id);
  expect(await withOne(1)).toContain(id);
  await entered();
  expect(await extend(id)).toMatchObject({ generation: 2, added: true });
  expect(await withOne(0)).not.toContain(id);
});

test('a last seal whose authority ends before the letter’s is renewed with it, once', async () => {
  const id = renewed;
  const unarchived = async (): Promise<readonly string[]> => {
    const at = ceremony.clock.now();
    return ceremony.worker.unarchived({ releasedBefore: new Date(0), at, limit: 100 });
  };
  const overdue = () => ceremony.worker.overdueArchives(ceremony.clock.now());
  const last = (await ceremony.record.generations(id)).at(-1)!;
  expect(last.madeAt < last.renewFrom && last.renewFrom < last.renewBy).toBe(true);
  expect(await unarchived()).not.toContain(id);
  expect(await archive(id)).toMatchObject({ generation: 1 });
  await ceremony.owner.query(
    `UPDATE bundle_generations SET renew_from = made_at, renew_by = made_at
     WHERE authorization_id = $1 AND generation = 2`,
    [id],
  );
  expect(await overdue()).toBe(1);
  expect(await unarchived()).toContain(id);
  expect(await archive(id)).toMatchObject({ generation: 2 });
  expect(await overdue()).toBe(0);
  expect(await unarchived()).not.toContain(id);
  expect(await archive(id)).toMatchObject({ generation: 2 });
  await entered();
  expect(await extend(id)).toMatchObject({ generation: 3, added: true });
  expect(await unarchived()).not.toContain(id);
  expect((await judged(id)).facts.later).toMatchObject({ archived: { generation: 3 } });
});

test('the database: dense, growing, and by role ca alone', async () => {
  const id = grown;
  const columns =
    'SELECT authorization_id, $1::int, $2, digest, $3::bigint, accesses, archive_generation, made_at, renew_from, renew_by';
  const insert = (generation: number, size: number) =>
    ceremony.owner.query(
      `INSERT INTO bundle_generations ${columns} FROM bundle_generations
       WHERE authorization_id = $4 AND generation = 1`,
      [generation, `x/${generation}/${size}`, size, id],
    );
  await expect(insert(4, 1_000_000)).rejects.toMatchObject({ code: 'MA001' });
  await expect(insert(3, 0)).rejects.toMatchObject({ code: 'MA001' });
  for (const role of ['web', 'worker', 'desk', 'seal', 'ledger'] as const) {
    const db = openDatabase(ceremony.url, role, 1);
    try {
      await expect(
        sql`INSERT INTO bundle_generations SELECT * FROM bundle_generations`.execute(db),
      ).rejects.toMatchObject({ code: '42501' });
      await expect(sql`SELECT * FROM later_entries(${id})`.execute(db)).rejects.toMatchObject({
        code: '42501',
      });
    } finally {
      await db.destroy();
    }
  }
});

test('the end of a passkey makes every bundle due whose letter was signed with it', async () => {
  const client = await ceremony.owner.connect();
  const changes = async (): Promise<number> => {
    const of = 'SELECT changes::int FROM bundle_changes WHERE authorization_id = $1';
    return (await client.query<{ changes: number }>(of, [grown])).rows[0]!.changes;
  };
  const entry = '5e'.repeat(32);
  try {
    // rolled back: what else belongs to a passkey is not there
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query(
      `UPDATE confirmations SET passkey = $2 WHERE challenge_id = (
         SELECT challenge_id FROM attempts WHERE authorization_id = $1 AND state = 'committed')`,
      [grown, JSON.stringify({ registration: { entry } })],
    );
    await client.query(
      `INSERT INTO passkeys (id, subject_key, credential_id, public_key, counter, transports, salt, entry_digest,
         authorization_id, challenge_digest, proven_by, created_at)
       SELECT 'psk_x', sha256('x'), 'x', 'x', 0, '{}', sha256('y'), $2, $1, c.digest, '{sms-code}', now()
       FROM challenges c WHERE c.authorization_id = $1 LIMIT 1`,
      [grown, entry],
    );
    await client.query('SET LOCAL session_replication_role = origin');
    const before = await changes();
    await client.query(
      `UPDATE passkeys SET revoked_at = now(), revoked_why = 'subject' WHERE id = 'psk_x'`,
    );
    expect(await changes()).toBe(before + 1);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

test('a generation that was exchanged in the store or the record does not leave', async () => {
  await ceremony.owner.query(
    `UPDATE bundle_generations SET digest = repeat('0', 64) WHERE authorization_id = $1`,
    [killed],
  );
  await expect(download(killed)).rejects.toMatchObject({ code: 'object-corrupt' });
});

test('the running build is in the ledger, once, and in every bundle', async () => {
  const { page: _, ...server } = BUILD;
  expect((await judged(grown)).facts.authorization!.builds).toEqual({ page: null, server });
  const { rows: entries } = await ceremony.owner.query(
    `SELECT entry::jsonb->>'digest' AS digest FROM ledger_entries
     WHERE entry::jsonb->>'kind' = 'deploy' AND entry::jsonb->>'component' = 'server'`,
  );
  expect(entries).toEqual([{ digest: BUILD.digest }]);
});
