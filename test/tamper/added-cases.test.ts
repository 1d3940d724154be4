import { expect, test } from '@jest/globals';
import { verifyFile } from '@mandate/verify';
import { addedCases } from '../conformance/bundles/added-cases.js';
import { rulesOf } from '../conformance/bundles/rules-of-findings.js';
import { makeAuthority } from '../kit/authority.js';
import { LATER } from '../kit/build-bundle.js';

/** The signature field's words, keys that ended, disclosures: what `npm run test:bundles` asks two verifiers, of ours. */

const authority = makeAuthority();
const cases = await addedCases(authority);

test.each(cases.map((it) => [it.name, it] as const))('%s', async (_, it) => {
  const { findings, verdict, facts } = verifyFile(await it.make(), {
    ...{ anchors: it.anchors ?? authority.anchors, at: it.at ?? LATER },
    ...(it.reader && { readerKey: it.reader }),
  });
  const open = findings.filter(({ status }) => status === 'failed' || status === 'indeterminate');
  const rules = open.flatMap(({ id }) => rulesOf(id));
  expect(verdict.indication).toBe(it.verdict);
  expect(rules).toEqual(it.rule ? expect.arrayContaining([it.rule]) : []);
  // what did not hold is not told
  if (it.verdict !== 'TOTAL-PASSED')
    for (const told of facts.disclosures ?? []) expect(told.values).toBeUndefined();
});
