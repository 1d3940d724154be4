import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { toHex, type AuthorityRole, type Random } from '@mandate/core';
import {
  assembleCrl,
  crlTbs,
  ecdsaToDer,
  EVIDENCE_SEAL_POLICY,
  parseCertificate,
  REPORT_SEAL_POLICY,
} from '@mandate/pki';

/** A key as set-up leaves it: for the role's key store, or for a safe. */
export interface MadeKey {
  /** The role that will open it; `offline` keys are opened by no process. */
  readonly role: AuthorityRole | 'offline';
  readonly name: string;
  /** PrivateKeyInfo, DER. */
  readonly pkcs8: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Own certificate first, root last, DER; empty for raw keys. */
  readonly chain: readonly Uint8Array[];
}

/** The list of a root whose key then goes into a safe: nothing is revoked, until somebody fetches it. */
export interface MadeCrl {
  /** The root's name. */
  readonly name: string;
  /** CertificateList, DER. */
  readonly der: Uint8Array;
}

export interface MadeSecret {
  readonly role: AuthorityRole;
  readonly name: string;
  readonly bytes: Uint8Array;
}

const YEAR = 365 * 24 * 3600 * 1000;
const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

interface Issued {
  readonly keys: webcrypto.CryptoKeyPair;
  readonly certificate: x509.X509Certificate;
  /** Own certificate first, DER. */
  readonly chain: readonly Uint8Array[];
}

/**
 * The self-operated authority a fresh installation makes for itself: one root for scenes and seals,
 * a separate one for timestamps, a ledger key, the vault's and ra's secrets. It is not a licensed
 * electronic certification service, and its names say so (电子签名法 art. 16–18).
 */
