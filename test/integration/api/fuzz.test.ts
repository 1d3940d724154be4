import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ERROR_CODES } from '@mandate/core';
import { writeFile } from 'node:fs/promises';
import { PROBLEMS } from '@mandate/runtime';
import { faultsOf } from '../../kit/json-schema.js';
import { seeded } from '../../kit/seeded.js';
import {
  authorizationBody,
  startApi,
  templateBody,
  type Answer,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';
import { prepare, type Prepared } from './ceremony.js';
import { goodBodies, type Bodies } from './good-bodies.js';

/**
 * Requests drawn from the service's own OpenAPI description: mostly well-formed, then bent. Nothing may answer 5xx,
 * leave the problem format, answer what the description does not say, or show anything of another institution, a
 * secret, or anybody's numbers. `npm run test:api-fuzz` makes it longer; what it prints repeats a run.
 */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] || 1000);
const SEED = Number(process.env['FUZZ_SEED'] || 20261121);

let api: ApiInstance;
let mine: Tenant;
let other: Tenant;
let theirs: Prepared;
let own: Prepared;
let document: any;
let bodies: Bodies;
const next = seeded(SEED);
const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
const chance = (percent: number): boolean => next(100) < percent;

beforeAll(async () => {
  api = await startApi();
  mine = await api.tenant();
  other = await api.tenant();
  for (const tenant of [mine, other])
    await api.publish({
      key: tenant.apiKey,
      headers: { 'idempotency-key': 'template-1' },
      body: templateBody(),
    });
  theirs = await prepare(api, other, 'released');
  own = await prepare(api, mine, 'issued');
  bodies = goodBodies(api, own.token);
  await api.administration.limitInstitution(mine.id, 2_000_000_000);
  document = (await api.call('GET', '/openapi.json')).json;
}, 300_000);
afterAll(() => api?.stop());

const ODD_TEXTS = [
  ...['', ' ', '\u0000', '\ud800', '\u202e', '\u200b', '\ufeff', '𠮷䶮', 'e\u0301', '😀'],
  ...['../../etc/passwd', "' OR 1=1 --", '${7*7}', '<script>', '__proto__', 'constructor', 'null'],
  ...['9'.repeat(400), 'x'.repeat(3000), '-1', '1e999', 'NaN', '2026-02-30T00:00:00Z', '%00'],
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59+23:59', 'aut_', 'att_x', 'https://a.example'],
];
/** Addresses cannot carry half a surrogate pair at all. */
const wellFormed = (text: string): string => Buffer.from(text).toString();
const ODD_NUMBERS = [0, -1, -0, 1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324];
const ODD = (): unknown =>
  pick<() => unknown>([
    () => null,
    () => pick(ODD_TEXTS),
    () => pick(ODD_NUMBERS),
    () => chance(50),
    () => [],
    () => ({}),
    () => [pick(ODD_TEXTS), pick(ODD_NUMBERS)],
    () => ({ [pick(ODD_TEXTS)]: pick(ODD_NUMBERS) }),
    () => Array(200).fill('a'),
  ])();

/** A value of the schema; with some probability bent somewhere. */
function draw(schema: any, bend: number): unknown {
  if (bend > 0 && chance(bend)) return ODD();
  if (schema.$ref) return draw(document.components.schemas[schema.$ref.split('/').at(-1)], bend);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return pick(schema.enum);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return draw(pick(choices), bend);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one: any) => draw(one, bend)));
  const type = Array.isArray(schema.type) ? pick(schema.type) : schema.type;
  if (type === 'object') return drawObject(schema, bend);
  if (type === 'array') {
    const length = Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + next(3));
    return Array.from({ length }, () => draw(schema.items ?? {}, bend));
  }
  if (type === 'integer' || type === 'number')
    return Math.min(schema.maximum ?? 1e9, (schema.minimum ?? 0) + next(50));
  if (type === 'boolean') return chance(50);
  if (type === 'null') return null;
  return drawText(schema);
}

function drawObject(schema: any, bend: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries<any>(schema.properties ?? {})) {
    const required = (schema.required ?? []).includes(name);
    if (required ? !(bend > 0 && chance(2)) : chance(50)) result[name] = draw(member, bend);
  }
  if (bend > 0 && chance(2)) result[pick(ODD_TEXTS)] = ODD();
  return result;
}

