import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, systemClock, systemRandom, type Clock, type PublicAnchors } from '@mandate/core';
import { createApiKey, registerParties, startAll } from '@mandate/all';
import { createLog, createShutdown, loadConfig, type Route } from '@mandate/runtime';
import type { WebRecord } from '@mandate/ceremony';
import type { Administration } from '@mandate/store';
import { creditReportTemplate } from '@mandate/terms';
import { webRoutes } from '@mandate/web';
import pg from 'pg';
import { freePort } from '../../kit/free-port.js';
import { startTestPostgres } from '../../kit/postgres.js';

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly apiKey: string;
  /** Of another person, who approves. */
  readonly reviewerKey: string;
  readonly keyId: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed when the answer says it is JSON; else undefined. */
  readonly json: any;
}

export interface Call {
  readonly key?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array;
}

export interface ApiInstance {
  /** Where it listens, whatever its PUBLIC_URL says. */
  readonly url: string;
  /** Where its desk listens. */
  readonly deskUrl: string;
  /** Its data folder, as the `mandate` command is told. */
  readonly folder: string;
  readonly routes: readonly Route[];
  readonly administration: Administration;
  /** As role web has it. */
  readonly record: WebRecord;
  /** Everything logged so far. */
  log(): string;
  /** Moves the service's clock on. */
  advance(seconds: number): void;
  now(): Date;
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /**
   * `POST /v1/templates` and all that follows until the template can be requested: what it names is
   * registered, it is submitted and approved by the tenant's second person. The first answer.
   */
  publish(call: Call): Promise<Answer>;
  /** A new institution with a key. */
  tenant(): Promise<Tenant>;
  query(sql: string, values?: unknown[]): Promise<any[]>;
  /** The owner's, to open it as a role the service does not hold. */
  readonly databaseUrl: string;
  /** What a verifier who trusts this installation believes. */
  anchors(): Promise<PublicAnchors>;
  /**
   * Per table: number of rows and a digest of their content. What worker and ledger write by
   * themselves is left out; of their queues the number of rows counts.
   */
  tables(): Promise<Record<string, string>>;
  /** Ends the service and every connection; database and folder stay until `stop`. */
  halt(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Rounds of the ledger and long-term forms come when they come, so do notes of messages sent and cases of disputes; a visit is kept open
 * by every request, and refused requests are counted.
 */
const BACKGROUND =
  /^ledger_(entries|nodes|checkpoints|head|published|cosignatures|stamps)$|^inclusion_proofs$|^receipts$|^archives$|^register_anchors$|^bundle_(generations|changes)$|^webhook_(events|deliveries)$|^own_visits$|^data_keys_swept$|^receipts_due$|^(limits|quotas|sms_sends|sms_receipts)$|^case(s|_authorizations|_events|_keys)$/;
const QUEUES = ['ledger_queue', 'outbox'];

/** The real service of `services/all` on a database of its own, with a clock that can be moved on. */
export async function startApi(env: Readonly<Record<string, string>> = {}): Promise<ApiInstance> {
  const postgres = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'mandate-api-'));
  await chmod(folder, 0o711);
  const lines: string[] = [];
  const log = createLog({
    service: 'all',
    level: 'trace',
    destination: { write: (line: string) => void lines.push(line) },
  });
  const shutdown = createShutdown(log, { on: () => undefined, exit: () => undefined });
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let offset = 0;
  const clock: Clock = { now: () => new Date(systemClock.now().getTime() + offset) };
  const config = loadConfig('all', {
    NODE_ENV: 'test',
    PORT: String(port),
    DATA_DIR: folder,
    DATABASE_URL: postgres.url,
    ...env,
  });
  const started = await startAll(config, { log, shutdown, clock }).catch(async (error: unknown) => {
    await shutdown.close();
    await postgres.stop();
    throw error;
  });
  const { parts, administration } = started;
  const owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
  owner.on('error', () => undefined);
  const query: ApiInstance['query'] = async (sql, values) => (await owner.query(sql, values)).rows;
  let halted: Promise<void> | undefined;
  const halt = (): Promise<void> => (halted ??= shutdown.close().then(() => owner.end()));
  let tenants = 0;
  const reviewers = new Map<string, string>();
  const publish: ApiInstance['publish'] = async (call) => {
    const made = await callUrl(url, 'POST', '/v1/templates', call);
    if (made.status !== 201) return made;
    await registerParties(
      { clock, random: systemRandom, administration },
      call.body as typeof creditReportTemplate,
    );
    const path = `/v1/templates/${made.json.id}/versions/1`;
    const step = async (name: string, key: string | undefined, body: unknown) => {
      const headers = { 'idempotency-key': `${name}-${made.json.id}` };
      const { status, text } = await callUrl(url, 'POST', `${path}/${name}`, {
        ...{ ...(key ? { key } : {}), headers, body },
      });
      if (status !== 200) throw new Error(`${name}: ${text}`);
    };
    await step('submit', call.key, { assessment: 'PIA-1' });
    await step('approve', reviewers.get(call.key!), {});
    return made;
  };
  return {
    url,
    deskUrl: started.deskUrl,
    databaseUrl: postgres.url,
    folder,
    routes: webRoutes(parts),
    administration,
    record: parts.record,
    log: () => lines.join(''),
    advance: (seconds) => void (offset += seconds * 1000),
    now: clock.now,
    call: (method, path, call) => callUrl(url, method, path, call),
    publish,
    tenant: async () => {
      tenants += 1;
      const name = `第${tenants}号测试机构`;
      const id = newId('institution', clock, systemRandom);
      await administration.createInstitution({
        id,
        name,
        creditCode: creditCode(tenants),
        contact: '400-800-1234',
        complaints: '400-800-1235',
        at: clock.now(),
      });
      const deps = { clock, random: systemRandom, administration, record: parts.record };
      const apiKey = await createApiKey(deps, id, 'tests');
      const [key] = await query('SELECT id FROM api_keys WHERE institution_id = $1', [id]);
      const reviewerKey = await createApiKey(deps, id, 'reviewer');
      reviewers.set(apiKey, reviewerKey);
      return { id, name, apiKey, reviewerKey, keyId: key.id };
    },
    query,
    anchors: () => parts.authority.ca.anchors({}),
    tables: async () => {
      const names = await query(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
      );
      const contents = await Promise.all(
        names
          .filter(({ tablename }) => !BACKGROUND.test(tablename))
          .map(async ({ tablename }) => {
            if (QUEUES.includes(tablename)) {
              // Entries that roles make by themselves come when they come.
              const [{ n }] = await query(
                tablename === 'ledger_queue'
                  ? `SELECT count(*) AS n FROM ledger_queue WHERE dedupe !~ '^(register|key-event|deploy|renewal):'`
                  : `SELECT count(*) AS n FROM "${tablename}"`,
              );
              return [tablename, String(n)] as const;
            }
            const [row] = await query(
              `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS is FROM "${tablename}" t`,
            );
            return [tablename, row.is] as const;
          }),
      );
      return Object.fromEntries(contents);
    },
    halt,
    stop: async () => {
      await halt();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function callUrl(
  url: string,
  method: string,
  path: string,
  { key, cookie, headers = {}, body, raw }: Call = {},
): Promise<Answer> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const all: Record<string, string | undefined> = {
    authorization: key && `Bearer ${key}`,
    cookie,
    'content-type': json === undefined && raw === undefined ? undefined : 'application/json',
    ...headers,
  };
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: Object.fromEntries(
      Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    body: json ?? (raw as BodyInit | undefined),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: type.includes('json') && text ? JSON.parse(text) : undefined,
  };
}

/** The sample template without its reading time; `name` tells tenants' templates apart. */
export const templateBody = (name = 'for-tests') => ({
  ...creditReportTemplate,
  name,
  policy: {
    ...creditReportTemplate.policy,
    minimumReadingSeconds: 0,
    keyOrigins: ['browser', 'software'],
  },
});

/** A made-up person; the ID number's check digit is right (GB 11643). */
export function person(count: number) {
  const body = `11010519900307${String(count).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  return {
    name: '王䶮',
    idType: 'cn-resident-id',
    idNumber: body + '10X98765432'[sum % 11]!,
    phone: `138${String(count).padStart(8, '0')}`,
  };
}

export const authorizationBody = (api: ApiInstance, count = 1, template = 'for-tests') => ({
  template,
  businessReference: `REF-${count}`,
  subject: person(count),
  end: { kind: 'date', at: new Date(api.now().getTime() + 30 * 86_400_000).toISOString() },
});

/** A unified social credit code with a right check character (GB 32100). */
export function creditCode(count: number): string {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const body = `91310000MA1FL${String(count).padStart(4, '0')}`;
  let sum = 0;
  for (let i = 0, weight = 1; i < 17; i++, weight = (weight * 3) % 31)
    sum += alphabet.indexOf(body[i]!) * weight;
  return body + alphabet[(31 - (sum % 31)) % 31]!;
}
