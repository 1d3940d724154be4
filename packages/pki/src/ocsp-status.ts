import { OID } from './oids.js';
import { KNOWN_EXTENSIONS, type Certificate } from './certificate.js';
import { criticalFault, signatureOutcome, validAt } from './chain-checks.js';
import { answerFor, checkOcsp, type OcspRules } from './check-ocsp.js';
import { noneFailed } from './check.js';
import { namesEqual } from './compare-names.js';
import type { OcspResponse } from './ocsp.js';
import {
  runFor,
  statusOf,
  type Evidence,
  type RevocationMaterial,
  type RevocationRun,
} from './revocation.js';

/** What the OCSP answers at hand say about the first certificate of a chain (RFC 6960 §3.2, §4.2.2). */
export function ocspStatus(
  chain: readonly Certificate[],
  material: RevocationMaterial,
  run: RevocationRun,
): Evidence {
  const [certificate, issuer] = chain as [Certificate, Certificate];
  const faults: string[] = [];
  let found: Evidence | undefined;
  let offered = false;
  for (const response of material.ocsps) {
    if (!response.responses.some(({ certId }) => certId.serial === certificate.serial)) continue;
    offered = true;
    if (run.work.left-- <= 0) {
      faults.push('too much revocation information');
      break;
    }
    const evidence = answer(response, certificate, issuer, { chain, material, run });
    if (typeof evidence === 'string') faults.push(evidence);
    else if (evidence.revokedAt) return { ...evidence, faults };
    else if (!found || evidence.asOf! > found.asOf!) found = evidence;
  }
  return found ? { ...found, faults } : { status: 'unknown', offered, faults };
}

type Context = {
  readonly chain: readonly Certificate[];
  readonly material: RevocationMaterial;
  readonly run: RevocationRun;
};

/** One answer's word, or why it does not count. */
function answer(
  response: OcspResponse,
  certificate: Certificate,
  issuer: Certificate,
  context: Context,
): Evidence | string {
  const { at } = context.run.request;
  const { now } = context.material;
  const rules = foreignRules(context);
  const checks = checkOcsp({
    response,
    certificate,
    issuer,
    at,
    rules,
    ...(now ? { now } : {}),
  }).filter(({ id }) => id !== 'ocsp-status');
  if (!noneFailed(checks)) {
    const fault = checks.find(({ ok }) => ok === false)!;
    return `${fault.id}: ${fault.detail}`;
  }
  const single = answerFor(response, certificate, issuer);
  if (!single || single === 'contradiction') return 'ocsp-certificate';
  const { status, thisUpdate: asOf } = single;
  if (status.kind === 'unknown') return 'the responder does not know the certificate';
  const common = { source: 'ocsp', asOf, offered: true, faults: [] } as const;
  if (status.kind === 'good') return { ...common, status: 'good' };
  const { at: revokedAt, reason } = status;
  return {
    ...common,
    status: revokedAt > at ? 'good' : 'revoked',
    revokedAt,
    ...(reason === undefined ? {} : { reason }),
  };
}

const foreignRules = ({ chain, material, run }: Context): OcspRules => ({
  algorithms: run.request.algorithms ?? 'current',
  candidates: run.request.candidates,
  delegateFault: (delegate, issuer, producedAt) => {
    const range = run.request.algorithms ?? 'current';
    if (
      !namesEqual(delegate.issuerDer, issuer.subjectDer) ||
      signatureOutcome(delegate, issuer, range) !== 'verified'
    )
      return 'the responder’s certificate is not by the issuer';
    if (!validAt(delegate, producedAt)) return 'the responder’s certificate was not valid';
    if (!delegate.extendedKeyUsage?.purposes.includes(OID.ocspSigning))
      return 'the responder may not answer for its issuer';
    if (
      delegate.keyUsage &&
      !delegate.keyUsage.includes('digitalSignature') &&
      !delegate.keyUsage.includes('nonRepudiation')
    )
      return 'the responder’s key may not sign';
    const critical = criticalFault([delegate], RESPONDER_EXTENSIONS);
    if (critical) return `the responder: ${critical[1]}`;
    if (delegate.ocspNoCheck) return undefined;
    // Without nocheck the delegate is a certificate like any other; where its authority points to
    // nothing that could be asked, the matter is left to us (RFC 6960 §4.2.2.2.1): silence will do.
    const inner = runFor(run, delegate);
    if (!inner) return 'the responder would have to answer for itself';
    const { status, offered } = statusOf([delegate, ...chain.slice(1)], material, inner);
    const pointsNowhere =
      delegate.ocspUrls.length === 0 &&
      !delegate.extensions.some(({ oid }) => oid === OID.crlDistributionPoints);
    return status === 'good' || (status === 'unknown' && pointsNowhere && !offered)
      ? undefined
      : `the responder’s certificate is ${status}`;
  },
});

const RESPONDER_EXTENSIONS: ReadonlySet<string> = new Set([
  ...KNOWN_EXTENSIONS,
  OID.ocspNoCheck,
  OID.subjectAltName,
  OID.crlDistributionPoints,
]);
