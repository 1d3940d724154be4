import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { canonicalize, kindDigestHex, systemClock, FIRST_PREVIOUS } from '@mandate/core';
import type { AttemptRow, Voiding } from '@mandate/ceremony';
import { anId, freshRecord, settled, someBytes, type FreshRecord } from './fresh-record.js';

// real databases on a busy machine
jest.setTimeout(30_000);

let record: FreshRecord;
beforeAll(async () => {
  record = await freshRecord();
}, 60_000);
afterAll(() => record.stop());

const times = <T>(count: number, work: (i: number) => Promise<T>): Promise<T>[] =>
  Array.from({ length: count }, (_, i) => work(i));
const voiding = (attempt: Pick<AttemptRow, 'id' | 'state'>, ledgerEntry: string): Voiding => ({
  attempt,
  reason: 'test',
  at: now(),
  ledgerEntry,
});
const now = (): Date => systemClock.now();

test('of appends on the same version exactly one is written', async () => {
  const authorization = await record.requested();
  const { done, codes } = await settled(
    times(40, (i) =>
      record.web.advance({
        authorization,
        to: i % 2 ? 'presented' : 'declined',
        type: i % 2 ? 'presented' : 'declined',
        data: { i },
        at: now(),
        outbox: [{ topic: 'finish-attempt', ref: authorization.id }],
      }),
    ),
  );
  expect(done.length).toBe(1);
  expect(new Set(codes)).toEqual(new Set(['version-conflict']));
  const trail = await record.web.trail(authorization.id);
  expect(trail.length).toBe(2);
  expect((await record.reload(authorization)).head).toBe(trail[1]!.digest);
  const { rows } = await record.owner.query('SELECT 1 FROM outbox WHERE ref = $1', [
    authorization.id,
  ]);
  expect(rows.length).toBe(1);
});

test('1000 at once pass a limit exactly as often as it allows', async () => {
  const windowStart = now();
  const count = (scope: string, key: string) =>
    record.web.count({ scope, key, windowStart, max: 17 });
  const results = await Promise.all(times(1000, () => count('gate', 'one')));
  expect(results.filter(Boolean).length).toBe(17);
  expect(await count('gate', 'one')).toBe(false);
  expect(await count('gate', 'other')).toBe(true);
  expect(await record.web.count({ scope: 'gate', key: 'none', windowStart, max: 0 })).toBe(false);
}, 30_000);

test('1000 guesses at once: five are looked at, each with its own number', async () => {
  const { challenge } = await record.challenged();
  const tries = await Promise.all(times(1000, () => record.ra.countTry(challenge.id, now(), 5)));
  expect(tries.filter((t) => t !== null).sort()).toEqual([1, 2, 3, 4, 5]);
  await record.ra.killChallenge(challenge.id, now());
  expect((await record.ra.challenge(challenge.id))!.sealedCode).toBeNull();
}, 30_000);

test('no try counts for a dead or expired code', async () => {
  const { challenge } = await record.challenged();
  const expiry = challenge.expiresAt.getTime();
  expect(await record.ra.countTry(challenge.id, new Date(expiry), 5)).toBeNull();
  expect(await record.ra.countTry(challenge.id, new Date(expiry - 1), 5)).toBe(1);
  await record.ra.killChallenge(challenge.id, now());
  expect(await record.ra.countTry(challenge.id, now(), 5)).toBeNull();
});

test('a code dies with its sealed copy, also when role web kills it', async () => {
  const { authorization, challenge } = await record.challenged();
  await record.web.advance(
    { authorization, to: 'declined', type: 'declined', data: {}, at: now() },
    { killChallenges: true },
  );
  const row = (await record.ra.challenge(challenge.id))!;
  expect(row.deadAt).not.toBeNull();
  expect(row.sealedCode).toBeNull();
});

