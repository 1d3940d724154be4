import { bytesEqual, toUtcSeconds } from '@mandate/core';
import {
  chainAlgorithms,
  namesEqual,
  validateCertificationPath,
  verifyWithin,
  type Certificate,
  type CertificationPathResult,
  type SubIndication,
  type Sunset,
} from '@mandate/pki';
import { fault, type Fault } from './cms-checks.js';
import { weakness } from './foreign-algorithms.js';
import type { Existence } from './existence.js';
import type { Material } from './material.js';
import { slideTime } from './time-sliding.js';

/** Everything judgements rest on beside the thing judged. */
export interface World {
  readonly material: Material;
  readonly existence: Existence;
  /** Revocation data until then count; default the moment of judging, which proofs may put into the past. */
  readonly now?: Date | undefined;
  /** Revocation data is required; otherwise it counts only where the file offers some. */
  readonly requireRevocation: boolean;
  /** When algorithms end. */
  readonly sunsets: readonly Sunset[];
}

export interface CertificateRequest {
  readonly leaf: Certificate;
  /** Beside the material's: the bag of the signature. */
  readonly certificates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  /** Extended key usage the leaf must allow. */
  readonly purposes?: readonly string[];
  /** Proven time at which the signature existed; null without proof. */
  readonly existed: Date | null;
  /** Proven time after which it was made: what it signs was stamped before. */
  readonly madeAfter?: Date | null;
}

export interface CertificateJudgement {
  readonly faults: readonly Fault[];
  /** Leaf first; null when no chain holds at any time. */
  readonly chain: readonly Certificate[] | null;
  /** Whether revocation data speaks for every certificate of the chain. */
  readonly revocationKnown: boolean;
}

/** What past signature validation can mend (EN 319 102-1 §5.6.2.4). */
const MENDABLE: readonly SubIndication[] = [
  'OUT_OF_BOUNDS_NO_POE',
  'REVOKED_NO_POE',
  'REVOKED_CA_NO_POE',
  'REVOCATION_OUT_OF_BOUNDS_NO_POE',
];

/**
 * X.509 validation now (§5.2.6) and, where time alone stands against it, in the past (§5.6.2.4): with a
 * proof that the signature existed before the certificate could have become bad.
 */
