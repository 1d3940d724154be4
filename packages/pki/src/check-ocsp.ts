import { createHash } from 'node:crypto';
import { toUtcSeconds } from '@mandate/core';
import { bytesEqual } from '@mandate/core/encoding';
import { isDomainError } from '@mandate/core/errors';
import { signatureAlgorithm } from './algorithms.js';
import type { Certificate } from './certificate.js';
import { check, failed, passed, unchecked, type Check } from './check.js';
import { publicKeyBits } from './extensions.js';
import { certIdNames } from './ocsp-request.js';
import { parseOcspResponse, type CertStatus, type OcspResponse } from './ocsp.js';
import { validatePath } from './path.js';
import { verifySignature } from './suite.js';

export interface OcspExpectation {
  readonly response: Uint8Array | OcspResponse;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** The instant for which the status is needed: the signature token's genTime. */
  readonly at: Date;
  /** The nonce asked with; without it not checked. */
  readonly nonce?: Uint8Array;
  /** A response may not come from after this verification time. */
  readonly now?: Date;
}

/** Ids of the checks, in order. */
export const OCSP_CHECKS = [
  'ocsp-format',
  'ocsp-certificate',
  'ocsp-responder',
  'ocsp-signature',
  'ocsp-nonce',
  'ocsp-fresh',
  'ocsp-status',
] as const;

/**
 * Checks a response (RFC 6960 §3.2) for one certificate at one instant, every id of `OCSP_CHECKS`
 * in order. The responder is the issuer or delegated by it directly. Never throws on a bad response.
 */
export function checkOcsp(expected: OcspExpectation): Check[] {
  const results = new Map<string, Check>();
  const put = (it: Check): unknown => results.set(it.id, it);
  const response = open(expected.response, put);
  if (response) {
    const single = response.responses.find(
      ({ certId }) =>
        certId.serial === expected.certificate.serial && certIdNames(certId, expected.issuer),
    );
    put(
      check(
        'ocsp-certificate',
        single !== undefined,
        'CERTIFICATE_CHAIN_GENERAL_FAILURE',
        'is about another certificate',
      ),
    );
    const responder = findResponder(response, expected.issuer, put);
    if (responder) put(checkSignature(response, responder));
    put(checkNonce(response, expected.nonce));
    if (single) {
      put(checkFresh(single.thisUpdate, single.nextUpdate, response.producedAt, expected));
      put(statusCheck('ocsp-status', single.status, expected.at));
    }
  }
  return OCSP_CHECKS.map((id) => results.get(id) ?? unchecked(id));
}

function open(
  response: Uint8Array | OcspResponse,
  put: (it: Check) => unknown,
): OcspResponse | undefined {
  try {
    const parsed = response instanceof Uint8Array ? parseOcspResponse(response) : response;
    put(passed('ocsp-format'));
    return parsed;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const later = error.code === 'revocation-unavailable';
    put(failed('ocsp-format', later ? 'TRY_LATER' : 'FORMAT_FAILURE', error.message));
    return undefined;
  }
}

/** The issuer itself, or a certificate it issued for OCSP signing, valid when it answered. */
function findResponder(
  { responder, certificates, producedAt }: OcspResponse,
  issuer: Certificate,
  put: (it: Check) => unknown,
): Certificate | undefined {
  const id = 'ocsp-responder';
  const answers = (candidate: Certificate): boolean =>
    responder.kind === 'name'
      ? bytesEqual(candidate.subjectDer, responder.nameDer)
      : bytesEqual(keyDigest(candidate), responder.keyDigest);
  if (answers(issuer)) {
    put(passed(id, { delegated: false }));
    return issuer;
  }
  const leaf = certificates.find(answers);
  if (!leaf) {
    put(failed(id, 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'no certificate of the responder'));
    return undefined;
  }
  const anchors = [issuer];
  const path = validatePath({ leaf, intermediates: [], anchors, at: producedAt, purpose: 'ocsp' });
  if (path.chain) {
    put(passed(id, { delegated: true }));
    return leaf;
  }
  const fault = path.checks.find(({ ok }) => ok === false)!;
  put(failed(id, 'CERTIFICATE_CHAIN_GENERAL_FAILURE', `${fault.id}: ${fault.detail}`));
  return undefined;
}

const keyDigest = ({ spki }: Certificate): Uint8Array =>
  new Uint8Array(createHash('sha1').update(publicKeyBits(spki)).digest());

function checkSignature(response: OcspResponse, responder: Certificate): Check {
  const id = 'ocsp-signature';
  try {
    const algorithm = signatureAlgorithm(response.algorithm);
    const { responseData, signature } = response;
    const ok = verifySignature(algorithm, responder.spki, responseData, signature);
    return check(id, ok, 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'signature does not verify');
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return failed(id, 'CRYPTO_CONSTRAINTS_FAILURE', error.detail);
  }
}

function checkNonce(response: OcspResponse, nonce: Uint8Array | undefined): Check {
  if (!nonce) return unchecked('ocsp-nonce');
  const equal = response.nonce !== null && bytesEqual(response.nonce, nonce);
  return check('ocsp-nonce', equal, 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'another nonce');
}

/**
 * Not stale at `at`, and spoken while the certificate was still valid (later a responder may have
 * forgotten it). A `thisUpdate` after `at` is welcome: a status known later covers the earlier instant.
 */
export function freshnessFault(
  thisUpdate: Date,
  nextUpdate: Date | null,
  { certificate, at, now }: Pick<OcspExpectation, 'certificate' | 'at' | 'now'>,
): string | undefined {
  if (nextUpdate && nextUpdate < thisUpdate) return 'ends before it begins';
  if (nextUpdate ? at.getTime() >= nextUpdate.getTime() + 1000 : at > thisUpdate)
    return `stale since ${toUtcSeconds(nextUpdate ?? thisUpdate)}`;
  if (thisUpdate > certificate.notAfter) return 'from after the certificate expired';
  if (now && thisUpdate > now) return 'from the future';
  return undefined;
}

function checkFresh(
  thisUpdate: Date,
  nextUpdate: Date | null,
  producedAt: Date,
  expected: OcspExpectation,
): Check {
  const fault =
    producedAt < thisUpdate
      ? 'produced before its own status'
      : freshnessFault(thisUpdate, nextUpdate, expected);
  const facts = {
    producedAt: toUtcSeconds(producedAt),
    thisUpdate: toUtcSeconds(thisUpdate),
    nextUpdate: nextUpdate && toUtcSeconds(nextUpdate),
  };
  return check('ocsp-fresh', !fault, 'TRY_LATER', fault ?? '', facts);
}

/** Good, or revoked only after `at`. Unknown is as bad as no answer. */
export function statusCheck(id: string, status: CertStatus, at: Date): Check {
  if (status.kind === 'good') return passed(id, { status: 'good' });
  if (status.kind === 'unknown') return failed(id, 'TRY_LATER', 'status unknown');
  const facts = { status: 'revoked', at: toUtcSeconds(status.at), reason: status.reason ?? null };
  return check(id, at < status.at, 'REVOKED', `revoked ${toUtcSeconds(status.at)}`, facts);
}