function drawText(schema: any): string {
  if (schema.format === 'date-time')
    return new Date(api.now().getTime() + (next(400) - 20) * 86_400_000).toISOString();
  // numbers of nobody here: what is free text comes back as it was sent
  const text = pick(['for-tests', '王小明', 'REF-1', 'a', '13800138000', '11010519491231002X']);
  const pattern: string = schema.pattern ?? '';
  if (/0-9a-f\]\{64\}/.test(pattern)) return pick([own.view.letter.digest, '0'.repeat(64)]);
  if (/A-Za-z0-9_-/.test(pattern)) return pick(['AAAA', own.signature!, own.key!.publicKey]);
  if (/\\d\{6/.test(pattern)) return pick(['123456', own.code!]);
  return text.slice(0, schema.maxLength ?? 100);
}

/** Well-formed bodies as a base that bending changes in one place: random ones die at the door. */
const BASES: Record<string, () => unknown> = {
  '/v1/authorizations': () => authorizationBody(api, 900 + next(50)),
  '/v1/templates': () => templateBody(pick(['for-tests', 'drawn-1', 'drawn-2'])),
  '/v1/templates/{id}/versions': () => templateBody(),
};

function bendOnce(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || chance(20)) return ODD();
    const copy = [...value];
    const at = next(copy.length);
    copy[at] = bendOnce(copy[at]);
    return copy;
  }
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value);
    if (names.length === 0 || chance(5)) return ODD();
    const name = pick(names);
    if (chance(10))
      return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
    return { ...value, [name]: bendOnce((value as Record<string, unknown>)[name]) };
  }
  if (typeof value === 'string' && chance(70)) return pick(ODD_TEXTS);
  if (typeof value === 'number' && chance(70)) return pick(ODD_NUMBERS);
  return ODD();
}

interface Drawn {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly call: Parameters<ApiInstance['call']>[2];
}

function drawRequest(): Drawn {
  // a tenth goes where the most is accepted
  const path = pick(Object.keys(chance(10) ? BASES : document.paths));
  const method = pick(Object.keys(document.paths[path]));
  const operation = document.paths[path][method];
  const name = `${method} ${path}`;
  const ids = [own.id, theirs.id, own.attemptId!, theirs.attemptId!, 'for-tests', pick(ODD_TEXTS)];
  // an empty one would be another path
  let target = path.replace(/\{\w+\}/g, () => encodeURIComponent(wellFormed(pick(ids))) || 'none');
  const query = (operation.parameters ?? []).filter((one: any) => one.in === 'query');
  const pairs = query
    .filter(() => chance(50))
    .map((one: any) => [one.name, wellFormed(String(draw(one.schema, 30) ?? ''))]);
  if (chance(3)) pairs.push([wellFormed(pick(ODD_TEXTS)), '1']);
  if (pairs.length > 0) target += `?${new URLSearchParams(pairs)}`;

  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const base = BASES[path] ?? bodies[path];
  const body =
    base && chance(70) ? (chance(60) ? bendOnce(base()) : base()) : schema && draw(schema, 6);
  const headers: Record<string, string> = { 'x-requested-with': 'mandate' };
  if (chance(95)) headers['idempotency-key'] = `fuzz-${next(REQUESTS)}-key`;
  if (chance(3))
    headers['content-type'] = pick([
      'text/plain',
      'application/xml',
      'application/json; charset=utf-16',
    ]);
  const json = schema ? JSON.stringify(body) : undefined;
  const raw = json !== undefined && chance(3) ? json.slice(0, next(json.length + 1)) : json;
  return {
    operation: name,
    method: method.toUpperCase(),
    path: target,
    call: {
      ...(chance(95) ? { key: mine.apiKey } : {}),
      ...(chance(95) ? { cookie: own.cookie } : {}),
      headers,
      ...(raw === undefined ? {} : { raw }),
    },
  };
}

/** Numbers of the made-up persons, standing alone: inside digests such digits occur by chance. */
const NUMBERS = /(?<![0-9A-Za-z])(?:11010519900307\d{3}[\dX]|13800000\d{3})(?![0-9A-Za-z])/;
/** Where a subject, or who may ask for it, gets these data by design. */
const TELLS_NUMBERS = /^(?:post \/v1\/authorizations\/\{id\}\/export|\w+ \/v1\/(?:signing|own).*)$/;

