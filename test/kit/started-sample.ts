import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@mandate/core';
import {
  createApiKey,
  publishedTemplate,
  registerParties,
  sampleInstitution,
  startAll,
} from '@mandate/all';
import { createLog, createShutdown, loadConfig } from '@mandate/runtime';
import type { TemplateBody } from '@mandate/terms';
import { startTestPostgres } from './postgres.js';

export interface StartedSample {
  /** Of Mandate. */
  readonly url: string;
  /** Of the sample institution. */
  readonly sampleUrl: string;
  readonly folder: string;
  /** A further API key of the sample institution. */
  readonly apiKey: string;
  /** Publishes a template by the way every template takes. */
  publish(body: TemplateBody): Promise<void>;
  /** Everything logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Everything `npm start` starts, the sample institution included, on a database of its own. */
export async function startWithSample(
  env: Readonly<Record<string, string>> = {},
): Promise<StartedSample> {
  const postgres = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'mandate-sample-'));
  await chmod(folder, 0o711);
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ service: 'all', level: 'trace', destination });
  const shutdown = createShutdown(log, { on: () => undefined, exit: () => undefined });
  const stop = async (): Promise<void> => {
    await shutdown.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const config = loadConfig('all', {
      NODE_ENV: 'test',
      PORT: '0',
      SAMPLE_PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: postgres.url,
      ...env,
    });
    const { publicUrl, sampleUrl, parts, administration } = await startAll(config, {
      log,
      shutdown,
    });
    const deps = { clock: systemClock, random: systemRandom, administration, record: parts.record };
    const { id } = await sampleInstitution(deps);
    return {
      url: publicUrl,
      sampleUrl: sampleUrl!,
      folder,
      apiKey: await createApiKey(deps, id, 'tests'),
      publish: async (body) => {
        await registerParties(deps, body);
        await publishedTemplate(deps, id, body);
      },
      log: () => lines.join(''),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
