import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { vkey } from '@mandate/ledger';
import {
  assembleCertificate,
  authorityKeyId,
  basicConstraints,
  certificateTbs,
  der,
  EVIDENCE_SEAL_POLICY,
  extension,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  name,
  OID,
  parseCertificate,
  publicJwk,
  REPORT_SEAL_POLICY,
  subjectKeyId,
  type Certificate,
  type KeyUsage,
} from '@mandate/pki';
import type { TrustAnchors } from '@mandate/verify';

/** A throw-away key. Tests only. */
export interface TestKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** ECDSA DER or 64 bytes of Ed25519. */
  readonly sign: (message: Uint8Array) => Uint8Array;
}

export function makeKey(type: 'ec' | 'ed25519' = 'ec'): TestKey {
  const { privateKey, publicKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519');
  return {
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign: (message) => new Uint8Array(sign(type === 'ec' ? 'sha256' : null, message, privateKey)),
  };
}

/** A key with its certificate. */
export interface TestIdentity extends TestKey {
  readonly certificate: Certificate;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** The subject's serialNumber. */
  readonly serialNumber?: string;
  readonly key: TestKey;
  /** Absent: self-signed. */
  readonly issuer?: TestIdentity;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly serial?: Uint8Array;
  /** Beside the key identifiers. */
  readonly extensions: readonly Uint8Array[];
}

export const newSerial = (): Uint8Array => {
  const serial = new Uint8Array(randomBytes(16));
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial;
};

/** The to-be-signed bytes and the certificate over them. */
export function issue(request: CertificateRequest): { tbs: Uint8Array; certificate: Certificate } {
  const { key, issuer } = request;
  const subject = name([
    { type: 'C', value: 'CN' },
    { type: 'CN', value: request.commonName },
    ...(request.serialNumber ? [{ type: 'SN', value: request.serialNumber } as const] : []),
  ]);
  const signer = issuer ?? key;
  const tbs = certificateTbs({
    serial: request.serial ?? newSerial(),
    issuer: issuer?.certificate.subjectDer ?? subject,
    subject,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    spki: key.spki,
    extensions: [
      ...request.extensions,
      subjectKeyId(keyIdentifier(key.spki)),
      authorityKeyId(keyIdentifier(signer.spki)),
    ],
    suite: 'ecdsa-p256-sha256',
  });
  const der = assembleCertificate(tbs, 'ecdsa-p256-sha256', signer.sign(tbs));
  return { tbs, certificate: parseCertificate(der) };
}

const YEARS = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  root: new Date('2046-01-01T00:00:00Z'),
  leaf: new Date('2031-01-01T00:00:00Z'),
};

function identity(
  commonName: string,
  issuer: TestIdentity | undefined,
  notAfter: Date,
  extensions: readonly Uint8Array[],
): TestIdentity {
  const key = makeKey();
  const { certificate } = issue({
    commonName,
    key,
    notBefore: YEARS.notBefore,
    notAfter,
    extensions,
    ...(issuer ? { issuer } : {}),
  });
  return { ...key, certificate };
}

const AUTHORITY_USE: KeyUsage[] = ['keyCertSign', 'cRLSign', 'digitalSignature'];

/** Everything a deployment signs with, made anew. Roots of scenes and of timestamps are separate. */
export interface TestAuthority {
  readonly root: TestIdentity;
  /** Issues scene certificates and answers OCSP. */
  readonly ca: TestIdentity;
  /** Seals bundles. */
  readonly seal: TestIdentity;
  /** Seals reports. */
  readonly reportSeal: TestIdentity;
  readonly stampRoot: TestIdentity;
  readonly stamp: TestIdentity;
  readonly ledger: TestKey;
  /** Of whoever vouches for persons. */
  readonly identity: TestKey;
  /** Signs receipts and status lists. */
  readonly receipt: TestKey;
  readonly origin: string;
  readonly anchors: TrustAnchors;
  /** Another certificate of some years under one of the issuers. */
  readonly issueLeaf: (
    commonName: string,
    issuer: TestIdentity,
    extensions: readonly Uint8Array[],
  ) => TestIdentity;
}

/** Extensions of a certificate that seals, under policies or none. */
export const sealing = (...policies: string[]): Uint8Array[] => [
  basicConstraints(false),
  keyUsage('digitalSignature', 'nonRepudiation'),
  extendedKeyUsage([OID.documentSigning]),
  ...(policies.length > 0
    ? [
        extension(
          OID.certificatePolicies,
          false,
          der.sequence(...policies.map((oid) => der.sequence(der.oid(oid)))),
        ),
      ]
    : []),
];

export function makeAuthority(origin = 'mandate.test/ledger'): TestAuthority {
  const root = identity('Test Root', undefined, YEARS.root, [
    basicConstraints(true, 1),
    keyUsage('keyCertSign', 'cRLSign'),
  ]);
  const ca = identity('Test Scene CA', root, YEARS.root, [
    basicConstraints(true, 0),
    keyUsage(...AUTHORITY_USE),
  ]);
  const seal = identity('Test Seal', root, YEARS.leaf, sealing(EVIDENCE_SEAL_POLICY));
  const reportSeal = identity('Test Report Seal', root, YEARS.leaf, sealing(REPORT_SEAL_POLICY));
  const stampRoot = identity('Test Timestamp Root', undefined, YEARS.root, [
    basicConstraints(true, 0),
    keyUsage('keyCertSign', 'cRLSign'),
  ]);
  const stamp = identity('Test Timestamp Authority', stampRoot, YEARS.leaf, [
    basicConstraints(false),
    keyUsage('digitalSignature'),
    extendedKeyUsage([OID.timeStamping], true),
  ]);
  const ledger = makeKey('ed25519');
  const vouching = makeKey();
  const receipt = makeKey();
  return {
    root,
    ca,
    seal,
    reportSeal,
    stampRoot,
    stamp,
    ledger,
    identity: vouching,
    receipt,
    origin,
    anchors: {
      scene: [root.certificate.der],
      seal: [root.certificate.der],
      timestamp: [stampRoot.certificate.der],
      ledger: [vkey(origin, ledger.spki)],
      identity: [{ provider: 'vouch', publicKey: vouching.spki }],
      receipt: [publicJwk(receipt.spki)],
    },
    issueLeaf: (commonName, issuer, extensions) =>
      identity(commonName, issuer, YEARS.leaf, extensions),
  };
}
