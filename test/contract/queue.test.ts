import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openQueue, prepareQueue } from '@mandate/adapters';
import pg from 'pg';
import { startRedis } from '../../scripts/test-services.mjs';
import { startTestPostgres } from '../kit/postgres.js';
import { queueContract } from './queue-contract.js';

queueContract('postgres://', openQueue, startTestPostgres);
queueContract('redis://', openQueue, startRedis);

test.each(['', 'file:x', 'amqp://localhost'])('the URL %j is config-invalid', async (url) => {
  await expect(openQueue(url)).rejects.toMatchObject({ code: 'config-invalid' });
});

test('postgres: a role of its own may use a prepared queue, and cannot make one', async () => {
  const { url, stop } = await startTestPostgres();
  const role = `queue_test_${randomBytes(4).toString('hex')}`;
  const owner = new pg.Client({ connectionString: url });
  try {
    await owner.connect();
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    const asRole = new URL(url);
    asRole.username = role;
    asRole.password = 'x';
    await expect(openQueue(asRole.href)).rejects.toMatchObject({ code: 'queue-unavailable' });
    await prepareQueue(url, [role]);
    await prepareQueue(url, [role]);
    const queue = await openQueue(asRole.href);
    const seen = new Promise<string>((resolve) => {
      void queue.handle('sweep', async (id) => resolve(id));
    });
    await queue.wake('sweep', 'all');
    expect(await seen).toBe('all');
    await queue.close();
  } finally {
    await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`).catch(() => {});
    await owner.end();
    await stop();
  }
}, 30_000);
