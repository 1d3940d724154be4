import { beforeAll, expect, test } from '@jest/globals';
import { EVIDENCE_SEAL_POLICY } from '@mandate/pki';
import { issue, makeAuthority, makeKey, sealing } from '../../../test/kit/authority.js';
import { buildBundle, START, type TestBundle } from '../../../test/kit/build-bundle.js';
import { addGeneration, factsOf } from '../../../test/kit/bundle-generations.js';
import { makeStampAuthority } from '../../../test/kit/archived-letter.js';
import { selfCheckLater } from './self-check.js';

const authority = makeAuthority();
const when = (year: number): Date => new Date(`${year}-05-21T00:00:00Z`);
const after = (at: Date): number => (at.getTime() - START.getTime()) / 1000;
/** Lives on when the kit's own have ended, with 2030. */
const young = makeStampAuthority('Young Timestamp Authority', {
  from: when(2030),
  until: when(2040),
  rootUntil: when(2045),
});
const anchors = {
  ...authority.anchors,
  intermediates: [],
  timestamp: [...authority.anchors.timestamp, young.root.der],
};
const key = makeKey();
const { certificate } = issue({
  commonName: 'Second Seal',
  key,
  issuer: authority.root,
  notBefore: when(2030),
  notAfter: when(2040),
  extensions: sealing(EVIDENCE_SEAL_POLICY),
});
const sealSigner = { ...key, certificate };

let made: TestBundle;
let first: Uint8Array;
beforeAll(async () => {
  made = await buildBundle(authority);
  const facts = [factsOf(made).redemption('one', 600)];
  const state = { uses: { counted: 1 } };
  first = await addGeneration(authority, made, made.bundle, { facts, state, at: 700 });
});

const second = (stamp: typeof young.stamp, at: number) =>
  addGeneration(
    { ...authority, stamp },
    made,
    first,
    {
      facts: [factsOf(made).withdrawal(at - 100)],
      state: { withdrawn: true, uses: { counted: 1 } },
      at,
    },
    { sealSigner },
  );
const check = selfCheckLater(async () => anchors);

test('a generation whose own seal nobody can trust any more is refused', async () => {
  await expect(check(first, 1, when(2029))).resolves.toBeUndefined();
  await expect(check(first, 1, when(2033))).rejects.toMatchObject({ code: 'verification-failed' });
  const late = await second(authority.stamp, after(when(2033)));
  await expect(check(late, 2, when(2033))).rejects.toMatchObject({ code: 'verification-failed' });
});

test('the aged seal of an older one does not keep later facts out; a broken one does', async () => {
  const bundle = await second(young.stamp, after(when(2033)));
  await expect(check(bundle, 2, when(2034))).resolves.toBeUndefined();
  const { receipt } = makeAuthority().anchors;
  for (const other of [{ seal: [young.root.der] }, { receipt: receipt! }])
    await expect(
      selfCheckLater(async () => ({ ...anchors, ...other }))(bundle, 2, when(2034)),
    ).rejects.toMatchObject({ code: 'verification-failed' });
});
