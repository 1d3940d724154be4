import { toUtcSeconds } from '@mandate/core';
import { bytesEqual } from '@mandate/core/encoding';
import { isDomainError } from '@mandate/core/errors';
import { signatureAlgorithm } from './algorithms.js';
import { KNOWN_EXTENSIONS, type Certificate } from './certificate.js';
import { failed, passed, type Check, type SubIndication } from './check.js';
import { nameText } from './name.js';
import { OID } from './oids.js';
import { verifySignature } from './suite.js';

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

type Fault = readonly [SubIndication, string];

/** All checks on one chain, leaf first, anchor last. */
export function checkChain(chain: readonly Certificate[], at: Date, purpose: PathPurpose): Check[] {
  const one = (id: (typeof PATH_CHECKS)[number], fault: Fault | undefined): Check =>
    fault ? failed(id, fault[0], fault[1]) : passed(id);
  const subjects = chain.map((certificate) => nameText(certificate.subject));
  return [
    passed('path-chain', { subjects, serials: chain.map(({ serial }) => serial) }),
    one('path-signatures', signatureFault(chain)),
    one('path-validity', validityFault(chain, at)),
    one('path-authorities', authorityFault(chain)),
    one('path-critical-extensions', criticalFault(chain)),
    one('path-key-usage', keyUsageFault(chain[0]!, purpose)),
    one('path-purpose', purposeFault(chain, purpose)),
  ];
}

/** Each certificate is signed by the next one's key. The anchor's own signature says nothing. */
function signatureFault(chain: readonly Certificate[]): Fault | undefined {
  for (let i = 0; i + 1 < chain.length; i++) {
    const { tbs, algorithm, signature } = chain[i]!;
    try {
      if (!verifySignature(signatureAlgorithm(algorithm), chain[i + 1]!.spki, tbs, signature))
        return ['CERTIFICATE_CHAIN_GENERAL_FAILURE', `signature of certificate ${i} is wrong`];
    } catch (error) {
      if (!isDomainError(error, 'unsupported-algorithm', 'format-der')) throw error;
      return ['CRYPTO_CONSTRAINTS_FAILURE', `certificate ${i}: ${error.detail}`];
    }
  }
  return undefined;
}

function validityFault(chain: readonly Certificate[], at: Date): Fault | undefined {
  for (const [i, { notBefore, notAfter }] of chain.entries()) {
    // Certificates know whole seconds: the last second belongs to them entirely.
    if (at < notBefore)
      return ['NOT_YET_VALID', `certificate ${i} begins ${toUtcSeconds(notBefore)}`];
    if (at.getTime() >= notAfter.getTime() + 1000)
      return ['EXPIRED', `certificate ${i} ended ${toUtcSeconds(notAfter)}`];
  }
  return undefined;
}

/** basicConstraints, path length and keyCertSign of everything above the leaf (§6.1.4 k–n). */
function authorityFault(chain: readonly Certificate[]): Fault | undefined {
  const fault = (i: number, what: string): Fault => [
    'CHAIN_CONSTRAINTS_FAILURE',
    `certificate ${i} ${what}`,
  ];
  if (chain[0]!.basicConstraints?.ca) return fault(0, 'is an authority');
  let below = 0;
  for (const [i, { basicConstraints, keyUsage, issuerDer, subjectDer }] of chain.entries()) {
    if (i === 0) continue;
    if (!basicConstraints?.ca) return fault(i, 'is no authority');
    if (!keyUsage?.includes('keyCertSign')) return fault(i, 'may not sign certificates');
    if (below > (basicConstraints.pathLength ?? Infinity)) return fault(i, 'allows no such length');
    // Self-issued certificates do not count (§6.1.4 l).
    if (!bytesEqual(issuerDer, subjectDer)) below++;
  }
  return undefined;
}

function criticalFault(chain: readonly Certificate[]): Fault | undefined {
  for (const [i, { extensions }] of chain.entries())
    for (const { oid, critical } of extensions)
      if (critical && !KNOWN_EXTENSIONS.has(oid))
        return ['CHAIN_CONSTRAINTS_FAILURE', `certificate ${i} has critical extension ${oid}`];
  return undefined;
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