function leakIn(operation: string, { text, json }: Answer): string | undefined {
  const theirSecrets = [
    ...[theirs.subject.idNumber, theirs.subject.phone, theirs.view.letterNumber],
    ...[theirs.id, other.id, other.keyId, other.apiKey, other.reviewerKey, theirs.token],
  ];
  // an id that was asked for is not told by repeating it in no answer: none is repeated
  if (theirSecrets.some((secret) => secret && text.includes(secret)))
    return 'tells another institution’s data';
  if ([mine.apiKey, mine.reviewerKey].some((secret) => text.includes(secret)))
    return 'tells an API key';
  if (json && !TELLS_NUMBERS.test(operation) && NUMBERS.test(text))
    return 'tells a person’s number';
  return undefined;
}

function faultOf(operation: string, answer: Answer): string | undefined {
  const { status, headers, json } = answer;
  if (status >= 500) return 'a fault of ours';
  const leak = leakIn(operation, answer);
  if (leak) return leak;
  const [method, path] = operation.split(' ') as [string, string];
  const described = document.paths[path][method].responses[status];
  const type = (headers.get('content-type') ?? '').split(';')[0]!;
  if (status >= 400 && type !== 'application/problem+json') return 'no problem';
  if (status >= 400) {
    const code = json?.code as (typeof ERROR_CODES)[number];
    if (!ERROR_CODES.includes(code)) return 'an unknown code';
    if (json.status !== status || PROBLEMS[code].status !== status) return 'another status';
  }
  if (!described) return `${operation}: a status that is not described (${json?.code})`;
  const content = described.content?.[type];
  if (
    content &&
    json !== undefined &&
    type.includes('json') &&
    content.schema.format !== 'binary'
  ) {
    const [fault] = faultsOf(content.schema, json, document);
    if (fault)
      return `${operation}: not as described, ${fault}${json?.code ? ` (${json.code})` : ''}`;
  }
  return undefined;
}

test(
  `${REQUESTS} requests, seed ${SEED}: no 5xx, always the problem format, nobody else’s data`,
  async () => {
    const before = await api.query('SELECT * FROM authorizations WHERE institution_id = $1', [
      other.id,
    ]);
    const wrong: string[] = [];
    const seen = new Map<string, Set<number>>();
    const counts = new Map<number, number>();
    const faults = new Map<string, number>();
    const summary = process.env['FUZZ_SUMMARY'];
    for (let done = 0; done < REQUESTS; done += 8) {
      const batch = Array.from({ length: Math.min(8, REQUESTS - done) }, drawRequest);
      const answers = await Promise.all(
        batch.map(({ method, path, call }) => api.call(method, path, call)),
      );
      answers.forEach((answer, i) => {
        const { operation, path, call } = batch[i]!;
        seen.set(operation, (seen.get(operation) ?? new Set()).add(answer.status));
        counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
        const found = faultOf(operation, answer);
        if (found) {
          faults.set(found, (faults.get(found) ?? 0) + 1);
          if (wrong.length < 500)
            wrong.push(
              `${found}: ${operation} ${path.slice(0, 120)} ${String(call?.raw).slice(0, 400)} → ${answer.status} ${answer.text.slice(0, 200)}`,
            );
        }
      });
      const sent = done + batch.length;
      if (summary && (sent === REQUESTS || sent % 2000 === 0)) {
        process.stderr.write(`${sent} requests\n`);
        const [told, wrongly] = [Object.fromEntries(counts), Object.fromEntries(faults)];
        await writeFile(
          summary,
          JSON.stringify({ counts: told, faults: wrongly, operations: seen.size }),
        );
      }
    }
    if (wrong.length > 0)
      wrong.push(
        ...api
          .log()
          .split('\n')
          .filter((line) => line.includes('"request failed"')),
      );
    expect(wrong.map((line) => line.slice(0, 2000)).slice(-10)).toEqual([]);
    // every operation was reached, and the drawing is good enough to be accepted, too
    const operations = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(operations.filter((name) => !seen.has(name))).toEqual([]);
    const statuses = (name: string) => [...seen.get(name)!];
    expect(statuses('post /v1/authorizations')).toEqual(expect.arrayContaining([201, 400, 422]));
    expect(statuses('post /v1/templates/{id}/versions')).toEqual(
      expect.arrayContaining([201, 400, 404]),
    );
    expect(
      await api.query('SELECT * FROM authorizations WHERE institution_id = $1', [other.id]),
    ).toEqual(before);
  },
  120_000 + REQUESTS * 200,
);