test('a ticket is used once', async () => {
  const authorization = await record.requested();
  const id = anId('link');
  await record.web.createLink({
    id,
    authorizationId: authorization.id,
    kind: 'ticket',
    tokenDigest: someBytes(),
    origins: ['https://a.example'],
    returnUrl: null,
    returnState: null,
    handedOverFrom: null,
    at: now(),
    expiresAt: now(),
  });
  const used = await Promise.all(times(50, () => record.web.useTicket(id, now())));
  expect(used.filter(Boolean).length).toBe(1);
});

test('a challenge confirms once', async () => {
  const { authorization, challenge } = await record.challenged();
  const { done, codes } = await settled(
    times(30, () => record.confirm(authorization, challenge.id)),
  );
  expect(done.length).toBe(1);
  expect(new Set(codes)).toEqual(new Set(['version-conflict']));
  expect((await record.reload(authorization)).state).toBe('confirmed');
});

test('a new code and a confirmation with the old one: one of them happens, whole', async () => {
  for (let round = 0; round < 5; round++) {
    const { authorization, challenge } = await record.challenged();
    const { codes } = await settled([
      record.confirm(authorization, challenge.id),
      record.ra.createChallenge(
        { authorization, to: 'challenged', type: 'challenged', data: {}, at: now() },
        record.challenge(authorization.id, 2),
        {
          personKey: new Uint8Array(32),
          phoneKey: new Uint8Array(32),
          ownerKey: new Uint8Array(32),
        },
      ),
    ]);
    expect(codes).toEqual(['version-conflict']);
    const { state, version } = await record.reload(authorization);
    expect(version).toBe(authorization.version + 1);
    const confirmations = await record.owner.query(
      'SELECT 1 FROM confirmations WHERE challenge_id = $1',
      [challenge.id],
    );
    expect(confirmations.rows.length).toBe(state === 'confirmed' ? 1 : 0);
  }
});

test('the first writer of a journal step wins and everybody gets its bytes', async () => {
  const { authorization, challenge } = await record.confirmed();
  const attempt = record.attempt(authorization.id, challenge.id);
  await record.intend(authorization, attempt);
  const boxes = await Promise.all(
    times(30, () => record.ca.journal(attempt.id, 'certificate', someBytes(), now(), 'issued')),
  );
  expect(new Set(boxes.map((box) => Buffer.from(box).toString('hex'))).size).toBe(1);
  expect((await record.ca.attempt(attempt.id))!.state).toBe('issued');
});

test('one key, one attempt; one intent at a time', async () => {
  const first = await record.confirmed();
  const second = await record.confirmed();
  const attempt = record.attempt(first.authorization.id, first.challenge.id);
  await record.intend(first.authorization, attempt);
  const { keyDigest } = attempt;
  await expect(
    record.intend(
      second.authorization,
      record.attempt(second.authorization.id, second.challenge.id, { keyDigest }),
    ),
  ).rejects.toMatchObject({ code: 'key-reused' });
  expect((await record.reload(second.authorization)).version).toBe(second.authorization.version);
  const { done, codes } = await settled(
    times(10, () =>
      record.intend(
        second.authorization,
        record.attempt(second.authorization.id, second.challenge.id),
      ),
    ),
  );
  expect(done.length).toBe(1);
  expect(new Set(codes)).toEqual(new Set(['version-conflict']));
});

test('a new attempt voids the one it supersedes, or nothing happens at all', async () => {
  const { authorization, challenge } = await record.confirmed();
  const old = record.attempt(authorization.id, challenge.id);
  await record.intend(authorization, old);
  const seen = (await record.ca.attempt(old.id))!;
  const superseded = [voiding(seen, '{"kind":"void","void":"old"}')];
  const next = () => record.attempt(authorization.id, challenge.id);
  const current = await record.reload(authorization);
  await record.ca.journal(old.id, 'certificate', someBytes(), now(), 'issued');
  await expect(record.intend(current, next(), undefined, superseded)).rejects.toMatchObject({
    code: 'step-out-of-order',
  });
  expect((await record.reload(authorization)).version).toBe(current.version);
  const issued = [voiding((await record.ca.attempt(old.id))!, '{"kind":"void","void":"old"}')];
  await expect(record.intend(authorization, next(), undefined, issued)).rejects.toMatchObject({
    code: 'version-conflict',
  });
  expect((await record.ca.attempt(old.id))!.state).toBe('issued');
  await record.intend(current, next(), undefined, issued);
  expect((await record.ca.attempt(old.id))!.state).toBe('voided');
});

