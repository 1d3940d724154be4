import { createHash } from 'node:crypto';
import { toUtcSeconds } from '@mandate/core';
import { bytesEqual } from '@mandate/core/encoding';
import { isDomainError } from '@mandate/core/errors';
import type { Certificate } from './certificate.js';
import { check, failed, passed, unchecked, type Check } from './check.js';
import { namesEqual } from './compare-names.js';
import { publicKeyBits } from './extensions.js';
import { verifyWithin, type AlgorithmRange } from './legacy-algorithms.js';
import { certIdNames } from './ocsp-request.js';
import { parseOcspResponse, type CertStatus, type OcspResponse } from './ocsp.js';
import { validatePath } from './path.js';

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
  /** The strict profile unless said. */
  readonly rules?: OcspRules;
}

/** What may differ between our own responders and others'. */
export interface OcspRules {
  readonly algorithms: AlgorithmRange;
  /** Certificates that may be the responder's, beside those in the response. */
  readonly candidates: readonly Certificate[];
  /** Why a certificate may not answer for `issuer`, or undefined. */
  readonly delegateFault: (
    delegate: Certificate,
    issuer: Certificate,
    producedAt: Date,
  ) => string | undefined;
}

const STRICT: OcspRules = {
  algorithms: 'current',
  candidates: [],
  delegateFault: (leaf, issuer, at) => {
    const anchors = [issuer];
    const path = validatePath({ leaf, intermediates: [], anchors, at, purpose: 'ocsp' });
    const fault = path.checks.find(({ ok }) => ok === false);
    return fault && `${fault.id}: ${fault.detail}`;
  },
};

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
    const rules = expected.rules ?? STRICT;
    const single = answerFor(response, expected.certificate, expected.issuer);
    put(
      check(
        'ocsp-certificate',
        single !== undefined && single !== 'contradiction',
        'CERTIFICATE_CHAIN_GENERAL_FAILURE',
        single ? 'contradicts itself' : 'is about another certificate',
      ),
    );
    const responder = findResponder(response, expected.issuer, rules, put);
    if (responder) put(checkSignature(response, responder, rules.algorithms));
    put(checkNonce(response, expected.nonce));
    if (single && single !== 'contradiction') {
      put(checkFresh(single.thisUpdate, single.nextUpdate, response.producedAt, expected));
      put(statusCheck('ocsp-status', single.status, expected.at));
    }
  }
  return OCSP_CHECKS.map((id) => results.get(id) ?? unchecked(id));
}

/**
 * The part of a response about a certificate, if it has one. It may name the certificate several times, by
 * different digests; then all must say the same.
 */
export function answerFor(
  { responses }: OcspResponse,
  certificate: Certificate,
  issuer: Certificate,
): OcspResponse['responses'][number] | 'contradiction' | undefined {
  // The digest is over the issuer's name as the certificate writes it (RFC 6960 §4.1.1).
  const subjectDer = namesEqual(certificate.issuerDer, issuer.subjectDer)
    ? certificate.issuerDer
    : issuer.subjectDer;
  const [first, ...others] = responses.filter(
    ({ certId }) =>
      certId.serial === certificate.serial &&
      certIdNames(certId, { subjectDer, spki: issuer.spki }),
  );
  return first && others.every((it) => saysOf(it) === saysOf(first))
    ? first
    : first && 'contradiction';
}

const saysOf = ({ status, thisUpdate, nextUpdate }: OcspResponse['responses'][number]): string =>
  JSON.stringify([status, thisUpdate, nextUpdate]);

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
  rules: OcspRules,
  put: (it: Check) => unknown,
): Certificate | undefined {
  const id = 'ocsp-responder';
  const answers = (candidate: Certificate): boolean => isResponder(responder, candidate);
  if (answers(issuer)) {
    put(passed(id, { delegated: false }));
    return issuer;
  }
  let fault: string | undefined;
  for (const delegate of [...certificates, ...rules.candidates].filter(answers)) {
    const found = rules.delegateFault(delegate, issuer, producedAt);
    if (!found) {
      put(passed(id, { delegated: true }));
      return delegate;
    }
    fault ??= found;
  }
  const detail = fault ?? 'no certificate of the responder';
  put(failed(id, 'CERTIFICATE_CHAIN_GENERAL_FAILURE', detail));
  return undefined;
}

const isResponder = (responder: OcspResponse['responder'], candidate: Certificate): boolean =>
  responder.kind === 'name'
    ? namesEqual(candidate.subjectDer, responder.nameDer)
    : bytesEqual(keyDigest(candidate), responder.keyDigest);

/** Whom a response says it is by, among the issuer and what it carries; whether it may answer is another question. */
export const responderOf = (
  { responder, certificates }: OcspResponse,
  issuer: Certificate,
): Certificate | undefined =>
  [issuer, ...certificates].find((candidate) => isResponder(responder, candidate));

const keyDigest = ({ spki }: Certificate): Uint8Array =>
  new Uint8Array(createHash('sha1').update(publicKeyBits(spki)).digest());

function checkSignature(
  { algorithm, responseData: message, signature }: OcspResponse,
  responder: Certificate,
  range: AlgorithmRange,
): Check {
  const outcome = verifyWithin({ algorithm, message, signature }, responder.spki, range);
  if (outcome === 'unsupported')
    return failed('ocsp-signature', 'CRYPTO_CONSTRAINTS_FAILURE', `signature ${algorithm.oid}`);
  const detail = 'signature does not verify';
  const verified = outcome === 'verified';
  return check('ocsp-signature', verified, 'CERTIFICATE_CHAIN_GENERAL_FAILURE', detail);
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
