import type { SignatureSuite } from '@mandate/core';
import { bytesEqual, toHex } from '@mandate/core/encoding';
import { DomainError, isDomainError } from '@mandate/core/errors';
import {
  readAlgorithm,
  signatureAlgorithm,
  suiteIdentifier,
  type AlgorithmIdentifier,
} from './algorithms.js';
import { readExtensions } from './certificate-fields.js';
import type { Certificate } from './certificate.js';
import { freshnessFault, statusCheck } from './check-ocsp.js';
import { check, failed, passed, unchecked, type Check } from './check.js';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { authorityKeyId, extension } from './extensions.js';
import { asFormat } from './format.js';
import { OID } from './oids.js';
import { verifySignature } from './suite.js';
import { toUtcSeconds } from '@mandate/core';

/** One revoked certificate. `reason`: CRLReason (RFC 5280 §5.3.1), left out when unspecified. */
export interface RevokedEntry {
  /** Magnitude, big-endian. */
  readonly serial: Uint8Array;
  readonly at: Date;
  readonly reason?: number;
}

/** To-be-signed bytes of a version 2 CRL (RFC 5280 §5). */
export const crlTbs = (p: {
  /** Name, DER. */
  issuer: DerBytes;
  thisUpdate: Date;
  nextUpdate: Date;
  /** CRL number, increasing. */
  number: number | bigint;
  entries: readonly RevokedEntry[];
  authorityKeyId: Uint8Array;
  suite: SignatureSuite;
}): DerBytes =>
  der.sequence(
    der.integer(1),
    suiteIdentifier(p.suite),
    p.issuer,
    der.time(p.thisUpdate),
    der.time(p.nextUpdate),
    // An empty list is left out, not written empty (§5.1.2.6).
    ...(p.entries.length > 0 ? [der.sequence(...p.entries.map(writeEntry))] : []),
    der.context(
      0,
      der.sequence(
        authorityKeyId(p.authorityKeyId),
        extension(OID.crlNumber, false, der.integer(p.number)),
      ),
    ),
  );

const writeEntry = ({ serial, at, reason }: RevokedEntry): DerBytes =>
  der.sequence(
    der.integer(serial),
    der.time(at),
    ...(reason === undefined
      ? []
      : [der.sequence(extension(OID.reasonCode, false, der.enumerated(reason)))]),
  );

/** CertificateList from its to-be-signed bytes and the issuer's signature. */
export const assembleCrl = (
  tbs: DerBytes,
  suite: SignatureSuite,
  signature: Uint8Array,
): DerBytes => der.sequence(tbs, suiteIdentifier(suite), der.bits(signature));

export interface Crl {
  readonly der: DerBytes;
  readonly tbs: DerBytes;
  readonly issuerDer: DerBytes;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly number: bigint | null;
  /** By serial, lower-case hex. */
  readonly entries: ReadonlyMap<string, { readonly at: Date; readonly reason?: number }>;
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

/** Throws `format-revocation`; partial and delta lists (critical extensions) are refused. */
export function parseCrl(bytes: Uint8Array): Crl {
  return asFormat('format-revocation', () => {
    const outer = readDer(bytes, { bytes: 16 << 20, nodes: 1_000_000 }).fields();
    const tbs = outer.next(TAG.sequence);
    const algorithm = readAlgorithm(outer.next());
    const signature = outer.next().bits();
    outer.end();
    const fields = tbs.fields();
    if (fields.next().integer() !== 1n)
      throw new DomainError('format-revocation', 'not a version 2 list');
    if (!bytesEqual(fields.next().bytes, algorithm.der))
      throw new DomainError('format-revocation', 'two different signature algorithms');
    const issuerDer = fields.next(TAG.sequence).bytes;
    const thisUpdate = fields.next().time();
    const nextUpdate = fields.optional(TAG.utcTime, TAG.generalizedTime)?.time() ?? null;
    const entries = new Map((fields.optional(TAG.sequence)?.children ?? []).map(readEntry));
    const extensions = readExtensions(fields.optional(0xa0)?.only(0xa0));
    fields.end();
    refuseCritical(extensions);
    const number = extensions.find(({ oid }) => oid === OID.crlNumber);
    return {
      der: bytes,
      tbs: tbs.bytes,
      issuerDer,
      thisUpdate,
      nextUpdate,
      number: number ? readDer(number.value).integer() : null,
      entries,
      algorithm,
      signature,
    };
  });
}

function readEntry(node: DerNode): [string, { at: Date; reason?: number }] {
  const fields = node.fields();
  const serial = toHex(fields.next().unsigned());
  const at = fields.next().time();
  const extensions = readExtensions(fields.optional(TAG.sequence));
  fields.end();
  refuseCritical(extensions);
  const reason = extensions.find(({ oid }) => oid === OID.reasonCode);
  return [serial, reason ? { at, reason: readDer(reason.value).enumerated() } : { at }];
}

function refuseCritical(extensions: ReturnType<typeof readExtensions>): void {
  const critical = extensions.find((it) => it.critical);
  if (critical)
    throw new DomainError('format-revocation', `critical extension ${critical.oid} in list`);
}

/** Ids of the checks, in order. */
export const CRL_CHECKS = [
  'crl-format',
  'crl-issuer',
  'crl-signature',
  'crl-fresh',
  'crl-status',
] as const;

/**
 * Checks a complete CRL for one certificate (RFC 5280 §6.3), every id of `CRL_CHECKS` in order.
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