export function judgeCertificate(request: CertificateRequest, world: World): CertificateJudgement {
  const judged = judgeTrust(request, world);
  if (!judged.chain || judged.faults.length > 0) return judged;
  const existed = request.existed ?? world.existence.at;
  const weak = weakness(chainAlgorithms(judged.chain), existed, world.sunsets);
  if (!weak) return judged;
  return { ...judged, faults: [fault('chain', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', weak)] };
}

function judgeTrust(request: CertificateRequest, world: World): CertificateJudgement {
  const now = certainty(validateNow(request, world), request);
  if (!now.fault) return { faults: [], chain: now.chain, revocationKnown: now.revocationKnown };
  if (!MENDABLE.includes(now.fault.subIndication))
    return { faults: [now.fault], chain: now.chain, revocationKnown: false };

  const { leaf, existed } = request;
  const shell = path(request, world, existed ?? leaf.notAfter);
  if (!shell.chain) return { faults: [now.fault], chain: now.chain, revocationKnown: false };
  const controlTime = slideTime(shell.chain, candidates(request, world), world);
  if (!controlTime) {
    // A revocation that is known says more than what is missing beside it.
    if (now.fault.id === 'revocation' && now.revocationKnown)
      return { faults: [now.fault], chain: shell.chain, revocationKnown: true };
    const detail = 'no revocation data that is proven to have existed in time';
    return {
      faults: [fault('chain', 'NO_POE', detail)],
      chain: shell.chain,
      revocationKnown: false,
    };
  }
  // a revocation told after the moment of judging may lie before it
  const { chainRevokedAt } = now;
  const inTime =
    existed && existed <= controlTime && (!chainRevokedAt || existed <= chainRevokedAt);
  const held = inTime && existed >= leaf.notBefore;
  return {
    faults: held ? [] : [now.fault],
    chain: shell.chain,
    revocationKnown: true,
  };
}

const candidates = (request: CertificateRequest, { material }: World): Certificate[] => [
  ...request.certificates,
  ...material.certificates,
];

function path(
  request: CertificateRequest,
  world: World,
  at: Date,
  withRevocation = false,
): CertificationPathResult {
  const { material } = world;
  return validateCertificationPath({
    leaf: request.leaf,
    candidates: candidates(request, world),
    anchors: request.anchors,
    at,
    algorithms: 'legacy',
    ...(request.purposes ? { purposes: request.purposes } : {}),
    ...(withRevocation
      ? {
          revocation: {
            crls: material.crls.map(({ item }) => item),
            ocsps: material.ocsps.map(({ item }) => item),
            required: world.requireRevocation ? 'every' : 'leaf',
            now: world.now ?? at,
          },
        }
      : {}),
  });
}

interface Now {
  readonly fault: Fault | undefined;
  readonly chain: readonly Certificate[] | null;
  readonly revocationKnown: boolean;
  /** When the leaf was revoked. */
  readonly revokedAt?: Date | undefined;
  /** When the first of the chain was. */
  readonly chainRevokedAt?: Date | undefined;
}

/** No question of proofs: made after the certificate had ended or had been revoked (§5.3.4, content timestamps). */
function certainty(now: Now, { leaf, madeAfter }: CertificateRequest): Now {
  if (!now.fault || !madeAfter) return now;
  const { subIndication: sub, detail } = now.fault;
  if (sub === 'REVOKED_NO_POE' && now.revokedAt && madeAfter > now.revokedAt)
    return { ...now, fault: fault('revocation', 'REVOKED', detail) };
  if (sub === 'OUT_OF_BOUNDS_NO_POE' && madeAfter.getTime() >= leaf.notAfter.getTime() + 1000)
    return { ...now, fault: fault('validity', 'EXPIRED', detail) };
  return now;
}

function validateNow(request: CertificateRequest, world: World): Now {
  const { at } = world.existence;
  const { leaf, existed } = request;
  // An anchor is believed as it stands.
  if (request.anchors.some((anchor) => Buffer.from(anchor.der).equals(Buffer.from(leaf.der))))
    return { fault: validity(leaf, at, existed), chain: [leaf], revocationKnown: true };
  const plain = path(request, world, at);
  const failed = plain.checks.find(({ ok }) => ok === false);
  if (failed) {
    const expired = failed.subIndication === 'EXPIRED' || failed.subIndication === 'NOT_YET_VALID';
    const reason = expired
      ? (validity(leaf, at, existed) ?? outOfBounds(failed.detail ?? ''))
      : ((failed.id === 'path-chain' ? noAuthority(request, world) : undefined) ??
        fault('chain', failed.subIndication!, `${failed.id}: ${failed.detail}`));
    return { fault: reason, chain: null, revocationKnown: false };
  }
  const full = path(request, world, at, true);
  const open = full.checks.find(({ ok }) => ok === false);
  const known =
    full.revocation.length > 0 && full.revocation.every(({ status }) => status !== 'unknown');
  if (!open) return { fault: undefined, chain: full.chain, revocationKnown: known };
  const revoked = full.revocation.findIndex(({ status }) => status === 'revoked');
  if (revoked >= 0)
    return {
      fault: fault(
        'revocation',
        revoked ? 'REVOKED_CA_NO_POE' : 'REVOKED_NO_POE',
        open.detail ?? '',
      ),
      chain: plain.chain,
      revocationKnown: true,
      revokedAt: full.revocation[0]?.revokedAt,
      chainRevokedAt: full.revocation
        .flatMap(({ status, revokedAt: since }) => (status === 'revoked' && since ? [since] : []))
        .toSorted((a, b) => a.getTime() - b.getTime())[0],
    };
  // Offered and refused for a reason; lists about other points or other keys' certificates are no offer.
  const offered = full.revocation.some(
    ({ status, offered: is, faults }) => status === 'unknown' && is && faults.length > 0,
  );
  if (!offered && !world.requireRevocation)
    return { fault: undefined, chain: plain.chain, revocationKnown: false };
  const sub = offered ? 'REVOCATION_OUT_OF_BOUNDS_NO_POE' : 'TRY_LATER';
  return {
    fault: fault('revocation', sub, open.detail ?? ''),
    chain: plain.chain,
    revocationKnown: false,
  };
}

/** Whoever signed the leaf is at hand and is no authority: no other chain will be found. */
function noAuthority(request: CertificateRequest, world: World): Fault | undefined {
  const { tbs: message, algorithm, signature, issuerDer, der } = request.leaf;
  const issuers = candidates(request, world).filter(
    (it) =>
      !bytesEqual(it.der, der) &&
      namesEqual(it.subjectDer, issuerDer) &&
      verifyWithin({ algorithm, message, signature }, it.spki, 'legacy') === 'verified',
  );
  // Whoever signed itself may be an anchor to others, and anchors need not say what they are.
  const mayBe = ({ basicConstraints, version, subjectDer, issuerDer }: Certificate): boolean =>
    basicConstraints?.ca ?? (version < 3 || namesEqual(subjectDer, issuerDer));
  if (issuers.length === 0 || issuers.some(mayBe)) return undefined;
  return fault('chain', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'issued by what is no authority');
}

const outOfBounds = (detail: string): Fault => fault('validity', 'OUT_OF_BOUNDS_NO_POE', detail);

/** §5.2.6, §5.5.4: the leaf's own time; signed before it began is no question of proofs. */
function validity(
  { notBefore, notAfter }: Certificate,
  at: Date,
  existed: Date | null,
): Fault | undefined {
  if (at < notBefore || (existed && existed < notBefore))
    return fault('validity', 'NOT_YET_VALID', `begins ${toUtcSeconds(notBefore)}`);
  if (at.getTime() < notAfter.getTime() + 1000) return undefined;
  return outOfBounds(`ended ${toUtcSeconds(notAfter)}`);
}
