import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Queue } from '@mandate/core';
import type { QueueOptions } from '@mandate/adapters';
import { startCuttableProxy, type CuttableProxy } from './cuttable-proxy.js';

type Open = (url: string, options?: QueueOptions) => Promise<Queue>;

/** What every queue promises: at least once, retries, and honest failure. `start` gives an empty one. */
export function queueContract(
  adapter: string,
  open: Open,
  start: () => Promise<{ url: string; stop: () => Promise<void> }>,
): void {
  describe(`queue: ${adapter}`, () => {
    let url: string;
    let stop: () => Promise<void>;
    let proxy: CuttableProxy;
    const opened: Queue[] = [];
    beforeAll(async () => {
      ({ url, stop } = await start());
      proxy = await startCuttableProxy(url);
    }, 60_000);
    afterEach(async () => {
      proxy.mend();
      await Promise.all(opened.splice(0).map((queue) => queue.close()));
    }, 15_000);
    afterAll(async () => {
      await proxy?.close();
      await stop?.();
    });
    const openQueue = async (at = url, options: QueueOptions = {}): Promise<Queue> => {
      const queue = await open(at, { retryDelayMs: 20, lockMs: 1000, ...options });
      opened.push(queue);
      return queue;
    };

    test('a wake-up reaches the handler of another process, whoever came first', async () => {
      const [sender, receiver] = [await openQueue(), await openQueue()];
      const seen: string[] = [];
      await sender.wake('send-code', 'chl_before');
      await receiver.handle('send-code', async (id) => void seen.push(id));
      await sender.wake('send-code', 'chl_after');
      await sender.wake('sweep', 'not-for-this-handler');
      await until(() => seen.length >= 2);
      await sleep(100);
      expect(seen.sort()).toEqual(['chl_after', 'chl_before']);
      const other: string[] = [];
      await receiver.handle('sweep', async (id) => void other.push(id));
      await until(() => other.length === 1);
    });

    test('a wake-up repeated while the first one runs is not swallowed', async () => {
      const queue = await openQueue();
      const gate = latch();
      let started = 0;
      await queue.handle('finish-attempt', async () => {
        if (++started === 1) await gate.opened;
      });
      await queue.wake('finish-attempt', 'att_1');
      await until(() => started === 1);
      await queue.wake('finish-attempt', 'att_1');
      gate.open();
      await until(() => started === 2);
    });

    test('a handler that throws is tried again until it succeeds, and only then it is over', async () => {
      const lines: string[] = [];
      const queue = await openQueue(url, { log: (line) => lines.push(line) });
      const tries: number[] = [];
      await queue.handle('integrate-ledger', async () => {
        tries.push(performance.now());
        if (tries.length < 4) throw new Error('subject 王䶮 13800138000');
      });
      await queue.wake('integrate-ledger', 'round');
      await until(() => tries.length === 4);
      await sleep(200);
      expect(tries).toHaveLength(4);
      // 20, 40, 80 ms: the pauses grow.
      expect(tries[3]! - tries[2]!).toBeGreaterThanOrEqual(70);
      expect(lines.join()).toContain('internal');
      expect(lines.join()).not.toContain('13800138000');
    });

    test('a delayed wake-up comes later, not at once', async () => {
      const queue = await openQueue();
      const at: number[] = [];
      await queue.handle('sweep', async () => void at.push(performance.now()));
      const from = performance.now();
      await queue.wake('sweep', 'later', { delayMs: 300 });
      await until(() => at.length === 1);
      expect(at[0]! - from).toBeGreaterThanOrEqual(290);
    });

    test('concurrency is what was asked for', async () => {
      const queue = await openQueue();
      let running = 0;
      let most = 0;
      let done = 0;
      await queue.handle(
        'send-code',
        async () => {
          most = Math.max(most, ++running);
          await sleep(60);
          running--;
          done++;
        },
        { concurrency: 3 },
      );
      await Promise.all(Array.from({ length: 9 }, (_, i) => queue.wake('send-code', `chl_${i}`)));
      await until(() => done === 9);
      expect(most).toBe(3);
    });

    test('close waits for the running handler, and takes no more work', async () => {
      const queue = await openQueue();
      const started = latch();
      let finished = false;
      await queue.handle('send-code', async () => {
        started.open();
        await sleep(300);
        finished = true;
      });
      await queue.wake('send-code', 'chl_slow');
      await started.opened;
      await queue.close();
      expect(finished).toBe(true);
      await expect(queue.wake('send-code', 'chl_x')).rejects.toMatchObject({
        code: 'queue-unavailable',
      });
      await expect(queue.handle('sweep', async () => {})).rejects.toMatchObject({
        code: 'queue-unavailable',
      });
    });

    test('what a vanished process had begun runs again elsewhere: at least once', async () => {
      const dying = await openQueue(proxy.through(url));
      const begun = latch();
      const forever = latch();
      await dying.handle('finish-attempt', async () => {
        begun.open();
        await forever.opened;
      });
      const living = await openQueue();
      await living.wake('finish-attempt', 'att_orphan');
      await begun.opened;
      proxy.cut();
      const seen: string[] = [];
      await living.handle('finish-attempt', async (id) => void seen.push(id));
      await until(() => seen.includes('att_orphan'), 10_000);
      forever.open();
    }, 30_000);

    test('an outage is queue-unavailable at once, and over when it is over', async () => {
      const queue = await openQueue(proxy.through(url));
      const seen: string[] = [];
      await queue.handle('send-code', async (id) => void seen.push(id));
      await queue.wake('send-code', 'chl_1');
      await until(() => seen.length === 1);
      proxy.cut();
      const from = performance.now();
      await expect(queue.wake('send-code', 'chl_2')).rejects.toMatchObject({
        code: 'queue-unavailable',
      });
      expect(performance.now() - from).toBeLessThan(6000);
      proxy.mend();
      await until(
        () =>
          queue.wake('send-code', 'chl_3').then(
            () => true,
            () => false,
          ),
        10_000,
      );
      await until(() => seen.includes('chl_3'), 20_000);
    }, 45_000);

    test('nobody there is queue-unavailable', async () => {
      proxy.cut();
      await expect(open(proxy.through(url))).rejects.toMatchObject({ code: 'queue-unavailable' });
    });

    test('payloads that are not ids, unknown topics and second handlers are refused', async () => {
      const queue = await openQueue();
      for (const id of ['', '王䶮', '{"phone":"13800138000"}', 'a b', 'x'.repeat(101)])
        await expect(queue.wake('sweep', id)).rejects.toMatchObject({ code: 'invalid-request' });
      await expect(queue.wake('gossip' as 'sweep', 'x')).rejects.toMatchObject({
        code: 'invalid-request',
      });
      await queue.handle('sweep', async () => {});
      await expect(queue.handle('sweep', async () => {})).rejects.toMatchObject({
        code: 'internal',
      });
    });
  });
}

function latch(): { open: () => void; opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

async function until(holds: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${holds}`);
    await sleep(10);
  }
}