test('an attempt is voided only in the state it was seen in', async () => {
  const { authorization, challenge } = await record.confirmed();
  const { id } = record.attempt(authorization.id, challenge.id);
  const made = record.attempt(authorization.id, challenge.id, { id });
  await record.intend(authorization, made);
  await record.ca.journal(id, 'certificate', someBytes(), now(), 'issued');
  const seen = (await record.ca.attempt(id))!;
  await record.ca.journal(id, 'signature', someBytes(), now(), 'subject-signed');
  expect(await record.ca.voidAttempt(voiding(seen, '{"kind":"void","void":1}'))).toBe(false);
  expect((await record.ca.attempt(id))!.state).toBe('subject-signed');

  const signed = (await record.ca.attempt(id))!;
  const voided = await Promise.all(
    times(10, (i) => record.ca.voidAttempt(voiding(signed, `{"kind":"void","void":${i + 2}}`))),
  );
  expect(voided.filter(Boolean).length).toBe(1);
  await expect(record.ca.journal(id, 'token', someBytes(), now(), 'stamped')).rejects.toMatchObject(
    { code: 'attempt-void' },
  );
});

test('an attempt commits once; voiding and committing exclude each other', async () => {
  const { authorization, attempt } = await record.stored();
  const { done, codes } = await settled(times(20, () => record.commit(authorization, attempt.id)));
  expect(done.length).toBe(1);
  expect(new Set(codes)).toEqual(new Set(['version-conflict']));
  const entries = await record.owner.query(
    'SELECT 1 FROM ledger_queue WHERE authorization_id = $1',
    [authorization.id],
  );
  expect(entries.rows.length).toBe(1);

  for (let round = 0; round < 3; round++) {
    const next = await record.stored();
    const seen = (await record.ca.attempt(next.attempt.id))!;
    const [committed, voided] = await Promise.allSettled([
      record.commit(next.authorization, next.attempt.id),
      record.ca.voidAttempt(voiding(seen, `{"kind":"void","round":${round}}`)),
    ]);
    const released = committed.status === 'fulfilled';
    expect(voided).toMatchObject({ status: 'fulfilled', value: !released });
    expect((await record.ca.attempt(next.attempt.id))!.state).toBe(
      released ? 'committed' : 'voided',
    );
    expect((await record.reload(next.authorization)).state).toBe(released ? 'signed' : 'confirmed');
  }
});

test('a decline while an attempt commits: one of them, and no ledger entry without signed', async () => {
  for (let round = 0; round < 3; round++) {
    const { authorization, attempt } = await record.stored();
    const { codes } = await settled([
      record.commit(authorization, attempt.id),
      record.web.advance({ authorization, to: 'declined', type: 'declined', data: {}, at: now() }),
    ]);
    expect(codes).toEqual(['version-conflict']);
    const { state } = await record.reload(authorization);
    const entries = await record.owner.query(
      'SELECT 1 FROM ledger_queue WHERE authorization_id = $1',
      [authorization.id],
    );
    expect(entries.rows.length).toBe(state === 'signed' ? 1 : 0);
    expect((await record.ca.attempt(attempt.id))!.state).toBe(
      state === 'signed' ? 'committed' : 'stored',
    );
  }
});

