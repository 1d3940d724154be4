import { toUtcSeconds } from '@mandate/core';
import { OID } from './oids.js';
import type { CertificationPathRequest, CertificationPathResult } from './certification-path.js';
import type { Certificate } from './certificate.js';
import type { Fault } from './chain-checks.js';
import { crlStatus } from './crl-status.js';
import { ocspStatus } from './ocsp-status.js';
import type { OcspResponse } from './ocsp.js';
import type { Crl } from './parse-crl.js';

/** What is at hand about revocation, parsed; nothing is fetched. */
export interface RevocationMaterial {
  readonly crls: readonly Crl[];
  readonly ocsps: readonly OcspResponse[];
  /**
   * `every` certificate below the anchor needs a status. `leaf`: those above it may go without if
   * nothing at hand speaks of them; what speaks of them must hold all the same.
   */
  readonly required: 'every' | 'leaf';
  /** Nothing may come from after this instant; left out: not checked. */
  readonly now?: Date;
}

/** What is known about one certificate. */
export interface RevocationStatus {
  readonly certificate: Certificate;
  /** At the instant asked for. `exempt`: unknown, but says of itself that it is not revoked (ETSI EN 319 412-1 §5.2.2, RFC 9608). */
  readonly status: 'good' | 'revoked' | 'unknown' | 'exempt';
  readonly source?: 'ocsp' | 'crl';
  /** thisUpdate of what decided. */
  readonly asOf?: Date;
  /** Set as well when it was revoked only after the instant asked for. */
  readonly revokedAt?: Date;
  /** CRLReason. */
  readonly reason?: number;
  /** Whether anything at hand speaks of the certificate, sound or not. */
  readonly offered: boolean;
  /** Why what was offered does not count. */
  readonly faults: readonly string[];
}

/** One source's answer, before it is weighed against the others. */
export type Evidence = Omit<RevocationStatus, 'certificate'>;

/** Lists and answers weighed for one request, over all chains and signers of lists. */
export const MAX_REVOCATION_WORK = 300;
const MAX_DEPTH = 3;

/** State shared by everything one request leads to: signers of lists have paths and statuses of their own. */
export interface RevocationRun {
  readonly search: (
    request: CertificationPathRequest,
    run: RevocationRun,
  ) => CertificationPathResult;
  readonly request: CertificationPathRequest;
  readonly work: { left: number };
  /** Signers whose status is being asked for; what depends on them cannot answer for them. */
  readonly asking: ReadonlySet<Certificate>;
}

/** The run for a signer's own path, null if that would go in circles or too deep. */
export const runFor = (run: RevocationRun, signer: Certificate): RevocationRun | null =>
  run.asking.has(signer) || run.asking.size >= MAX_DEPTH
    ? null
    : { ...run, asking: new Set([...run.asking, signer]) };

/** Status of every certificate of a valid chain below its anchor (RFC 5280 §6.3, RFC 6960). */
export function checkRevocation(
  chain: readonly Certificate[],
  material: RevocationMaterial,
  run: RevocationRun,
): { statuses: RevocationStatus[]; fault: Fault | undefined } {
  const statuses = chain.slice(0, -1).map((_, i) => statusOf(chain.slice(i), material, run));
  const needed = ({ status, offered }: RevocationStatus, i: number): boolean =>
    status === 'revoked' ||
    (status === 'unknown' && (i === 0 || offered || material.required === 'every'));
  // From the top: below a revoked authority nothing else is worth telling.
  const at = statuses.findLastIndex(needed);
  if (at < 0) return { statuses, fault: undefined };
  const { status, revokedAt, faults } = statuses[at]!;
  const fault: Fault =
    status === 'revoked'
      ? [
          at === 0 ? 'REVOKED' : 'REVOKED_CA_NO_POE',
          `certificate ${at} revoked ${toUtcSeconds(revokedAt!)}`,
        ]
      : ['TRY_LATER', `certificate ${at}: ${faults.join('; ') || 'no revocation information'}`];
  return { statuses, fault };
}

/** Status of the first certificate of a chain whose other members hold. */
export function statusOf(
  chain: readonly Certificate[],
  material: RevocationMaterial,
  run: RevocationRun,
): RevocationStatus {
  const certificate = chain[0]!;
  const evidence = [ocspStatus(chain, material, run), crlStatus(chain, material, run)];
  const said = evidence.filter(({ status }) => status !== 'unknown');
  const offered = evidence.some((it) => it.offered);
  const faults = evidence.flatMap((it) => it.faults);
  const decisive = weigh(said);
  if (decisive) return { ...decisive, certificate, offered, faults };
  const exempt =
    !offered &&
    (certificate.validityAssuredShortTerm ||
      (!certificate.basicConstraints?.ca &&
        certificate.extensions.some(({ oid }) => oid === OID.noRevAvail)));
  return { certificate, status: exempt ? 'exempt' : 'unknown', offered, faults };
}

/** CRLReason certificateHold: the only one that is ever taken back. */
const HOLD = 6;

/** Revoked beats good, whoever says so; but a hold may have been lifted since. */
function weigh(said: readonly Evidence[]): Evidence | undefined {
  const revoked = said.find(({ revokedAt }) => revokedAt);
  const latest = said.reduce<Evidence | undefined>(
    (best, it) => (!best || it.asOf! > best.asOf! ? it : best),
    undefined,
  );
  return revoked && revoked.reason !== HOLD ? revoked : latest;
}
