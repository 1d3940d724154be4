import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addSeconds, TEST_NUMBERS, toUtcSeconds, type SetChallengeView } from '@mandate/core';
import {
  recordPresentation,
  passGate,
  refuseLetter,
  requestSet,
  settleRefusals,
  type Visit,
} from '@mandate/ceremony';
import {
  SUBJECT,
  shownPresentation,
  startCeremony,
  type StartedCeremony,
} from './started-ceremony.js';

/** Signing sets in the record: what the database refuses, and what a crash leaves. */
let house: StartedCeremony;
let phones = 0;

beforeAll(async () => {
  house = await startCeremony();
}, 60_000);
afterAll(() => house?.stop());

async function requested(size = 2, phone = `139${String(++phones).padStart(8, '0')}`) {
  const subject = { ...SUBJECT, phone };
  const { id, authorizations } = await requestSet(
    { ...house.deps, publicUrl: 'http://localhost:1', signWithin: 7 * 86_400 },
    {
      institution: house.institution,
      requests: Array.from({ length: size }, (_, i) => ({
        template: house.body.name,
        businessReference: `SET-${i}`,
        language: 'zh' as const,
        subject: { ...subject, idType: 'cn-resident-id' as const },
        end: {
          kind: 'date' as const,
          at: toUtcSeconds(addSeconds(house.clock.now(), 30 * 86_400)),
        },
      })),
    },
  );
  const ids = authorizations.map((each) => each.id);
  const opened = await house.visit(ids[0]!);
  await passGate(house.deps, opened, subject.idNumber.slice(-6));
  return { id, ids, visit: { ...opened, identified: true } };
}

test('the sandbox’s test numbers stand in no letter outside it', async () => {
  for (const phone of Object.keys(TEST_NUMBERS))
    await expect(requested(2, phone)).rejects.toMatchObject({
      code: 'terms-invalid',
      detail: expect.stringContaining('test number'),
    });
});

/** All letters read and accepted. */
async function accepted(size = 2) {
  const at = await requested(size);
  for (const id of at.ids) await accept(at.visit, id);
  return at;
}

async function accept(visit: Visit, id: string): Promise<void> {
  const { letterDigest } = await house.record.authorization(id);
  await recordPresentation(
    house.deps,
    { ...visit, authorizationId: id },
    { letterDigest, record: shownPresentation(house.body) },
    { minimumReadingSeconds: 0, pageBuild: null },
  );
}

const asked = (setId: string): Promise<SetChallengeView> =>
  house.authority.ra.challengeSet({ setId, gate: 'last-six' });

async function confirmed(size = 2) {
  const at = await accepted(size);
  const challenge = await asked(at.id);
  const keys = await Promise.all(
    challenge.members.map(async (member) => ({
      authorizationId: member.authorization,
      made: await house.newKey(member as never),
    })),
  );
  await house.authority.ra.confirmSet({
    setId: at.id,
    visitId: at.visit.id,
    code: await house.code(challenge.challengeId),
    keys: keys.map(({ authorizationId, made }) => ({ authorizationId, ...made })),
  });
  return { ...at, challenge, keys };
}

