import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { addSeconds } from '@mandate/core';
import { decline, passGate } from '@mandate/ceremony';
import { startCeremony, SUBJECT, type StartedCeremony } from './started-ceremony.js';

jest.setTimeout(30_000);

let ceremony: StartedCeremony;
beforeAll(async () => {
  ceremony = await startCeremony();
}, 60_000);
afterEach(() => ceremony.clock.hold(null));
afterAll(() => ceremony.stop());

const refused = (code: string, extensions?: Record<string, number>) =>
  extensions ? { code, extensions } : { code };
let people = 0;
/** Somebody with a telephone of their own: limits per number must not meet by chance. */
const somebody = () => ({ ...SUBJECT, phone: `137${String(++people).padStart(8, '0')}` });
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('five wrong codes kill the challenge; then even the right one is refused', async () => {
  const at = await ceremony.presented(somebody());
  const asked = await ceremony.challenge(at.id);
  const code = await ceremony.code(asked.challengeId);
  for (const triesLeft of [4, 3, 2, 1])
    await expect(ceremony.confirm(at, asked, wrong(code))).rejects.toMatchObject(
      refused('code-wrong', { triesLeft }),
    );
  for (const answer of [wrong(code), code, code])
    await expect(ceremony.confirm(at, asked, answer)).rejects.toMatchObject(
      refused('code-tries-exhausted'),
    );
  expect(
    await ceremony.authority.ra.message({ challengeId: asked.challengeId, gateway: 'test' }),
  ).toBeNull();
  expect(await ceremony.state(at.id)).toBe('challenged');
});

test('the right code as the fifth try confirms', async () => {
  const at = await ceremony.presented(somebody());
  const asked = await ceremony.challenge(at.id);
  const code = await ceremony.code(asked.challengeId);
  for (let i = 0; i < 4; i++)
    await expect(ceremony.confirm(at, asked, wrong(code))).rejects.toMatchObject({
      code: 'code-wrong',
    });
  await ceremony.confirm(at, asked, code);
  expect(await ceremony.state(at.id)).toBe('confirmed');
});

test('300 guesses at once: five are compared, and the right code afterwards is of no use', async () => {
  const at = await ceremony.presented(somebody());
  const asked = await ceremony.challenge(at.id);
  const code = await ceremony.code(asked.challengeId);
  const key = await ceremony.newKey(asked);
  const guess = (answer: string) =>
    ceremony.authority.ra
      .confirm({ authorizationId: at.id, visitId: at.visit.id, code: answer, ...key })
      .then(
        () => 'confirmed',
        (error: { code: string }) => error.code,
      );
  const codes = await Promise.all(Array.from({ length: 300 }, () => guess(wrong(code))));
  expect(codes.filter((c) => c === 'code-wrong').length).toBe(4);
  expect(new Set(codes)).toEqual(new Set(['code-wrong', 'code-tries-exhausted']));
  expect(await guess(code)).toBe('code-tries-exhausted');
});

test('a code lives five minutes to the millisecond', async () => {
  const at = await ceremony.presented(somebody());
  const start = ceremony.clock.now();
  ceremony.clock.hold(start);
  const asked = await ceremony.challenge(at.id);
  const code = await ceremony.code(asked.challengeId);
  const end = addSeconds(start, 300);
  ceremony.clock.hold(end);
  await expect(ceremony.confirm(at, asked, code)).rejects.toMatchObject({
    code: 'challenge-expired',
  });
  expect(
    await ceremony.authority.ra.message({ challengeId: asked.challengeId, gateway: 'test' }),
  ).toBeNull();
  ceremony.clock.hold(new Date(end.getTime() - 1));
  await ceremony.confirm(at, asked, code);
  expect(await ceremony.state(at.id)).toBe('confirmed');
});

test('another code after a minute, five a day for a letter; the old code is dead', async () => {
  const at = await ceremony.presented(somebody());
  const noon = new Date(`${ceremony.clock.now().toISOString().slice(0, 10)}T12:00:00Z`);
  ceremony.clock.hold(addSeconds(noon, 86_400));
  const start = ceremony.clock.now();
  const first = await ceremony.challenge(at.id);
  const old = await ceremony.code(first.challengeId);
  ceremony.clock.hold(new Date(start.getTime() + 59_999));
  await expect(ceremony.challenge(at.id)).rejects.toMatchObject(
    refused('resend-too-soon', { retryAfterSeconds: 1 }),
  );
  for (const minutes of [1, 2, 3, 4]) {
    ceremony.clock.hold(addSeconds(start, 60 * minutes));
    const next = await ceremony.challenge(at.id);
    expect(next.challengeDigest).not.toBe(first.challengeDigest);
  }
  expect(
    await ceremony.authority.ra.message({ challengeId: first.challengeId, gateway: 'test' }),
  ).toBeNull();
  await expect(ceremony.confirm(at, first, old)).rejects.toMatchObject({ code: 'code-wrong' });
  ceremony.clock.hold(addSeconds(start, 300));
  await expect(ceremony.challenge(at.id)).rejects.toMatchObject({ code: 'resend-limit' });
  ceremony.clock.hold(addSeconds(start, 86_400));
  await ceremony.challenge(at.id);
});

