import { expect, test } from '@jest/globals';
import { canonicalize, fromUtf8, utf8, type DeliveryRecord } from '@mandate/core';
import { PART } from '@mandate/evidence';
import { evidenceLevel } from '@mandate/report';
import { verifyFile, type Verification } from '@mandate/verify';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER, type Changes } from '../kit/build-bundle.js';

const authority = makeAuthority();
const verify = async (changes: Changes): Promise<Verification> =>
  verifyFile((await buildBundle(authority, changes)).bundle, {
    anchors: authority.anchors,
    at: LATER,
  });
const failures = ({ findings }: Verification): string[] =>
  findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id }) => id);
const said = (it: DeliveryRecord): DeliveryRecord => it;

test('what carriers said is a fact of the report, and raises no level: nobody outside signed it', async () => {
  const without = await verify({});
  const result = await verify({ delivery: said });
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(result.facts.authorization?.code?.reports).toEqual([
    { gateway: 'alibaba', status: 'delivered', receivedAt: expect.stringMatching(/Z$/) },
  ]);
  expect(without.facts.authorization?.code?.reports).toBeUndefined();
  expect(evidenceLevel(result)).toEqual(evidenceLevel(without));
});

test('another challenge’s record, or one beside a passkey alone, is none of this letter', async () => {
  expect(
    failures(await verify({ delivery: (it) => ({ ...it, challenge: '0'.repeat(64) }) })),
  ).toEqual(['code-challenge']);
  expect(failures(await verify({ measures: ['passkey'], delivery: said }))).toEqual([
    'measures-met',
  ]);
});

/** The part as it lies in the bundle, changed by somebody who has the seal's key. */
const inBundle = (change: (parts: Map<string, Uint8Array>) => void): Changes => ({
  delivery: said,
  bundleParts: change,
});
const rewritten = (change: (it: DeliveryRecord) => object): Changes =>
  inBundle((parts) => {
    const record = JSON.parse(fromUtf8(parts.get(PART.delivery)!)) as DeliveryRecord;
    parts.set(PART.delivery, utf8(canonicalize(change(record))));
  });

test.each<[string, Changes]>([
  ['removed', inBundle((parts) => void parts.delete(PART.delivery))],
  [
    'from nothing to something',
    {
      bundleParts: (parts) =>
        void parts.set(
          PART.delivery,
          utf8(
            canonicalize({ format: 'mandate-delivery/v1', challenge: '0'.repeat(64), sends: [] }),
          ),
        ),
    },
  ],
  [
    'failed to delivered',
    rewritten((it) => ({
      ...it,
      sends: it.sends.map((send) => ({
        ...send,
        receipts: send.receipts.map((receipt) => ({ ...receipt, status: 'failed' })),
      })),
    })),
  ],
  ['emptied', rewritten((it) => ({ ...it, sends: [] }))],
])('%s after the certificate was issued: the list of parts knows', async (_, changes) => {
  const result = await verify(changes);
  expect(result.verdict.indication).toBe('TOTAL-FAILED');
  expect(failures(result)).toContain('confirmation-parts');
});

test.each<[string, (it: DeliveryRecord) => object]>([
  ['a number beside it', (it) => ({ ...it, phone: '13800138000' })],
  [
    'an unknown status',
    (it) => ({
      ...it,
      sends: [{ ...it.sends[0], receipts: [{ ...it.sends[0]!.receipts[0], status: 'read' }] }],
    }),
  ],
  ['an eleventh code', (it) => ({ ...it, sends: [{ ...it.sends[0], code: 11 }] })],
  ['fifty-one sends', (it) => ({ ...it, sends: Array(51).fill(it.sends[0]) })],
])('%s: no such record', async (_, change) => {
  expect((await verify(rewritten(change))).verdict).toMatchObject({ indication: 'TOTAL-FAILED' });
});