/** What the database says to somebody who writes as that role. */
async function refusalOf(role: 'web' | 'ra', sql: string, values: unknown[] = []): Promise<string> {
  const client = await house.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL ROLE mandate_${role}`);
    await client.query(sql, values);
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    return 'nothing';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

describe('what the database refuses', () => {
  test('a member is never asked for alone, nor confirmed alone', async () => {
    const { id, ids, visit } = await accepted();
    await expect(house.challenge(ids[0]!)).rejects.toMatchObject({ code: 'illegal-transition' });
    const challenge = await asked(id);
    await expect(
      house.authority.ra.confirm({
        authorizationId: ids[0]!,
        visitId: visit.id,
        code: await house.code(challenge.challengeId),
        ...(await house.newKey(challenge.members[0] as never)),
      }),
    ).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('a set neither grows nor shrinks; a letter is in one set', async () => {
    const [a, b] = [await requested(), await requested()];
    const single = await house.request();
    expect(
      await refusalOf('web', `INSERT INTO set_members VALUES ($1, 3, $2, false, NULL)`, [
        a.id,
        single,
      ]),
    ).toBe('MA002');
    expect(
      await refusalOf('web', `INSERT INTO set_members VALUES ($1, 3, $2, false, NULL)`, [
        a.id,
        b.ids[0],
      ]),
    ).toBe('23505');
    expect(await refusalOf('web', `DELETE FROM set_members WHERE set_id = $1`, [a.id])).toBe(
      '42501',
    );
    expect(
      await refusalOf('web', `UPDATE set_members SET optional = true WHERE set_id = $1`, [a.id]),
    ).toBe('42501');
    expect(
      await refusalOf('ra', `UPDATE set_members SET refused_at = now() WHERE set_id = $1`, [a.id]),
    ).toBe('42501');
  });

  test('the challenges of one code die together, and only the first carries it', async () => {
    const { id, ids } = await accepted();
    const challenge = await asked(id);
    const rows = await house.owner.query(
      `SELECT with_code, code_mac IS NULL AS bare, set_challenges FROM challenges
       WHERE authorization_id = ANY($1) ORDER BY array_position(set_challenges, digest)`,
      [ids],
    );
    expect(rows.rows.map(({ with_code, bare }) => [with_code, bare])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(rows.rows[0].set_challenges).toEqual(
      challenge.members.map(({ challengeDigest }) => challengeDigest),
    );
    expect(
      await refusalOf('web', `UPDATE challenges SET dead_at = now() WHERE authorization_id = $1`, [
        ids[1],
      ]),
    ).toBe('MA001');
    // refused behind the code's back
    expect(
      await refusalOf(
        'web',
        `WITH refused AS (UPDATE set_members SET refused_at = now() WHERE authorization_id = $1)
         UPDATE challenges SET dead_at = NULL WHERE authorization_id = $1`,
        [ids[1]],
      ),
    ).toBe('MA001');
  });
});

test('refused while the code is being made: one of the two is told so, never both done', async () => {
  for (let round = 0; round < 4; round++) {
    const { id, ids, visit } = await accepted();
    const { letterDigest } = await house.record.authorization(ids[1]!);
    const outcomes = await Promise.allSettled([
      asked(id),
      refuseLetter(house.deps, visit, letterDigest),
    ]);
    const { state } = await house.record.authorization(ids[1]!);
    const set = (await house.record.set(id))!;
    const refused = set.members[1]!.refusedAt !== null;
    const [live] = (
      await house.owner.query(
        'SELECT count(*)::int AS n FROM challenges WHERE dead_at IS NULL AND authorization_id = ANY($1)',
        [ids],
      )
    ).rows;
    // no code is alive for a letter that was refused
    if (refused || state === 'declined') expect(live.n).toBe(0);
    else expect([live.n, state]).toEqual([2, 'challenged']);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  }
});

test('a refusal is taken back before the code, and final with it', async () => {
  const { id, ids, visit } = await requested(3);
  await accept(visit, ids[0]!);
  for (const each of ids.slice(1)) {
    const { letterDigest } = await house.record.authorization(each);
    await refuseLetter(house.deps, visit, letterDigest);
  }
  await accept(visit, ids[1]!);
  await expect(asked(id)).rejects.toMatchObject({ code: 'step-out-of-order' });
  await settleRefusals(house.deps, visit, (await house.record.set(id))!);
  const challenge = await asked(id);
  expect(challenge.members.map(({ authorization }) => authorization)).toEqual(ids.slice(0, 2));
  expect(await house.state(ids[2]!)).toBe('declined');
});

test('a crash between the attempts: what was signed is finished, the rest is signed under the same confirmation', async () => {
  const at = await confirmed(3);
  const letters = at.ids.map((id, i) => ({
    id,
    visit: { ...at.visit, authorizationId: id },
    challenge: at.challenge.members[i] as never,
  }));
  const first = await house.issue(letters[0]!, at.keys[0]!.made);
  const second = await house.issue(letters[1]!, at.keys[1]!.made);
  await house.complete(letters[0]!, first);
  house.probes.at = (point) => {
    if (point === 'after-signature') throw new Error('the process dies here');
  };
  await expect(house.complete(letters[1]!, second)).rejects.toThrow('dies here');
  house.probes.at = () => undefined;
  expect(await house.state(at.ids[0]!)).toMatch(/^signed$|^released$/);
  expect(await house.state(at.ids[1]!)).toBe('confirmed');
  expect(await house.sweep()).toEqual([]);
  expect(await Promise.all(at.ids.map((id) => house.state(id)))).toEqual([
    'released',
    'released',
    'confirmed',
  ]);
  // the third, whose key went with the browser
  const third = await house.issue(letters[2]!);
  await house.complete(letters[2]!, third);
  await house.sweep();
  expect(await house.state(at.ids[2]!)).toBe('released');
  const rows = await house.owner.query(
    `SELECT count(*)::int AS n FROM attempts WHERE authorization_id = ANY($1) AND state = 'committed'`,
    [at.ids],
  );
  expect(rows.rows[0].n).toBe(3);
}, 60_000);

test('a letter lapsed meanwhile: the code is dead for all', async () => {
  const { id, ids, visit } = await accepted();
  const challenge = await asked(id);
  const code = await house.code(challenge.challengeId);
  const authorization = await house.record.authorization(ids[1]!);
  await house.worker.advance({
    authorization,
    to: 'lapsed',
    type: 'lapsed',
    at: house.clock.now(),
    data: {},
  });
  const keys = await Promise.all(
    challenge.members.map(async (member) => ({
      authorizationId: member.authorization,
      ...(await house.newKey(member as never)),
    })),
  );
  await expect(
    house.authority.ra.confirmSet({ setId: id, visitId: visit.id, code, keys }),
  ).rejects.toMatchObject({ code: 'challenge-dead' });
  expect(await house.state(ids[0]!)).toBe('challenged');
});