test('ten codes a day for one telephone, whatever the letters', async () => {
  const subject = somebody();
  const noon = new Date(`${ceremony.clock.now().toISOString().slice(0, 10)}T12:00:00Z`);
  ceremony.clock.hold(addSeconds(noon, 86_400));
  for (let i = 0; i < 10; i++) await ceremony.challenge((await ceremony.presented(subject)).id);
  const eleventh = await ceremony.presented(subject);
  await expect(ceremony.challenge(eleventh.id)).rejects.toMatchObject({ code: 'resend-limit' });
  expect(await ceremony.state(eleventh.id)).toBe('presented');
});

test('the gate counts six tries a day, then is shut also for the right answer', async () => {
  const id = await ceremony.request(somebody());
  const visit = await ceremony.visit(id);
  const noon = new Date(`${ceremony.clock.now().toISOString().slice(0, 10)}T12:00:00Z`);
  ceremony.clock.hold(addSeconds(noon, 86_400));
  for (let i = 0; i < 6; i++)
    await expect(passGate(ceremony.deps, visit, '000000')).rejects.toMatchObject({
      code: 'gate-mismatch',
    });
  await expect(passGate(ceremony.deps, visit, SUBJECT.idNumber.slice(-6))).rejects.toMatchObject({
    code: 'gate-locked',
  });
  ceremony.clock.hold(addSeconds(noon, 2 * 86_400));
  await passGate(ceremony.deps, visit, SUBJECT.idNumber.slice(-6));
});

test('a key proven for another challenge, or another key, does not confirm', async () => {
  const at = await ceremony.presented(somebody());
  const asked = await ceremony.challenge(at.id);
  const code = await ceremony.code(asked.challengeId);
  const mine = await ceremony.newKey(asked);
  const other = await ceremony.newKey(asked);
  const elsewhere = await ceremony.newKey(
    await ceremony.challenge((await ceremony.presented(somebody())).id),
  );
  const confirm = (key: { publicKey: Uint8Array; proof: Uint8Array }) =>
    ceremony.authority.ra.confirm({
      authorizationId: at.id,
      visitId: at.visit.id,
      code,
      publicKey: key.publicKey,
      proof: key.proof,
    });
  for (const key of [
    { ...mine, proof: other.proof },
    elsewhere,
    { ...mine, proof: mine.proof.slice(0, -1) },
    { ...mine, publicKey: mine.publicKey.slice(0, 40) },
  ])
    await expect(confirm(key)).rejects.toMatchObject({ code: 'proof-of-possession-invalid' });
  expect(await ceremony.state(at.id)).toBe('challenged');
  await confirm(mine);
  expect(await ceremony.state(at.id)).toBe('confirmed');
});

test('steps out of order are refused by name', async () => {
  const id = await ceremony.request(somebody());
  await expect(ceremony.challenge(id)).rejects.toMatchObject({ code: 'step-out-of-order' });
  const at = await ceremony.presented(somebody());
  const nothing = { publicKey: new Uint8Array(91), proof: new Uint8Array(70) };
  const asks = { authorizationId: at.id, visitId: at.visit.id };
  await expect(
    ceremony.authority.ra.confirm({ ...asks, code: '123456', ...nothing }),
  ).rejects.toMatchObject({ code: 'challenge-missing' });
  await expect(ceremony.authority.ca.issue({ ...asks, ...nothing })).rejects.toMatchObject({
    code: 'step-out-of-order',
  });
  await expect(ceremony.authority.ca.signOnce(asks)).rejects.toMatchObject({
    code: 'step-out-of-order',
  });
  await decline(ceremony.deps, at.visit, 'someone-is-telling-me');
  await decline(ceremony.deps, at.visit, 'refused'); // said twice is fine
  await expect(ceremony.challenge(at.id)).rejects.toMatchObject({ code: 'step-out-of-order' });
});
