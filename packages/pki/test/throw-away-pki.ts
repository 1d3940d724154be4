import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { sha256, type SignatureSuite } from '@mandate/core';
import * as pki from '../src/index.js';

/** A key that lives as long as the test. */
export interface TestKey {
  suite: SignatureSuite;
  privateKey: KeyObject;
  spki: Uint8Array;
}

export function newKey(suite: SignatureSuite = 'ecdsa-p256-sha256'): TestKey {
  const { privateKey, publicKey } =
    suite === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  return { suite, privateKey, spki };
}

export const signWith = (key: TestKey, message: Uint8Array): Uint8Array =>
  new Uint8Array(sign(key.suite === 'ed25519' ? null : 'sha256', message, key.privateKey));

/** A certificate with its key. */
export interface Holder {
  key: TestKey;
  certificate: pki.Certificate;
}

export const T0 = new Date('2026-11-21T09:30:00Z');
export const minutes = (n: number): Date => new Date(T0.getTime() + n * 60_000);

let serials = 0;

export function issue(p: {
  cn: string;
  issuer?: Holder;
  key?: TestKey;
  extensions?: Uint8Array[];
  notBefore?: Date;
  notAfter?: Date;
  serial?: Uint8Array;
  issuerName?: Uint8Array;
}): Holder {
  const key = p.key ?? newKey();
  const subject = pki.name([
    { type: 'C', value: 'CN' },
    { type: 'O', value: 'Test' },
    { type: 'CN', value: p.cn },
  ]);
  const signer = p.issuer?.key ?? key;
  const tbs = pki.certificateTbs({
    serial: p.serial ?? sha256(Uint8Array.of(++serials & 0xff, serials >> 8)).subarray(0, 16),
    issuer: p.issuerName ?? p.issuer?.certificate.subjectDer ?? subject,
    subject,
    notBefore: p.notBefore ?? minutes(-60 * 24),
    notAfter: p.notAfter ?? minutes(60 * 24 * 365),
    spki: key.spki,
    extensions: [
      ...(p.extensions ?? []),
      pki.subjectKeyId(pki.keyIdentifier(key.spki)),
      pki.authorityKeyId(pki.keyIdentifier(signer.spki)),
    ],
    suite: signer.suite,
  });
  const der = pki.assembleCertificate(tbs, signer.suite, signWith(signer, tbs));
  return { key, certificate: pki.parseCertificate(der) };
}

export const authority = (
  cn: string,
  issuer?: Holder,
  options: { pathLength?: number; key?: TestKey; notAfter?: Date } = {},
): Holder =>
  issue({
    cn,
    ...(issuer ? { issuer } : {}),
    ...(options.key ? { key: options.key } : {}),
    ...(options.notAfter ? { notAfter: options.notAfter } : {}),
    extensions: [
      pki.basicConstraints(true, options.pathLength),
      pki.keyUsage('keyCertSign', 'cRLSign'),
    ],
  });

export const BINDING: pki.SceneBinding = {
  sceneDigest: new Uint8Array(32).fill(1),
  letterDigest: new Uint8Array(32).fill(2),
  evidenceRoot: new Uint8Array(32).fill(3),
  ledgerOrigin: 'ledger.example/mandate',
  keyOrigin: 'browser',
};

/** Extensions of a scene certificate. */
export const sceneExtensions = (): Uint8Array[] => [
  pki.basicConstraints(false),
  pki.keyUsage('digitalSignature', 'nonRepudiation'),
  pki.extendedKeyUsage([pki.OID.documentSigning]),
  pki.validityAssuredShortTerm(),
  pki.sceneBinding(BINDING),
  pki.authorityInfoAccess({
    ocsp: ['http://pki.example/ocsp'],
    issuers: ['http://pki.example/pki/scene-ca.crt'],
  }),
];

export const stampExtensions = (): Uint8Array[] => [
  pki.basicConstraints(false),
  pki.keyUsage('digitalSignature'),
  pki.extendedKeyUsage([pki.OID.timeStamping], true),
];

/** The certificates of one installation: a root with a scene authority, and a root of its own for time. */
export function newPki() {
  const root = authority('Root');
  const sceneCa = authority('Scene CA', root, { pathLength: 0 });
  const scene = issue({
    cn: '䶮某',
    issuer: sceneCa,
    extensions: sceneExtensions(),
    notBefore: minutes(-1),
    notAfter: minutes(9),
  });
  const timeRoot = authority('Time Root');
  const timeCa = authority('Time CA', timeRoot, { pathLength: 0 });
  const tsa = issue({ cn: 'TSA', issuer: timeCa, extensions: stampExtensions() });
  const responder = issue({
    cn: 'OCSP',
    issuer: sceneCa,
    extensions: [
      pki.basicConstraints(false),
      pki.keyUsage('digitalSignature'),
      pki.extendedKeyUsage([pki.OID.ocspSigning]),
      pki.ocspNoCheck(),
    ],
  });
  return { root, sceneCa, scene, timeRoot, timeCa, tsa, responder };
}

/** CMS by a holder; every part can be replaced to make it wrong. */
export function signCms(p: {
  signer: Holder;
  content: Uint8Array;
  contentType?: string;
  attached?: boolean;
  certificates?: Uint8Array[];
  messageDigest?: Uint8Array;
  attributes?: Uint8Array;
  token?: Uint8Array;
}): Uint8Array {
  const contentType = p.contentType ?? pki.OID.data;
  const attributes =
    p.attributes ??
    pki.signedAttributes({
      contentType,
      messageDigest: p.messageDigest ?? sha256(p.content),
      signerCertificate: p.signer.certificate,
    });
  return pki.assembleSignedData({
    contentType,
    ...(p.attached ? { content: p.content } : {}),
    certificates: p.certificates ?? [p.signer.certificate.der],
    signer: p.signer.certificate,
    signedAttributes: attributes,
    suite: p.signer.key.suite,
    signature: signWith(p.signer.key, attributes),
    ...(p.token ? { unsignedTimestampToken: p.token } : {}),
  });
}

export const POLICY = '1.3.6.1.4.1.99999.1';
export const NONCE = Uint8Array.of(0x9a, 2, 3, 4, 5, 6, 7, 8);

/** A timestamp token over `digest`; overrides make it wrong. */
export function stamp(
  tsa: Holder,
  digest: Uint8Array,
  overrides: {
    info?: Partial<Parameters<typeof pki.tstInfo>[0]>;
    silentAccuracy?: boolean;
    cms?: Partial<Parameters<typeof signCms>[0]>;
  } = {},
): Uint8Array {
  const content = pki.tstInfo({
    policy: POLICY,
    digest,
    serial: Uint8Array.of(7),
    genTime: new Date(T0.getTime() + 1500),
    ...(overrides.silentAccuracy ? {} : { accuracySeconds: 1 }),
    nonce: NONCE,
    ...overrides.info,
  });
  return signCms({
    signer: tsa,
    content,
    contentType: pki.OID.tstInfo,
    attached: true,
    ...overrides.cms,
  });
}
