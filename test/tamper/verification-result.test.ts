import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { NO_ANCHORS, verifyFile, type Verification } from '@mandate/verify';
import { z } from 'zod';
import { archivedLetter } from '../kit/archived-letter.js';
import { makeAuthority } from '../kit/authority.js';
import { LATER } from '../kit/build-bundle.js';

const authority = makeAuthority();
const schema = z.fromJSONSchema(
  JSON.parse(
    readFileSync(new URL('../../docs/verification.schema.json', import.meta.url), 'utf8'),
  ) as Parameters<typeof z.fromJSONSchema>[0],
);
const foreign = new Uint8Array(
  readFileSync(new URL('../fuzz/specimens/foreign.pdf', import.meta.url)),
);
let made: Awaited<ReturnType<typeof archivedLetter>>;
beforeAll(async () => {
  made = await archivedLetter(authority);
});

const judge = (bytes: Uint8Array, requireRevocation = false): Verification =>
  verifyFile(bytes, { anchors: authority.anchors, at: LATER, requireRevocation });
const changed = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
};

test('every signature of a letter of ours has its own integrity', () => {
  const { signatures, integrity } = judge(made.archived);
  expect(integrity).toBe('sound');
  expect(signatures).toMatchObject([
    {
      field: 'MandateSubject',
      kind: 'signature',
      indication: 'TOTAL-PASSED',
      integrity: 'sound',
      level: 'B-LTA',
      revision: 1,
      time: '2026-11-21T09:02:40.250Z',
      faults: [],
      tokens: [{ faults: [] }],
    },
    {
      field: 'MandateTimestamp1',
      kind: 'document-timestamp',
      indication: 'TOTAL-PASSED',
      integrity: 'sound',
      faults: [],
    },
  ]);
});

test('a changed letter: both are broken; changed material: the timestamp over it alone', () => {
  const letter = judge(changed(made.archived, 2000));
  expect(letter.integrity).toBe('broken');
  expect(letter.signatures?.map(({ integrity, level }) => [integrity, level])).toEqual([
    ['broken', 'none'],
    ['broken', undefined],
  ]);
  // the last octet of a certificate kept, which nothing but the timestamp covers
  const kept = made.material.certificates.at(-1)!;
  const end = Buffer.from(made.archived).lastIndexOf(Buffer.from(kept)) + kept.length;
  const material = judge(changed(made.archived, end - 1));
  expect(material.signatures).toMatchObject([
    { field: 'MandateSubject', integrity: 'sound' },
    { field: 'MandateTimestamp1', integrity: 'broken', indication: 'TOTAL-FAILED' },
  ]);
  // what the timestamp proved is gone, the letter is what it was
  expect([material.integrity, material.verdict.indication]).toEqual(['sound', 'TOTAL-FAILED']);
});

test('without anchors a sound letter is sound, and nothing more', () => {
  const { verdict, integrity, signatures } = verifyFile(made.signedLetter, {
    anchors: NO_ANCHORS,
    at: LATER,
  });
  expect([verdict.indication, integrity]).toEqual(['INDETERMINATE', 'sound']);
  expect(signatures).toMatchObject([{ indication: 'INDETERMINATE', integrity: 'sound' }]);
});

test('revocation data can be required', () => {
  const required = (bytes: Uint8Array): unknown[] => {
    const { indication, subIndication } = judge(bytes, true).verdict;
    return [indication, subIndication];
  };
  expect(judge(made.signedLetter).verdict.indication).toBe('TOTAL-PASSED');
  expect(required(made.signedLetter)).toEqual(['INDETERMINATE', 'TRY_LATER']);
  expect(required(made.archived)).toEqual(['TOTAL-PASSED', undefined]);
  expect(required(made.bundle)).toEqual(['TOTAL-PASSED', undefined]);
});

test('what was not checked fits the kind of file', () => {
  expect(judge(made.bundle).notChecked).toContain('ledger-witnesses');
  expect(judge(made.archived).notChecked).toContain('bundle-claims');
  expect(judge(foreign).notChecked).toEqual(['signer-identity', 'current-revocation']);
  expect(judge(Uint8Array.of(1, 2, 3)).notChecked).toEqual([]);
});

test('results are as their schema says, and the schema can say no', () => {
  const results = [
    made.bundle,
    made.signedLetter,
    made.archived,
    foreign,
    changed(made.archived, 2000),
    changed(foreign, -200),
    Uint8Array.of(1, 2, 3),
  ].map((bytes) => JSON.parse(JSON.stringify(judge(bytes))) as Record<string, unknown>);
  for (const result of results) expect(schema.safeParse(result).error).toBeUndefined();
  for (const wrong of [{ integrity: 'fine' }, { verdict: {} }, { notChecked: ['x'] }, { more: 1 }])
    expect(schema.safeParse({ ...results[0], ...wrong }).success).toBe(false);
});
