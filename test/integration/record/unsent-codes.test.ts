import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Queue, SmsMessage } from '@mandate/core';
import { createLog } from '@mandate/runtime';
import { startWorker } from '@mandate/worker';
import { recordingSms } from '../../kit/recording-sms.js';
import { startCeremony, SUBJECT, type StartedCeremony } from './started-ceremony.js';

jest.setTimeout(60_000);

let ceremony: StartedCeremony;
beforeAll(async () => {
  ceremony = await startCeremony();
}, 60_000);
afterAll(() => ceremony.stop());

/** A queue that takes wake-ups for codes and loses as many as it is told to. */
function forgetfulQueue(lose: { next: number }): Queue & { readonly woken: string[] } {
  const handlers = new Map<string, (id: string) => Promise<void>>();
  const woken: string[] = [];
  return {
    woken,
    wake: async (topic, id) => {
      if (topic !== 'send-code') return;
      woken.push(id);
      if (lose.next-- > 0) return;
      await handlers.get(topic)!(id);
    },
    handle: async (topic, handler) => void handlers.set(topic, handler),
    close: async () => {},
  };
}

async function worker(lose: { next: number }) {
  const queue = forgetfulQueue(lose);
  const messages: SmsMessage[] = [];
  const { clock, deps, worker: record, authority } = ceremony;
  const log = createLog({ service: 'worker', level: 'silent' });
  const running = await startWorker({
    ...{ clock, random: deps.random, log, record, queue, authority, ...ceremony.webhooks },
    sms: [recordingSms(messages)],
  });
  return { queue, messages, close: running.close };
}
const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((next) => setTimeout(next, 50));
};
const sends = async (id: string): Promise<number> =>
  (await ceremony.owner.query('SELECT sends FROM challenges WHERE id = $1', [id])).rows[0].sends;
let people = 0;
const presented = () =>
  ceremony.presented({ ...SUBJECT, phone: `135${String(++people).padStart(8, '0')}` });

test('a wake-up that was lost is found: the code is sent, once', async () => {
  const { id } = await presented();
  const { challengeId } = await ceremony.challenge(id);
  // The outbox is relayed, and the queue forgets it.
  const first = await worker({ next: 1 });
  await until(() => first.queue.woken.includes(challengeId));
  await first.close();
  expect([first.messages, await sends(challengeId)]).toEqual([[], 0]);

  // Not at once: a slow queue is no lost wake-up.
  const early = await worker({ next: 0 });
  await new Promise((done) => setTimeout(done, 300));
  await early.close();
  expect(early.queue.woken).toEqual([]);

  ceremony.clock.move(21);
  const second = await worker({ next: 0 });
  await until(() => second.messages.length > 0);
  await second.close();
  expect(second.messages).toMatchObject([{ reference: `${challengeId}.1` }]);
  expect(await sends(challengeId)).toBe(1);

  const third = await worker({ next: 0 });
  await new Promise((done) => setTimeout(done, 300));
  await third.close();
  expect(third.queue.woken).toEqual([]);
});

test('what is confirmed, replaced or expired is not woken', async () => {
  const confirmed = await presented();
  await ceremony.confirm(confirmed, await ceremony.challenge(confirmed.id));
  const [replaced, expired] = [await presented(), await presented()];
  const old = await ceremony.challenge(replaced.id);
  ceremony.clock.move(61);
  const fresh = await ceremony.challenge(replaced.id);
  const gone = await ceremony.challenge(expired.id);
  const unsent = (seconds: number) =>
    ceremony.worker.unsentChallenges({
      madeBefore: ceremony.clock.now(),
      at: new Date(ceremony.clock.now().getTime() + seconds * 1000),
      limit: 100,
    });
  expect(await unsent(0)).toEqual([fresh.challengeId, gone.challengeId]);
  expect(await unsent(0)).not.toContain(old.challengeId);
  expect(await unsent(300)).toEqual([]);
});

test('of a challenge the worker sees that it waits, and nothing of its code', async () => {
  const client = await ceremony.owner.connect();
  try {
    for (const column of ['code_mac', 'sealed_code', 'scene', 'server_nonce', 'authorization_id']) {
      await client.query('BEGIN');
      await client.query('SET LOCAL ROLE mandate_worker');
      await client.query('SELECT id, made_at, expires_at, dead_at, sends FROM challenges');
      await expect(client.query(`SELECT ${column} FROM challenges`)).rejects.toMatchObject({
        code: '42501',
      });
      await client.query('ROLLBACK');
    }
  } finally {
    client.release();
  }
});
