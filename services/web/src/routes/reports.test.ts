import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  ALL_SCOPES,
  concat,
  canonicalBytes,
  DomainError,
  encrypt,
  fromUtf8,
  sha256Hex,
  systemRandom,
  utf8,
  type Clock,
} from '@mandate/core';
import type { AuthorizationRow, Institution } from '@mandate/ceremony';
import { generationZero, readBundle } from '@mandate/evidence';
import { parseEntry } from '@mandate/ledger';
import { readPdf, readSignatures } from '@mandate/pdf';
import { createHttpApp, createLog, listen, mountRoutes, type Listening } from '@mandate/runtime';
import { makeAuthority } from '../../../../test/kit/authority.js';
import { buildBundle, LATER, type TestBundle } from '../../../../test/kit/build-bundle.js';
import { reportAuthority } from '../../../../test/kit/report-authority.js';
import { makeReceipt } from '../../../../test/kit/make-receipt.js';
import type { Contexts, WebParts } from '../web-parts.js';
import { mountVerification, reportRoutes } from './reports.js';
import type { VerificationView } from '../pages/verification-view.js';

const ID = 'aut_019a1111-2222-7333-8444-555566667777';
const authority = makeAuthority();
const accesses: unknown[] = [];
/** Ledger entries of reports by their numbers. */
const entered = new Map<string, string>();
const letterDigest = '5'.repeat(64);
let now = LATER;
let state: AuthorizationRow['state'] = 'released';
let bundle: Uint8Array;
let made: TestBundle;
let listening: Listening;

/** Remembers like the real one, for one process. */
function answers() {
  const kept = new Map<string, { status: number; body: string }>();
  return {
    begin: async ({ key }: { key: string }) => kept.get(key) ?? null,
    finish: async ({ key, status, body }: { key: string; status: number; body: unknown }) => {
      kept.set(key, { status, body: JSON.stringify(body) });
    },
    forget: async () => undefined,
  };
}

beforeAll(async () => {
  made = await buildBundle(authority);
  ({ bundle } = made);
  const read = readBundle(bundle);
  const sealed = generationZero(read);
  const dataKey = systemRandom.bytes(32);
  const stored = encrypt(dataKey, sealed, 'bundles/att_1', systemRandom);
  const data = { attempt: 'att_1', object: 'bundles/att_1', bundle: sha256Hex(sealed) };
  const clock: Clock = { now: () => now };
  const log = createLog({ service: 'web', level: 'silent' });
  const parts = {
    clock,
    random: systemRandom,
    log,
    record: {
      findAuthorization: async (institutionId: string, id: string) =>
        institutionId === 'ins_1' && id === ID
          ? { id, state, institutionId, letterNumber: 'M20261121-7F3K9Q2M', letterDigest }
          : null,
      trail: async () => [{ body: JSON.stringify({ type: 'signed', data }), digest: '' }],
      addReport: async (row: { id: string }, entry: string) => {
        entered.set(row.id, entry);
        return true;
      },
      inclusionProof: async () => fromUtf8(read.letterProof!),
      generations: async () => [],
      counterKey: async () => 'here',
      lease: async () => ({ granted: 1, free: 9 }),
    },
    answers: answers(),
    authority: {
      vault: {
        unwrap: async (request: unknown) => {
          accesses.push(request);
          return { dataKey };
        },
      },
      ca: reportAuthority(authority).ca,
      seal: { ...reportAuthority(authority).seal, receiptKeys: async () => ({ keys: [] }) },
    },
    objects: { get: async () => stored },
    publicUrl: 'https://mandate.test',
  } as unknown as WebParts;
  const app = createHttpApp({ log, clock, random: systemRandom });
  mountVerification(app, parts);
  mountRoutes<Contexts>(app, reportRoutes(parts), {
    institution: async (request) => ({
      institution: { id: request.headers.authorization } as Institution,
      keyId: 'key_1',
      person: 'officer',
      scopes: ALL_SCOPES,
      requestsPerMinute: null,
    }),
    visit: () => Promise.reject(new DomainError('visit-invalid')),
    checkReplies: true,
  });
  listening = await listen(app, 0, '127.0.0.1');
});
afterAll(() => listening.close());

const call = (path: string, init: RequestInit = {}, institution = 'ins_1'): Promise<Response> =>
  fetch(`http://127.0.0.1:${listening.port}${path}`, {
    ...init,
    headers: { Authorization: institution, ...init.headers },
  });
const codeOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as { code: string }).code,
];
const REPORTS = ['report.json', 'report.xml', 'report.zh.pdf', 'report.en.pdf'];

