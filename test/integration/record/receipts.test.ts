import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId, sha256Hex, utf8 } from '@mandate/core';
import {
  approveResolution,
  dispute,
  proposeResolution,
  redeem,
  stampWaiting,
  withdraw,
  type UseDeps,
} from '@mandate/ceremony';
import { deskRecord, openDatabase } from '@mandate/store';
import { decodeJwt } from 'jose';
import { receiptFaults } from './receipt-faults.js';
import { startCeremony } from './started-ceremony.js';

/** Role seal signs for what it finds in the record, and for nothing else. */
let ceremony: Awaited<ReturnType<typeof startCeremony>>;
let deps: UseDeps;
beforeAll(async () => {
  ceremony = await startCeremony();
  // Whose word it takes is the desk's matter, and tested there.
  await ceremony.owner.query('ALTER TABLE holds DISABLE TRIGGER hold_voted');
  deps = {
    ...ceremony.deps,
    record: ceremony.record,
    vault: ceremony.web.vault,
    seal: ceremony.web.seal,
  };
}, 180_000);
afterAll(() => ceremony?.stop());

async function released() {
  const at = await ceremony.confirmed({
    name: '李四',
    idNumber: '310101199003072313',
    phone: `138${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
  });
  await ceremony.complete(at, await ceremony.issue(at));
  for (let i = 0; (await ceremony.state(at.id)) !== 'released' && i < 50; i++)
    await ceremony.sweep();
  return ceremony.record.authorization(at.id);
}
const use = (authorization: { id: string }) =>
  redeem(deps, {
    authorization,
    institution: ceremony.institution,
    idempotencyKey: crypto.randomUUID(),
    request: {
      purpose: 'loan-approval',
      source: { creditCode: ceremony.body.sources[0]!.creditCode },
      items: ['basic-information'],
      operator: { id: 'staff' },
    },
  });

test('no receipt for a use that does not exist', async () => {
  for (const kind of ['redemption', 'withdrawal', 'hold', 'end', 'authorization'] as const) {
    const { clock, random } = ceremony.deps;
    await expect(
      ceremony.authority.seal.receipt({ factId: newId(kind, clock, random) }),
    ).rejects.toMatchObject({ code: 'not-found' });
  }
});

test('no receipt for a row that is not the one recorded; one receipt for one use', async () => {
  const authorization = await released();
  const made = await use(authorization);
  const again = await ceremony.authority.seal.receipt({ factId: made.redemption });
  expect(again.jws).toBe(made.receipt);

  // somebody with the owner's rights makes the use look like another, and the receipt go away
  await ceremony.owner.query('DELETE FROM receipts');
  await ceremony.owner.query(`UPDATE redemptions SET source = '91310000MA1FL5E8XC' WHERE id = $1`, [
    made.redemption,
  ]);
  await expect(ceremony.authority.seal.receipt({ factId: made.redemption })).rejects.toMatchObject({
    code: 'object-corrupt',
  });
});

test('a dispute and its end are receipted and told, each once', async () => {
  const authorization = await released();
  const database = openDatabase(ceremony.url, 'desk', 1);
  try {
    const steps = { ...ceremony.deps, record: ceremony.record };
    const desk = { ...ceremony.deps, record: deskRecord(database) };
    const { hold } = await dispute(steps, {
      authorizationId: authorization.id,
      by: 'institution',
      proof: { kind: 'paper', ref: 'x' },
    });
    const about = { authorizationId: authorization.id, holdId: hold, outcome: 'upheld' as const };
    await proposeResolution(desk, { ...about, grounds: 'case 7', person: 'desk:li' });
    const { resolution } = await approveResolution(desk, { ...about, person: 'desk:wang' });
    const facts: any[] = [];
    for (const factId of [hold, resolution!]) {
      const { jws } = await ceremony.authority.seal.receipt({ factId });
      const { fact, factDigest, ledgerEntry } = decodeJwt(jws) as any;
      facts.push(fact);
      const { rows } = await ceremony.owner.query(
        `SELECT entry FROM ledger_queue WHERE entry::jsonb->>'fact' = $1`,
        [factDigest],
      );
      expect(rows.map(({ entry }) => sha256Hex(utf8(entry)))).toEqual([ledgerEntry]);
    }
    expect(facts[1]).toMatchObject({
      ...{ format: 'mandate-hold-resolution/v1', id: resolution, hold, outcome: 'upheld' },
      grounds: 'case 7',
    });
    expect(facts[1].proposedBy).not.toBe(facts[1].resolvedBy);
    expect(JSON.stringify(facts)).not.toMatch(/wang|desk:/);
    const told = async (factId: string) =>
      (await ceremony.authority.ra.holdMessage({ factId }))?.text ?? null;
    expect(await told(hold)).toContain('暂停使用');
    expect(await told(resolution!)).toContain('争议成立');
    for (let i = 0; i < 3; i += 1) await told(hold);
    expect(await told(hold)).toBeNull();
    await expect(use(authorization)).rejects.toMatchObject({ code: 'on-hold' });
  } finally {
    await database.destroy();
  }
});

test('no timestamp authority: the use is receipted at once and stamped later', async () => {
  const authorization = await released();
  ceremony.tsa.down = true;
  try {
    const made = await use(authorization);
    expect(made).toMatchObject({ state: 'confirmed', timestamp: null });
    await expect(ceremony.authority.seal.stamp({ factId: made.redemption })).rejects.toMatchObject({
      code: 'timestamp-unavailable',
    });
    const gone = await withdraw(deps, {
      authorizationId: authorization.id,
      by: 'subject',
      proof: { kind: 'visit', ref: 'vis' },
    });
    await expect(use(authorization)).rejects.toMatchObject({ code: 'withdrawn' });
    ceremony.tsa.down = false;
    ceremony.clock.move(120);
    const problems: unknown[] = [];
    await stampWaiting({
      clock: ceremony.clock,
      record: ceremony.worker,
      seal: ceremony.authority.seal,
      onProblem: (_, error) => problems.push(error),
    });
    const receipts = await Promise.all(
      [made.redemption, gone.withdrawal].map((id) => ceremony.record.receipt(id)),
    );
    expect(
      receipts.map((receipt) => receipt?.token !== null && receipt?.token !== undefined),
    ).toEqual([true, true]);
    expect(receipts[0]!.jws).toBe(made.receipt);
  } finally {
    ceremony.tsa.down = false;
  }
});

test('the list tells reserved, withdrawn and disputed apart, and is the same while nothing changes', async () => {
  const authorization = await released();
  const made = await use(authorization);
  const { idx } = (decodeJwt(made.receipt) as any).status.status_list;
  const list = async () => {
    const { jws, tag } = await ceremony.authority.seal.statusList({ list: 0 });
    const { inflateSync } = await import('node:zlib');
    const bytes = inflateSync(Buffer.from((decodeJwt(jws) as any).status_list.lst, 'base64url'));
    return { jws, tag, status: (bytes[(idx * 2) >> 3]! >> ((idx * 2) & 7)) & 3 };
  };
  const first = await list();
  expect(first.status).toBe(0);
  expect(await list()).toEqual(first);
  const proof = { kind: 'visit', ref: 'vis' };
  await dispute(deps, { authorizationId: authorization.id, by: 'subject', proof });
  expect((await list()).status).toBe(2);
  await withdraw(deps, { authorizationId: authorization.id, by: 'subject', proof });
  const last = await list();
  expect(last.status).toBe(1);
  // unchanged, but signed anew before it ends
  ceremony.clock.move(200);
  const renewed = await list();
  expect(renewed.tag).toBe(last.tag);
  expect(renewed.jws).not.toBe(last.jws);
});

test('whatever role seal signed verifies with the published anchors', async () => {
  const { kinds, faults } = await receiptFaults(ceremony);
  expect(faults).toEqual([]);
  expect(kinds).toEqual(expect.arrayContaining(['hold', 'hold-resolution', 'redemption']));
});
