import { bytesEqual } from '@mandate/core/encoding';
import { isDomainError } from '@mandate/core/errors';
import { OID } from './oids.js';
import type { Certificate } from './certificate.js';
import { freshnessFault } from './check-ocsp.js';
import { namesEqual } from './compare-names.js';
import { findListSigner } from './crl-signer.js';
import {
  ALL_REASONS,
  distributionPointsOf,
  pointFits,
  type DistributionPoint,
  type ReasonSet,
} from './distribution-points.js';
import { verifyWithin } from './legacy-algorithms.js';
import { entryOf, type Crl, type CrlEntry } from './parse-crl.js';
import type { Evidence, RevocationMaterial, RevocationRun } from './revocation.js';

/** CRLReason removeFromCRL, in delta lists only. */
const REMOVED = 8;

/** What the lists at hand say about the first certificate of a chain (RFC 5280 §6.3.3). */
export function crlStatus(
  chain: readonly Certificate[],
  material: RevocationMaterial,
  run: RevocationRun,
): Evidence {
  const certificate = chain[0]!;
  const faults: string[] = [];
  let points: readonly DistributionPoint[];
  try {
    points = distributionPointsOf(certificate);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { status: 'unknown', offered: true, faults: [error.message] };
  }
  let reasons: ReasonSet = 0;
  let asOf: Date | undefined;
  let offered = false;
  // Whoever put the file together chose the order of its lists: the newest that holds speaks, whatever stands before it.
  const newestFirst = material.crls.toSorted(youngerFirst);
  // Last the point no certificate has to name: its issuer's own complete list.
  for (const point of [...points, null])
    for (const crl of newestFirst) {
      if (reasons === ALL_REASONS) break;
      if (!isIssuerAsked(crl, point, certificate)) continue;
      offered = true;
      if (crl.baseNumber !== null || !inScope(crl, point, certificate)) continue;
      const covered = (point?.reasons ?? ALL_REASONS) & (crl.scope?.reasons ?? ALL_REASONS);
      if ((covered & ~reasons) === 0) continue;
      if (run.work.left-- <= 0) {
        faults.push('too much revocation information');
        return { status: 'unknown', offered, faults };
      }
      const word = readList(crl, chain, material, run);
      if (typeof word === 'string') {
        faults.push(word);
        continue;
      }
      if (word.entry) return { ...revoked(word.entry, word.asOf, run), faults };
      reasons |= covered;
      // Reasons from several lists are known only as of the oldest.
      if (!asOf || word.asOf < asOf) asOf = word.asOf;
    }
  if (reasons === ALL_REASONS && asOf)
    return { status: 'good', source: 'crl', asOf, offered, faults };
  if (reasons !== 0) faults.push('lists do not cover every reason');
  return { status: 'unknown', offered, faults };
}

/** By thisUpdate; lists of one second by their number. */
function youngerFirst(a: Crl, b: Crl): number {
  const seconds = b.thisUpdate.getTime() - a.thisUpdate.getTime();
  const numbers = (b.number ?? -1n) - (a.number ?? -1n);
  return seconds || (numbers > 0n ? 1 : numbers < 0n ? -1 : 0);
}

function revoked({ at, reason }: CrlEntry, asOf: Date, run: RevocationRun): Evidence {
  return {
    status: at > run.request.at ? 'good' : 'revoked',
    source: 'crl',
    asOf,
    revokedAt: at,
    ...(reason === undefined ? {} : { reason }),
    offered: true,
    faults: [],
  };
}

/** §6.3.3 b 1: by the issuer the point names, and then an indirect list, or by the certificate's own. */
function isIssuerAsked(
  crl: Crl,
  point: DistributionPoint | null,
  { issuerDer }: Certificate,
): boolean {
  if (!point?.issuers) return namesEqual(crl.issuerDer, issuerDer);
  return (
    (crl.scope?.indirect ?? false) && point.issuers.some((name) => namesEqual(name, crl.issuerDer))
  );
}

/** §6.3.3 b 2: the list is about this point and this kind of certificate. */
function inScope(
  { scope, issuerDer }: Crl,
  point: DistributionPoint | null,
  certificate: Certificate,
): boolean {
  if (!scope) return true;
  const authority = certificate.basicConstraints?.ca ?? false;
  return (
    pointFits(scope, issuerDer, point, certificate.issuerDer) &&
    (scope.only === null || scope.only === (authority ? 'authorities' : 'users'))
  );
}

/** What a complete list, brought up to date by its newest delta, has about the certificate. */
function readList(
  crl: Crl,
  chain: readonly Certificate[],
  material: RevocationMaterial,
  run: RevocationRun,
): { readonly entry: CrlEntry | undefined; readonly asOf: Date } | string {
  const certificate = chain[0]!;
  const { at, issuanceRules, algorithms = 'current' } = run.request;
  const { now } = material;
  const stale = (list: Crl): string | undefined =>
    freshnessFault(list.thisUpdate, list.nextUpdate, { certificate, at, ...(now ? { now } : {}) });
  const deltas = material.crls.filter((it) => updates(it, crl) && !stale(it));
  const fault = stale(crl);
  // A list past its time still serves as the base of a delta that is not (§6.3.3 a).
  if (fault && deltas.length === 0) return `list ${fault}`;
  if (issuanceRules && isIrregular(crl)) return 'list has no proper number';
  const signer = findListSigner(crl, chain, material, run);
  if (typeof signer === 'string') return signer;
  const delta = deltas
    .filter(
      ({ tbs: message, algorithm, signature }) =>
        verifyWithin({ algorithm, message, signature }, signer.spki, algorithms) === 'verified',
    )
    .reduce<Crl | undefined>(
      (best, it) => (!best || it.number! > best.number! ? it : best),
      undefined,
    );
  if (fault && !delta) return `list ${fault}`;
  const change = delta && entryOf(delta, certificate);
  const asOf = (delta ?? crl).thisUpdate;
  if (change) return { entry: change.reason === REMOVED ? undefined : change, asOf };
  return { entry: entryOf(crl, certificate), asOf };
}

/** §5.2.4, §6.3.3 c: same issuer, scope and key; its base is not newer than the list, itself it is. */
function updates(delta: Crl, crl: Crl): boolean {
  if (delta.baseNumber === null || delta.number === null || crl.number === null) return false;
  const same = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
    a === null || b === null ? a === b : bytesEqual(a, b);
  return (
    delta.baseNumber <= crl.number &&
    crl.number < delta.number &&
    namesEqual(delta.issuerDer, crl.issuerDer) &&
    same(delta.scope?.der ?? null, crl.scope?.der ?? null) &&
    same(delta.authorityKeyId, crl.authorityKeyId)
  );
}

/** Issuers must number their lists, not critically, and name their key (§5.2.1, §5.2.3). */
function isIrregular({ extensions, number, authorityKeyId }: Crl): boolean {
  const critical = extensions.some(
    (it) => it.critical && (it.oid === OID.crlNumber || it.oid === OID.authorityKeyIdentifier),
  );
  return critical || number === null || authorityKeyId === null;
}
