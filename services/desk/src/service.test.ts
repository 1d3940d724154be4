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
import { createDesk, type DeskParts } from './service.js';

const ID = 'aut_019a1111-2222-7333-8444-555566667777';
const key = systemRandom.bytes(32);
const staffKey = `sk_${toBase64Url(key)}`;
const accesses: unknown[] = [];
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
        return { id, state, letterNumber: 'M20261121-7F3K9Q2M' } as AuthorizationRow;
      },
      trail: async () => [{ body: JSON.stringify(signed), digest: '' }],
      inclusionProof: async () => fromUtf8(read.letterProof!),
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
        report: async () => {
          throw new DomainError('timestamp-unavailable', 'no authority answers');
        },
      },
    },
    objects: { get: async () => stored },
    publicUrl: 'https://mandate.test',
    staff: [{ name: 'zhang.wei', keyDigest: sha256Hex(key) }],
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
  expect(accesses).toEqual([{ authorizationId: ID, purpose: 'report', actor: 'staff:zhang.wei' }]);
});
