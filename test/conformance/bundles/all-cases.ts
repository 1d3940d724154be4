import { makeAuthority } from '../../kit/authority.js';
import { LATER } from '../../kit/build-bundle.js';
import type { BundleCase } from './bundle-case.js';
import { soundCases, tamperedCases } from './ceremony-cases.js';
import { addedCases } from './added-cases.js';
import { containerCases } from './container-cases.js';
import { filingCases } from './filing-cases.js';
import { goldenCases } from './golden-cases.js';
import { generationCases } from './later-cases.js';
import { partCases } from './part-cases.js';
import { signatureCases } from './signature-cases.js';
import { trustCases } from './trust-cases.js';

/** Every case, made by one authority and one that nobody trusts; bundles are built when asked for. */
export async function bundleCases() {
  const authority = makeAuthority();
  const stranger = makeAuthority();
  const cases: BundleCase[] = [
    ...soundCases(authority),
    ...tamperedCases(authority, stranger),
    ...containerCases(authority),
    ...partCases(authority),
    ...signatureCases(authority, stranger),
    ...trustCases(authority, stranger),
    ...(await generationCases(authority, stranger)),
    ...(await addedCases(authority)),
    ...filingCases(authority, stranger),
    ...goldenCases(),
  ];
  const twice = cases.find(({ name }, i) => cases.findIndex((it) => it.name === name) !== i);
  if (twice) throw new Error(`two cases are called ${twice.name}`);
  return { authority, cases, usual: { anchors: authority.anchors, at: LATER } };
}
