import { beforeAll, expect, test } from '@jest/globals';
import { kindDigestHex } from '@mandate/core';
import { makeAuthority } from '../../../../test/kit/authority.js';
import { buildBundle } from '../../../../test/kit/build-bundle.js';
import { factsOf, type MadeFact } from '../../../../test/kit/bundle-generations.js';
import { FACT_KINDS, FACT_SHAPES, type FactKind } from './fact-shapes.js';
import { agreesWithFact, readReceiptPayload, type ReceiptPayload } from './receipt-payload.js';

type Members = Readonly<Record<string, unknown>>;

const OPTIONAL = ['per', 'period', 'reservedUntil', 'approvedBy'];
let facts: Readonly<Record<FactKind, MadeFact>>;
beforeAll(async () => {
  const of = factsOf(await buildBundle(makeAuthority()));
  const recurring = { per: 'quarter', period: '2026-Q4' };
  const erasure = of.erasure(300);
  facts = {
    redemption: of.redemption('one', 300, true, recurring),
    withdrawal: of.withdrawal(300),
    hold: of.hold(300),
    'hold-resolution': of.resolution('rejected', 300),
    end: of.end(300),
    release: of.release(300),
    restriction: of.restriction(300),
    erasure: { ...erasure, fact: { ...erasure.fact, approvedBy: 'zhang.wei' } },
    'id-image-destruction': of.idImage(300),
  };
});

const reads = (kind: FactKind, fact: Members): boolean => {
  try {
    FACT_SHAPES[kind](fact as never);
    return true;
  } catch {
    return false;
  }
};

test.each(FACT_KINDS)('%s: every member as it is listed, and no other', (kind) => {
  const { fact } = facts[kind];
  expect(reads(kind, fact)).toBe(true);
  expect(reads(kind, { ...fact, more: 'x' })).toBe(false);
  for (const name of Object.keys(fact)) {
    const { [name]: value, ...without } = fact;
    expect([name, reads(kind, without)]).toEqual([name, OPTIONAL.includes(name)]);
    for (const wrong of [null, '', -1, true, [], [7], {}, [value], { value }])
      if (!(name === 'items' || name === 'fields') || JSON.stringify(wrong) !== '[]')
        expect([name, wrong, reads(kind, { ...fact, [name]: wrong })]).toEqual([
          name,
          wrong,
          false,
        ]);
  }
  for (const at of ['2026-11-21T09:05:00.000Z', '2026-02-30T00:00:00Z', '2026-11-21'])
    expect(reads(kind, { ...fact, at })).toBe(false);
  for (const id of ['red_1', 'redemption_019a1111-2222-7333-8444-555566667777'])
    expect(reads(kind, { ...fact, id })).toBe(false);
});

test('a text may have lines', () => {
  const { fact } = facts['hold-resolution'];
  expect(reads('hold-resolution', { ...fact, grounds: 'first\nsecond' })).toBe(true);
  expect(reads('hold-resolution', { ...fact, grounds: 'x'.repeat(2001) })).toBe(false);
});

/** As role seal makes it. */
function payloadOf(kind: FactKind, members: Members = {}): Members {
  const fact = { ...facts[kind].fact, ...members };
  const iat = Date.parse(String(fact['at'])) / 1000;
  const url = 'https://mandate.test';
  return {
    ...{ iss: url, jti: fact['id'], iat },
    ...(kind === 'redemption' && {
      ...{ aud: fact['source'], exp: iat + 60 },
      status: { status_list: { idx: 0, uri: `${url}/status/0` } },
    }),
    ...{ fact, factDigest: kindDigestHex('receipt', fact as never), ledgerEntry: 'ab'.repeat(32) },
    institution: { name: '示例银行', creditCode: facts.redemption.fact['institution'] },
  };
}
const agrees = (kind: FactKind, payload: Members): boolean =>
  agreesWithFact(kind, readReceiptPayload(kind, payload as never).payload);

test.each(FACT_KINDS)('%s: a payload is read and agrees', (kind) => {
  expect(agrees(kind, payloadOf(kind))).toBe(true);
});

test.each<[string, Members]>([
  ['iss', { iss: 'mandate.test' }],
  ['jti', { jti: 'one' }],
  ['iat', { iat: '1795251900' }],
  ['aud', { aud: ['91110000MA00DEM01M'] }],
  ['exp', { exp: -1 }],
  ['status', { status: { status_list: { idx: 0 } } }],
  ['fact', { fact: [] }],
  ['factDigest', { factDigest: 'ab' }],
  ['ledgerEntry', { ledgerEntry: 7 }],
  ['institution', { institution: { name: '', creditCode: '91110000MA00DEM01M' } }],
  ['nbf', { nbf: 1 }],
])('a payload with a wrong %s is none', (_, members) => {
  const payload = { ...payloadOf('redemption'), ...members };
  expect(() => readReceiptPayload('redemption', payload as never)).toThrow();
});

test.each<[string, (it: ReceiptPayload) => Members]>([
  ['another digest', (it) => ({ ...it, factDigest: 'ab'.repeat(32) })],
  ['another number', (it) => ({ ...it, jti: it.jti.replace('red', 'wdr') })],
  ['a second later', (it) => ({ ...it, iat: it.iat + 1 })],
  ['another source', (it) => ({ ...it, aud: it.institution.creditCode })],
  ['no source', ({ aud: _, ...it }) => it],
  ['no end', ({ exp: _, ...it }) => it],
  ['no place in a list', ({ status: _, ...it }) => it],
  ['another institution', (it) => ({ ...it, institution: { name: 'x', creditCode: it.aud } })],
])('a receipt of a use with %s does not agree', (_, change) => {
  const payload = payloadOf('redemption') as unknown as ReceiptPayload;
  expect(agrees('redemption', change(payload))).toBe(false);
});

test.each([
  ['month', '2027-01', true],
  ['month', '2026-12', false],
  ['quarter', '2027-Q1', true],
  ['quarter', '2026-Q4', false],
  ['year', '2027', true],
  ['year', '2026', false],
])('the period of a use is that of Beijing: %s %s %s', (per, period, holds) => {
  const at = '2026-12-31T16:00:00Z';
  expect(agrees('redemption', payloadOf('redemption', { at, per, period }))).toBe(holds);
});

test('what is no permission has no source, end or place in a list', () => {
  for (const name of ['aud', 'exp', 'status'] as const) {
    const { [name]: extra } = payloadOf('redemption');
    expect(agrees('hold', { ...payloadOf('hold'), [name]: extra })).toBe(false);
  }
});
