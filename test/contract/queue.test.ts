import { expect, test } from '@jest/globals';
import { openQueue } from '@mandate/adapters';
import { startRedis } from '../../scripts/test-services.mjs';
import { startTestPostgres } from '../kit/postgres.js';
import { queueContract } from './queue-contract.js';

queueContract('postgres://', openQueue, startTestPostgres);
queueContract('redis://', openQueue, startRedis);

test.each(['', 'file:x', 'amqp://localhost'])('the URL %j is config-invalid', async (url) => {
  await expect(openQueue(url)).rejects.toMatchObject({ code: 'config-invalid' });
});
