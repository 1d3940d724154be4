import { createLog, createShutdown, loadConfig } from '@mandate/runtime';
import { startAll } from '@mandate/all';
import { isDomainError } from '@mandate/core';
import { callUrl, type Answer, type Call } from '../integration/api/api-instance.js';
import type { Alarm } from './detectors.js';
import type { InsiderHouse, World } from './insider-house.js';

/** The product, started on a copy after the insider was there. */
export interface RunningCopy {
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** As the institution; resolves to the problem's code, or `done`. */
  codeOf(method: string, path: string, body?: unknown): Promise<string>;
}

/** What it refuses at the start is an alarm; else what `look` sees. */
export async function withRunningCopy(
  world: World,
  house: InsiderHouse,
  look: (service: RunningCopy) => Promise<Alarm[]>,
): Promise<Alarm[]> {
  const log = createLog({ service: 'all', level: 'silent' });
  const shutdown = createShutdown(log, { on: () => undefined, exit: () => undefined });
  const port = new URL(house.publicUrl).port;
  const config = loadConfig('all', {
    ...{ NODE_ENV: 'test', PORT: port, PUBLIC_URL: house.publicUrl, LOG_LEVEL: 'silent' },
    ...{ DATA_DIR: world.folder, DATABASE_URL: world.databaseUrl },
  });
  try {
    await startAll(config, { log, shutdown, clock: { now: house.now } });
    const call: RunningCopy['call'] = (method, path, more = {}) =>
      callUrl(house.publicUrl, method, path, { key: house.tenant.apiKey, ...more });
    return await look({
      call,
      codeOf: async (method, path, body) => {
        const headers = { 'idempotency-key': crypto.randomUUID() };
        const { status, json } = await call(method, path, { headers, body });
        return status < 300 ? 'done' : String(json?.code ?? status);
      },
    });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return [`start/${error.code}`];
  } finally {
    await shutdown.close();
  }
}
