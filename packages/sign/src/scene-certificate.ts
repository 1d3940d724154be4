import type { SigningKey } from '@mandate/core';
import {
  assembleCertificate,
  authorityInfoAccess,
  authorityKeyId,
  basicConstraints,
  certificateTbs,
  crlDistributionPoints,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  name,
  OID,
  parseCertificate,
  sceneBinding,
  subjectKeyId,
  validityAssuredShortTerm,
  type SceneBinding,
} from '@mandate/pki';

/** Changes of the profile get a new name; it stands in every intent entry. */
export const SCENE_PROFILE = 'mandate-scene/v1';

export interface SceneCertificate {
  /** 16 octets, positive. */
  readonly serial: Uint8Array;
  /** The subject's one-time key, SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array;
  readonly commonName: string;
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Scene certificates of one CA key: exact to-be-signed bytes first, signature after the intent is kept. */
export function sceneCertificates(ca: SigningKey, publicUrl: string) {
  const issuer = parseCertificate(ca.chain[0]!);
  return {
    profile: SCENE_PROFILE,
    chain: ca.chain,

    /** Profile of the evidence design; the subject's name is cut to the 64 characters X.520 allows. */
    toBeSigned: (request: SceneCertificate & SceneBinding): Uint8Array =>
      certificateTbs({
        serial: request.serial,
        issuer: issuer.subjectDer,
        subject: name([
          { type: 'C', value: 'CN' },
          { type: 'CN', value: [...request.commonName].slice(0, 64).join('') },
          { type: 'SN', value: request.serialNumber },
        ]),
        notBefore: request.notBefore,
        notAfter: request.notAfter,
        spki: request.publicKey,
        suite: ca.suite,
        extensions: [
          basicConstraints(false),
          keyUsage('digitalSignature', 'nonRepudiation'),
          extendedKeyUsage([OID.documentSigning]),
          subjectKeyId(keyIdentifier(request.publicKey)),
          authorityKeyId(issuer.subjectKeyId ?? keyIdentifier(issuer.spki)),
          authorityInfoAccess({
            ocsp: [`${publicUrl}/ocsp`],
            issuers: [`${publicUrl}/pki/scene-ca.crt`],
          }),
          crlDistributionPoints([`${publicUrl}/pki/scene.crl`]),
          validityAssuredShortTerm(),
          sceneBinding(request),
        ],
      }),

    issue: async (toBeSigned: Uint8Array): Promise<Uint8Array> =>
      assembleCertificate(toBeSigned, ca.suite, await ca.sign(toBeSigned)),
  };
}