test('another institution’s authorization is not found, an unreleased one refused', async () => {
  for (const name of REPORTS)
    expect(await codeOf(await call(`/v1/authorizations/${ID}/${name}`, {}, 'ins_2'))).toEqual([
      404,
      'not-found',
    ]);
  const post = { method: 'POST' };
  expect(await codeOf(await call(`/v1/authorizations/${ID}/reports`, post, 'ins_2'))).toEqual([
    404,
    'not-found',
  ]);
  state = 'signed';
  expect(await codeOf(await call(`/v1/authorizations/${ID}/reports`, post))).toEqual([
    409,
    'illegal-transition',
  ]);
  state = 'released';
  expect(accesses).toEqual([]);
  expect(entered.size).toBe(0);
});

test('a report is made anew; under one key it is the same again', async () => {
  const path = `/v1/authorizations/${ID}/reports`;
  const make = async (key?: string): Promise<string> => {
    const headers: Record<string, string> = key ? { 'Idempotency-Key': key } : {};
    const response = await call(path, { method: 'POST', headers });
    expect(response.status).toBe(201);
    return response.text();
  };
  const first = await make('key-12345');
  expect(JSON.parse(first)).toMatchObject({ verdict: { indication: 'TOTAL-PASSED' } });
  expect(JSON.parse(first).id).toMatch(/^rep_/);
  now = new Date(LATER.getTime() + 60_000);
  expect(await make('key-12345')).toBe(first);
  expect(JSON.parse(await make()).id).not.toBe(JSON.parse(first).id);
  // each is entered in the ledger by the digest of its canonical form
  expect(entered.size).toBe(2);
  const report = sha256Hex(canonicalBytes(JSON.parse(first)));
  expect(parseEntry(utf8(entered.get(JSON.parse(first).id)!))).toMatchObject({
    ...{ kind: 'report', letter: letterDigest, report },
  });
  expect(accesses[0]).toEqual({
    authorizationId: ID,
    purpose: 'report',
    actor: 'institution:ins_1',
  });
});

test('the PDFs are sealed', async () => {
  for (const language of ['zh', 'en']) {
    const response = await call(`/v1/authorizations/${ID}/report.${language}.pdf`);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    const file = readPdf(new Uint8Array(await response.arrayBuffer()));
    expect(readSignatures(file)).toMatchObject([
      { field: 'MandateSeal' },
      { field: 'MandateTimestamp1', coversWholeFile: true },
    ]);
  }
});

test('the same as XML, and each says who asked for it', async () => {
  const response = await call(`/v1/authorizations/${ID}/report.xml`);
  expect(response.headers.get('content-type')).toMatch('application/xml');
  expect(await response.text()).toContain('urn:etsi:019102:mainindication:total-passed');
  const json = await (await call(`/v1/authorizations/${ID}/report.json`)).json();
  expect(json).toMatchObject({ applicant: 'institution', evidenceLevel: { level: 'E1' } });
});

test('anybody’s file is verified with words, and bad requests are problems', async () => {
  const post = (body: Uint8Array, type: string, query = ''): Promise<Response> =>
    call(`/verify${query}`, {
      method: 'POST',
      body: body as Uint8Array<ArrayBuffer>,
      headers: { 'Content-Type': type },
    });
  expect(await codeOf(await post(bundle, 'text/plain'))).toEqual([415, 'unsupported-media-type']);
  expect(await codeOf(await post(new Uint8Array(20 * 1024 * 1024 + 1), 'application/pdf'))).toEqual(
    [413, 'payload-too-large'],
  );

  const response = await post(bundle, 'application/octet-stream', '?language=en');
  expect(response.status).toBe(200);
  const { verification, words } = (await response.json()) as VerificationView;
  expect(verification.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(words.findings.map(({ text }) => text)).toContain(
    'The embedded terms are those of the bundle',
  );

  // a receipt beside its letter: two files, one after the other
  const receipt = utf8(makeReceipt(authority, made, 'redemption'));
  const together = concat(receipt, made.signedLetter);
  for (const sizes of ['', 'x', '0,5', `${receipt.length}`, `${receipt.length},1`, '1,1,1,1,1,1'])
    expect(
      await codeOf(await post(together, 'application/octet-stream', `?sizes=${sizes}`)),
    ).toEqual([400, 'invalid-request']);
  const sizes = `${receipt.length},${made.signedLetter.length}`;
  const both = await post(together, 'application/octet-stream', `?language=en&sizes=${sizes}`);
  const view = (await both.json()) as VerificationView;
  expect(view.verification.input.kind).toBe('receipt');
  expect(view.verification.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(view.words.claims.map(({ text }) => text)).toContain(
    'Belonging: it fits what was given with it',
  );

  const crowd = await Promise.all(
    Array.from({ length: 8 }, () => post(bundle, 'application/octet-stream')),
  );
  const statuses = crowd.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
  expect(statuses).toContain(429);
  expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
}, 30_000);
