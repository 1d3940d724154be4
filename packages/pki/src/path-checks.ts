import { KNOWN_EXTENSIONS, type Certificate } from './certificate.js';
import {
  authorityFault,
  criticalFault,
  signatureFault,
  validityFault,
  type Fault,
} from './chain-checks.js';
import { failed, passed, type Check } from './check.js';
import { nameText } from './name.js';
import { OID } from './oids.js';

/** What the leaf is to be trusted for; each has its own anchors. */
export type PathPurpose = 'scene' | 'seal' | 'timestamp' | 'ocsp';

/** Ids of the checks, in order. */
export const PATH_CHECKS = [
  'path-chain',
  'path-signatures',
  'path-validity',
  'path-authorities',
  'path-critical-extensions',
  'path-key-usage',
  'path-purpose',
] as const;

const PURPOSE_OID: Readonly<Record<PathPurpose, string>> = {
  scene: OID.documentSigning,
  seal: OID.documentSigning,
  timestamp: OID.timeStamping,
  ocsp: OID.ocspSigning,
};

/** All checks of the strict profile on one chain, leaf first, anchor last. */
export function checkChain(chain: readonly Certificate[], at: Date, purpose: PathPurpose): Check[] {
  const one = (id: (typeof PATH_CHECKS)[number], fault: Fault | undefined): Check =>
    fault ? failed(id, fault[0], fault[1]) : passed(id);
  const subjects = chain.map((certificate) => nameText(certificate.subject));
  return [
    passed('path-chain', { subjects, serials: chain.map(({ serial }) => serial) }),
    one('path-signatures', signatureFault(chain, 'current')),
    one('path-validity', validityFault(chain, at)),
    one('path-authorities', authorityFault(chain, { strict: true })),
    one('path-critical-extensions', criticalFault(chain, KNOWN_EXTENSIONS)),
    one('path-key-usage', keyUsageFault(chain[0]!, purpose)),
    one('path-purpose', purposeFault(chain, purpose)),
  ];
}

function keyUsageFault({ keyUsage }: Certificate, purpose: PathPurpose): Fault | undefined {
  const usages = keyUsage ?? [];
  const ok =
    purpose === 'scene'
      ? usages.includes('digitalSignature') && usages.includes('nonRepudiation')
      : usages.includes('digitalSignature') || usages.includes('nonRepudiation');
  if (!ok || usages.includes('keyCertSign') || usages.includes('cRLSign'))
    return ['CHAIN_CONSTRAINTS_FAILURE', `key usage is ${usages.join(' ') || 'absent'}`];
  return undefined;
}

/** Extended key usage of leaf and authorities, and the marks that tell our own leaf kinds apart. */
function purposeFault(chain: readonly Certificate[], purpose: PathPurpose): Fault | undefined {
  const fault = (what: string): Fault => ['CHAIN_CONSTRAINTS_FAILURE', what];
  const [leaf, ...authorities] = chain as [Certificate, ...Certificate[]];
  const oid = PURPOSE_OID[purpose];
  const { purposes, critical } = leaf.extendedKeyUsage ?? { purposes: [], critical: false };
  // One purpose only, for every kind: a key that signs letters must never stamp, and so on.
  if (purposes.length !== 1 || purposes[0] !== oid)
    return fault(`key purposes are ${purposes.join(' ') || 'absent'}`);
  if (purpose === 'timestamp' && !critical) return fault('timeStamping is not critical');
  if ((purpose === 'scene') !== (leaf.sceneBinding !== null))
    return fault(leaf.sceneBinding ? 'is a scene certificate' : 'has no SceneBinding');
  for (const [i, { extendedKeyUsage }] of authorities.entries())
    if (extendedKeyUsage && !extendedKeyUsage.purposes.includes(oid))
      return fault(`certificate ${i + 1} does not issue for this purpose`);
  return undefined;
}