test('an idempotency key: one runs, the same request gets the answer, another one is refused', async () => {
  const call = { institutionId: record.institution, key: anId('request'), request: { a: 1 } };
  const at = now();
  const { done, codes } = await settled(times(30, () => record.answers.begin({ ...call, at })));
  expect(done).toEqual([null]);
  expect(new Set(codes)).toEqual(new Set(['idempotency-in-progress']));
  await expect(record.answers.begin({ ...call, request: { a: 2 }, at })).rejects.toMatchObject({
    code: 'idempotency-key-reused',
  });
  await record.answers.finish({ ...call, status: 201, body: { id: 'x' } });
  expect(await record.answers.begin({ ...call, at })).toEqual({ status: 201, body: '{"id":"x"}' });
  await record.answers.finish({ ...call, status: 500, body: {} });
  await record.answers.forget(call);
  expect(await record.answers.begin({ ...call, at })).toEqual({ status: 201, body: '{"id":"x"}' });
  // keys are per institution, and a refused request frees its key
  const refused = { ...call, key: anId('request') };
  expect(await record.answers.begin({ ...refused, at })).toBeNull();
  await record.answers.forget(refused);
  expect(await record.answers.begin({ ...refused, request: { a: 3 }, at })).toBeNull();
});

test('a request that hung is taken over by one repetition, and then cannot make its effect', async () => {
  const call = { institutionId: record.institution, key: anId('request'), request: {} };
  const at = now();
  const later = (ms: number): Date => new Date(at.getTime() + ms);
  const answer = { key: call.key, status: 201, body: { n: 1 } };
  expect(await record.answers.begin({ ...call, at })).toBeNull();
  await expect(record.answers.begin({ ...call, at: later(30_000) })).rejects.toMatchObject({
    code: 'idempotency-in-progress',
  });
  const { done } = await settled(
    times(10, () => record.answers.begin({ ...call, at: later(30_001) })),
  );
  expect(done).toEqual([null]);
  const both = await settled([record.requested(answer), record.requested(answer)]);
  expect(both.done.length).toBe(1);
  expect(both.codes).toEqual(['idempotency-in-progress']);
  expect(await record.answers.begin({ ...call, at: later(30_002) })).toEqual({
    status: 201,
    body: '{"n":1}',
  });
});

test('two versions of a template at once get two numbers', async () => {
  const id = anId('template');
  const version = { id, body: '{}', digest: 'd', author: 'author', at: now() };
  await record.web.createTemplate({ ...version, institutionId: record.institution, name: id });
  const { done, codes } = await settled(times(8, () => record.web.addTemplateVersion(version)));
  expect(new Set(done).size).toBe(done.length);
  expect(codes.every((code) => code === 'version-conflict')).toBe(true);
});

test('access entries stay one chain when many open the data at once', async () => {
  const authorizationId = anId('authorization');
  await Promise.all(
    times(60, (i) =>
      record.vault.recordAccess({
        id: anId('access'),
        authorizationId,
        purpose: 'present',
        actor: `visit:${i}`,
        at: now(),
      }),
    ),
  );
  const { rows } = await record.owner.query<{ ordinal: number; body: string; digest: string }>(
    'SELECT ordinal, body, digest FROM access_entries WHERE authorization_id = $1 ORDER BY ordinal',
    [authorizationId],
  );
  expect(rows.length).toBe(60);
  let previous = FIRST_PREVIOUS;
  rows.forEach((row, i) => {
    const body = JSON.parse(row.body) as { previous: string; ordinal: number };
    expect(body).toMatchObject({ previous, ordinal: i + 1 });
    expect(row).toMatchObject({
      ordinal: i + 1,
      digest: kindDigestHex('access', body),
      body: canonicalize(body),
    });
    previous = row.digest;
  });
});

test('a data key is made once', async () => {
  const id = anId('authorization');
  const made = await Promise.all(times(20, () => record.vault.createKey(id, someBytes(), now())));
  expect(made.filter(Boolean).length).toBe(1);
});
