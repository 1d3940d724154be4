import { toUtcSeconds } from '@mandate/core';
import { bytesEqual } from '@mandate/core/encoding';
import { DomainError, isDomainError } from '@mandate/core/errors';
import { signatureAlgorithm } from './algorithms.js';
import type { Certificate } from './certificate.js';
import { freshnessFault, statusCheck } from './check-ocsp.js';
import { check, failed, passed, unchecked, type Check } from './check.js';
import { parseCrl, type Crl } from './parse-crl.js';
import { verifySignature } from './suite.js';

/** Ids of the checks, in order. */
export const CRL_CHECKS = [
  'crl-format',
  'crl-issuer',
  'crl-signature',
  'crl-fresh',
  'crl-status',
] as const;

/**
 * Checks a complete CRL of the certificate's own issuer, every id of `CRL_CHECKS` in order; partial,
 * indirect and delta lists, which our authorities do not issue, are refused (`checkRevocation` takes them).
 * `at`: the instant for which the status is needed. Never throws on a bad list.
 */
export function checkCrl(p: {
  crl: Uint8Array | Crl;
  certificate: Certificate;
  issuer: Certificate;
  at: Date;
  now?: Date;
}): Check[] {
  let crl: Crl;
  try {
    crl = p.crl instanceof Uint8Array ? parseCrl(p.crl) : p.crl;
    if (crl.scope || crl.baseNumber !== null)
      throw new DomainError('format-revocation', 'a partial list');
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const [first, ...rest] = CRL_CHECKS;
    return [failed(first, 'FORMAT_FAILURE', error.message), ...rest.map((id) => unchecked(id))];
  }
  const { certificate, issuer, at } = p;
  const fault = freshnessFault(crl.thisUpdate, crl.nextUpdate, p);
  const entry = crl.entries.get(certificate.serial);
  return [
    passed('crl-format'),
    checkIssuer(crl, certificate, issuer),
    checkSignature(crl, issuer),
    check('crl-fresh', !fault, 'TRY_LATER', fault ?? '', {
      thisUpdate: toUtcSeconds(crl.thisUpdate),
      nextUpdate: crl.nextUpdate && toUtcSeconds(crl.nextUpdate),
    }),
    statusCheck('crl-status', entry ? { kind: 'revoked', ...entry } : { kind: 'good' }, at),
  ];
}

function checkIssuer(crl: Crl, certificate: Certificate, issuer: Certificate): Check {
  const ok =
    bytesEqual(crl.issuerDer, issuer.subjectDer) &&
    bytesEqual(certificate.issuerDer, issuer.subjectDer) &&
    (issuer.keyUsage?.includes('cRLSign') ?? false);
  const detail = 'list is not by the certificate’s issuer, or it may not sign lists';
  return check('crl-issuer', ok, 'CERTIFICATE_CHAIN_GENERAL_FAILURE', detail);
}

function checkSignature(crl: Crl, issuer: Certificate): Check {
  const id = 'crl-signature';
  try {
    const algorithm = signatureAlgorithm(crl.algorithm);
    const ok = verifySignature(algorithm, issuer.spki, crl.tbs, crl.signature);
    return check(id, ok, 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'signature does not verify');
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return failed(id, 'CRYPTO_CONSTRAINTS_FAILURE', error.detail);
  }
}
