import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  DomainError,
  encrypt,
  fromUtf8,
  parseCanonical,
  sha256Hex,
  systemRandom,
  toBase64Url,
  type PublicAnchors,
} from '@mandate/core';
import type { AuthorizationRow } from '@mandate/ceremony';
import { generationZero, readBundle } from '@mandate/evidence';
import { createLog, listen, type Listening } from '@mandate/runtime';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER } from '../../../test/kit/build-bundle.js';
import type { DeskParts } from './desk-parts.js';
import { createDesk } from './service.js';

const ID = 'aut_019a1111-2222-7333-8444-555566667777';
const key = systemRandom.bytes(32);
const staffKey = `sk_${toBase64Url(key)}`;
const second = systemRandom.bytes(32);
const HOLD = 'hld_019a1111-2222-7333-8444-555566667777';
const hold: Record<string, unknown> = {
  ...{ id: HOLD, authorizationId: ID, by: 'subject', reason: 'other', openedAt: LATER },
  ...{ outcome: null, proposedBy: null, resolvedAt: null },
};
const accesses: unknown[] = [];
const entered: string[] = [];
let state: AuthorizationRow['state'] = 'released';
let listening: Listening;

beforeAll(async () => {
  const authority = makeAuthority();
  const { bundle } = await buildBundle(authority);
  const read = readBundle(bundle);
  const sealed = generationZero(read);
  const dataKey = systemRandom.bytes(32);
  const stored = encrypt(dataKey, sealed, 'bundles/att_1', systemRandom);
  const signed = {
    type: 'signed',
    data: { attempt: 'att_1', object: 'bundles/att_1', bundle: sha256Hex(sealed) },
  };
  const parts = {
    clock: { now: () => LATER },
    random: systemRandom,
    log: createLog({ service: 'desk', level: 'silent' }),
    record: {
      authorization: async (id: string) => {
        if (id !== ID) throw new DomainError('not-found', 'no such authorization');
        const letterDigest = '5'.repeat(64);
        return { id, state, letterNumber: 'M20261121-7F3K9Q2M', letterDigest } as AuthorizationRow;
      },
      trail: async () => [{ body: JSON.stringify(signed), digest: '' }],
      addReport: async (_row: unknown, entry: string) => entered.push(entry) > 0,
      inclusionProof: async () => fromUtf8(read.letterProof!),
      generations: async () => [],
      holds: async () => [hold],
      propose: async (_id: string, { outcome, grounds, by, at }: any) =>
        Object.assign(hold, { outcome, grounds, proposedBy: by, proposedAt: at }),
      resolve: async (_seen: unknown, { id, by, at }: any) =>
        Object.assign(hold, { resolvedBy: by, resolvedAt: at, resolutionId: id }),
    },
    authority: {
      vault: {
        unwrap: async (request: unknown) => {
          accesses.push(request);
          return { dataKey };
        },
      },
      ca: { anchors: async () => ({ ...authority.anchors, intermediates: [] }) as PublicAnchors },
      seal: {
        receiptKeys: async () => ({ keys: [] }),
        report: async () => {
          throw new DomainError('timestamp-unavailable', 'no authority answers');
        },
      },
    },
    objects: { get: async () => stored },
    publicUrl: 'https://mandate.test',
    deskUrl: 'https://desk.mandate.test',
    staff: [
      { name: 'zhang.wei', keyDigest: sha256Hex(key) },
      { name: 'li.na', keyDigest: sha256Hex(second) },
    ],
    ready: async () => undefined,
  };
  listening = await listen(createDesk(parts as unknown as DeskParts), 0, '127.0.0.1');
});
afterAll(() => listening.close());

const get = (path: string, bearer?: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${listening.port}/desk/authorizations/${path}`, {
    headers: bearer ? { Authorization: `Bearer ${bearer}` } : {},
  });
const codeOf = async (response: Response): Promise<[number, string]> => {
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
};

test('strangers get nothing and open nothing', async () => {
  const other = `sk_${toBase64Url(systemRandom.bytes(32))}`;
  const odd = `${staffKey.slice(0, -1)}_`;
  for (const bearer of [undefined, 'x', other, odd, staffKey.replace('sk_', 'mk_')])
    expect(await codeOf(await get(`${ID}/report.json`, bearer))).toEqual([401, 'unauthenticated']);
  expect(accesses).toEqual([]);
});

test('unknown, not released and unsealed are problems', async () => {
  expect(await codeOf(await get('aut_x/report.json', staffKey))).toEqual([404, 'not-found']);
  expect(await codeOf(await get(`${ID}/report.fr.pdf`, staffKey))).toEqual([404, 'not-found']);
  state = 'confirmed';
  expect(await codeOf(await get(`${ID}/report.json`, staffKey))).toEqual([
    409,
    'illegal-transition',
  ]);
  state = 'released';
  expect(accesses).toEqual([]);
  expect(await codeOf(await get(`${ID}/report.zh.pdf`, staffKey))).toEqual([
    503,
    'timestamp-unavailable',
  ]);
});

test('a report names its reader in the access register', async () => {
  accesses.length = 0;
  const response = await get(`${ID}/report.json`, staffKey);
  expect(response.status).toBe(200);
  const report = parseCanonical(await response.text()) as { verdict: object };
  expect(report.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(report).toMatchObject({ applicant: 'desk' });
  expect(JSON.parse(entered.at(-1)!)).toMatchObject({ kind: 'report', letter: '5'.repeat(64) });
  expect(accesses).toEqual([{ authorizationId: ID, purpose: 'report', actor: 'staff:zhang.wei' }]);
});

test('a dispute: one member of staff proposes, another agrees; nobody else and nothing else', async () => {
  const other = `sk_${toBase64Url(second)}`;
  const post = (path: string, body: unknown, bearer?: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${listening.port}/desk/authorizations/${ID}/holds/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
      },
      body: JSON.stringify(body),
    });
  const proposal = { outcome: 'rejected', grounds: 'case 7' };
  expect(await codeOf(await post(`${HOLD}/proposal`, proposal))).toEqual([401, 'unauthenticated']);
  for (const body of [
    { ...proposal, outcome: 'forgotten' },
    { ...proposal, grounds: '' },
    { ...proposal, grounds: 'x'.repeat(201) },
    { outcome: 'rejected' },
    { ...proposal, more: 1 },
    [],
  ])
    expect(await codeOf(await post(`${HOLD}/proposal`, body, staffKey))).toEqual([
      400,
      'invalid-request',
    ]);
  for (const path of ['hld_x/proposal', `${HOLD.replace('019a', '019b')}/proposal`])
    expect(await codeOf(await post(path, proposal, staffKey))).toEqual([404, 'not-found']);
  const agreed = { outcome: 'rejected' };
  expect(await codeOf(await post(`${HOLD}/approval`, agreed, other))).toEqual([
    409,
    'guard-refused',
  ]);
  expect(await (await post(`${HOLD}/proposal`, proposal, staffKey)).json()).toMatchObject({
    ...{ hold: HOLD, state: 'proposed', proposed: 'rejected' },
  });
  expect(await codeOf(await post(`${HOLD}/approval`, agreed, staffKey))).toEqual([
    403,
    'forbidden',
  ]);
  const done = (await (await post(`${HOLD}/approval`, agreed, other)).json()) as object;
  expect(done).toMatchObject({ state: 'rejected', resolution: expect.stringMatching(/^hre_/) });
  expect(await (await get(`${ID}/holds`, staffKey)).json()).toEqual({ items: [done] });
  expect(await codeOf(await get(`${ID}/holds`))).toEqual([401, 'unauthenticated']);
});