export async function makeBuiltInAuthority(p: {
  now: Date;
  random: Random;
  /** Printed into the names. */
  operator: string;
}): Promise<{ keys: MadeKey[]; secrets: MadeSecret[]; crls: MadeCrl[] }> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const issue = issuing(p.now, p.random);
  const name = (what: string): string => `CN=${what}, O=${p.operator}, C=CN`;

  const root = await issue(null, name('Self-operated Root CA 自建根证书'), 20, ca(1));
  const sceneCa = await issue(root, name('Self-operated Scene CA 自建场景证书机构'), 10, ca(0));
  const ocsp = await issue(sceneCa, name('Self-operated OCSP Responder'), 10, [
    usage(x509.KeyUsageFlags.digitalSignature),
    new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.9']),
    // id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1
    new x509.Extension('1.3.6.1.5.5.7.48.1.5', false, Uint8Array.of(0x05, 0x00)),
  ]);
  const sealing = (policy: string): x509.Extension[] => [
    usage(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation),
    new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.36']),
    new x509.CertificatePolicyExtension([policy]),
  ];
  const seal = await issue(
    root,
    name('Self-operated Evidence Seal 自建证据电子签章'),
    10,
    sealing(EVIDENCE_SEAL_POLICY),
  );
  const reportSeal = await issue(
    root,
    name('Self-operated Report Seal 自建报告电子签章'),
    10,
    sealing(REPORT_SEAL_POLICY),
  );
  const tsaRoot = await issue(
    null,
    name('Self-operated Timestamp Root 自建时间戳根证书'),
    20,
    ca(0),
  );
  const tsa = await issue(tsaRoot, name('Self-operated Timestamp Authority 自建时间戳服务'), 10, [
    usage(x509.KeyUsageFlags.digitalSignature),
    // critical and alone, RFC 3161 §2.3
    new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.8'], true),
  ]);

  const ledger = (await webcrypto.subtle.generateKey({ name: 'Ed25519' }, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const receipt = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  return {
    keys: [
      await exported('offline', 'root', root.keys, root.chain),
      await exported('offline', 'timestamp-root', tsaRoot.keys, tsaRoot.chain),
      await exported('ca', 'scene-ca', sceneCa.keys, sceneCa.chain),
      await exported('ca', 'ocsp', ocsp.keys, ocsp.chain),
      await exported('seal', 'seal', seal.keys, seal.chain),
      await exported('seal', 'report-seal', reportSeal.keys, reportSeal.chain),
      // a raw key: published as JWK, in no certificate, so that it can seal nothing
      await exported('seal', 'receipt', receipt, []),
      await exported('tsa', 'tsa', tsa.keys, tsa.chain),
      await exported('ledger', 'ledger', ledger, []),
    ],
    crls: [
      { name: 'root', der: await emptyList(root) },
      { name: 'timestamp-root', der: await emptyList(tsaRoot) },
    ],
    secrets: [
      { role: 'ra', name: 'codes', bytes: p.random.bytes(32) },
      { role: 'vault', name: 'wrapping', bytes: p.random.bytes(32) },
      { role: 'seal', name: 'webhooks', bytes: p.random.bytes(32) },
    ],
  };
}

/**
 * Validators of archived letters ask for the status of every authority below the root. The list stays good as
 * long as the certificates under it and not a second longer: past-signature validation (EN 319 102-1
 * §5.6.2.2) goes back from its end, and must find them alive there. After a revocation the root signs another one.
 */
async function emptyList({ keys, chain }: Issued): Promise<Uint8Array> {
  const root = parseCertificate(chain[0]!);
  const tbs = crlTbs({
    issuer: root.subjectDer,
    thisUpdate: root.notBefore,
    nextUpdate: new Date(root.notBefore.getTime() + 10 * YEAR),
    number: 1,
    entries: [],
    authorityKeyId: root.subjectKeyId!,
    suite: 'ecdsa-p256-sha256',
  });
  const signature = await webcrypto.subtle.sign(SIGNING, keys.privateKey, tbs);
  return assembleCrl(tbs, 'ecdsa-p256-sha256', ecdsaToDer(new Uint8Array(signature)));
}

async function exported(
  role: MadeKey['role'],
  name: string,
  keys: webcrypto.CryptoKeyPair,
  chain: readonly Uint8Array[],
): Promise<MadeKey> {
  return {
    role,
    name,
    pkcs8: new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
    publicKey: new Uint8Array(await webcrypto.subtle.exportKey('spki', keys.publicKey)),
    chain,
  };
}

const usage = (flags: x509.KeyUsageFlags): x509.Extension =>
  new x509.KeyUsagesExtension(flags, true);

const ca = (pathLength: number): x509.Extension[] => [
  new x509.BasicConstraintsExtension(true, pathLength, true),
  usage(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign),
];

/** One certificate with a key of its own, signed by `issuer` or by itself. */
function issuing(now: Date, random: Random) {
  return async function issue(
    issuer: Issued | null,
    subject: string,
    years: number,
    extensions: x509.Extension[],
  ): Promise<Issued> {
    const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
    const serial = random.bytes(16);
    serial[0] = (serial[0]! & 0x7f) | 0x40;
    const signer = issuer ?? { keys, certificate: null };
    const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000 - 60_000);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: toHex(serial),
      subject,
      issuer: issuer ? issuer.certificate.subject : subject,
      notBefore,
      notAfter: new Date(notBefore.getTime() + years * YEAR),
      signingAlgorithm: SIGNING,
      publicKey: keys.publicKey as unknown as CryptoKey,
      signingKey: signer.keys.privateKey as unknown as CryptoKey,
      extensions: [
        ...(extensions.some((e) => e instanceof x509.BasicConstraintsExtension)
          ? []
          : [new x509.BasicConstraintsExtension(false, undefined, true)]),
        ...extensions,
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as unknown as CryptoKey),
        await x509.AuthorityKeyIdentifierExtension.create(
          signer.keys.publicKey as unknown as CryptoKey,
        ),
      ],
    });
    const der = new Uint8Array(certificate.rawData);
    return { keys, certificate, chain: [der, ...(issuer?.chain ?? [])] };
  };
}
