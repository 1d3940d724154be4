import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTrustFolder } from '@mandate/adapters';
import {
  addSeconds,
  ALL_SCOPES,
  newId,
  sha256,
  systemClock,
  systemRandom,
  toBase64Url,
  toUtcSeconds,
} from '@mandate/core';
import { administration, openDatabase } from '@mandate/store';
import { creditReportTemplate } from '@mandate/terms';
import pg from 'pg';
import { institutionClient } from '../kit/ceremony-client.mjs';
import { startTestPostgres } from '../kit/postgres.js';

const MAIN = fileURLToPath(new URL('../../services/all/dist/main.js', import.meta.url));

/** One running process of the product; `gone` resolves with the signal that ended it. */
export interface Running {
  readonly url: string;
  readonly gone: Promise<string>;
  readonly alive: () => boolean;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface Person {
  readonly id: string;
  readonly link: string;
  readonly phone: string;
  readonly lastSix: string;
}

/**
 * A record that outlives its processes: one PostgreSQL and one data folder, and the product started
 * on them as often as wanted, each time as an own operating system process that may be killed.
 */
export async function openHouse() {
  const postgres = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'mandate-faults-'));
  await chmod(folder, 0o711);
  const ports = [await freePort(), await freePort(), await freePort()];
  const deskPort = await freePort();
  const publicUrl = `http://localhost:${ports[0]}`;
  const deskUrl = `http://localhost:${deskPort}`;
  const owner = new pg.Pool({ connectionString: postgres.url, max: 3 });
  owner.on('error', () => undefined);
  const running = new Set<Running>();

  async function launch(options: { faultAt?: string; place?: number } = {}): Promise<Running> {
    const port = ports[options.place ?? 0]!;
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        PORT: String(port),
        PUBLIC_URL: publicUrl,
        // one desk on the record, at the first place
        DESK_PORT: String((options.place ?? 0) === 0 ? deskPort : 0),
        DESK_URL: deskUrl,
        DATA_DIR: folder,
        DATABASE_URL: postgres.url,
        LOG_LEVEL: 'error',
        ...(options.faultAt ? { FAULT_AT: options.faultAt } : {}),
      },
    });
    const started = attend(child, `http://localhost:${port}`);
    running.add(started.running);
    await started.ready();
    return started.running;
  }

  const killAll = async (): Promise<void> => {
    await Promise.all([...running].map((one) => one.kill()));
    running.clear();
  };

  let apiKey = '';
  let people = 0;
  async function firstStart(): Promise<void> {
    const first = await launch();
    const db = openDatabase(postgres.url, undefined, 1);
    const admin = administration(db);
    const institution = (await admin.listInstitutions())[0]!;
    const secret = systemRandom.bytes(32);
    await admin.createApiKey({
      id: newId('apiKey', systemClock, systemRandom),
      institutionId: institution.id,
      digest: sha256(secret),
      name: 'faults',
      person: 'faults',
      scopes: ALL_SCOPES,
      expiresAt: null,
      at: systemClock.now(),
    });
    await db.destroy();
    apiKey = `mk_${toBase64Url(secret)}`;
    await first.stop();
  }
  await firstStart();

  return {
    owner,
    launch,
    publicUrl,
    deskUrl,
    databaseUrl: postgres.url,
    folder,
    trust: () => readTrustFolder(join(folder, 'trust')),
    institution: (url: string) => institutionClient(url, apiKey),
    /** A new authorization for somebody new, requested over HTTP. */
    async request(url: string): Promise<Person> {
      const { post } = institutionClient(url, apiKey);
      const { idNumber, phone } = newSubject(++people);
      const { id } = (await post('/v1/authorizations', {
        template: creditReportTemplate.name,
        businessReference: `FAULT-${people}`,
        subject: { name: '王䶮', idType: 'cn-resident-id', idNumber, phone },
        end: { kind: 'date', at: toUtcSeconds(addSeconds(systemClock.now(), 30 * 86_400)) },
      })) as { id: string };
      const way = (await post(`/v1/authorizations/${id}/signing-links`, {})) as { url: string };
      return { id, link: way.url, phone, lastSix: idNumber.slice(-6) };
    },
    killAll,
    close: async () => {
      await killAll();
      await owner.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type House = Awaited<ReturnType<typeof openHouse>>;

function attend(child: ChildProcess, url: string) {
  let said = '';
  let alive = true;
  const gone = once(child, 'close').then(([code, signal]) => {
    alive = false;
    return String(signal ?? code);
  });
  const saidReady = new Promise<void>((done) => {
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (part: string) => {
        said = `${said}${part}`.slice(-20_000);
        if (part.includes('Mandate is ready')) done();
      });
  });
  const ready = async (): Promise<void> => {
    const how = await Promise.race([saidReady, gone]);
    // A fault may strike before the start is over: that is a start as well.
    if (how && how !== 'SIGKILL') throw new Error(`ended with ${how}:\n${said}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (alive) child.kill(signal);
    await gone;
  };
  return {
    ready,
    running: {
      url,
      gone,
      alive: () => alive,
      kill: () => end('SIGKILL'),
      stop: () => end('SIGTERM'),
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A made-up person; the ID number's check digit is right (GB 11643). */
function newSubject(count: number): { idNumber: string; phone: string } {
  const body = `11010519900307${String(count).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  return {
    idNumber: body + '10X98765432'[sum % 11]!,
    phone: `139${String(count).padStart(8, '0')}`,
  };
}
