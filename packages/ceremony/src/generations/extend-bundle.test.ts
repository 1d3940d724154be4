import { expect, test } from '@jest/globals';
import { extracted } from './extend-bundle.js';

const ID = '019a1111-2222-7333-8444-555566667777';

test.each([
  [`web/institution:ins_${ID}`, `web/institution:ins_${ID}`],
  [`web/institution:ins_${ID}/red_${ID}`, `web/institution:ins_${ID}/red_${ID}`],
  ['authority/role:ca', 'authority/role:ca'],
  [`web/own:ovs_${ID}`, `web/own:ovs_${ID}`],
  [`web/own-link:ovs_${ID}/ins_${ID}/见过本人/王经理`, `web/own-link:ovs_${ID}/ins_${ID}`],
  ['desk/staff:zhang.wei', 'desk/staff'],
  [`staff:stf_${ID}`, 'staff'],
  ['vault/sweep', 'vault/sweep'],
  ['vault/desk:王五', 'vault/desk'],
  ['王五', 'unknown'],
])('%s is told as %s', (actor, told) => {
  const entry = { ordinal: 1, at: '2026-11-21T09:00:00.000Z', purpose: 'own', actor } as const;
  expect(extracted(entry)).toEqual({ ...entry, actor: told });
});
