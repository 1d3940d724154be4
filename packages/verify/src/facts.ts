import {
  checkCode,
  fromBase64Url,
  sha256,
  sha256Hex,
  toHex,
  toUtcSeconds,
  type Choices,
  setLettersDigest,
} from '@mandate/core';
import type { Bundle } from '@mandate/evidence';
import {
  findSigner,
  nameText,
  type Certificate,
  type OcspResponse,
  type Token,
} from '@mandate/pki';
import { choosable, termsDigest, type Terms } from '@mandate/terms';
import type { LedgerJudgement, LedgerMaterial } from './checks/ledger.js';
import { eventDigest } from './checks/trail.js';
import type { AuthorizationMaterial } from './material/authorization-material.js';
import type { LetterMaterial } from './material/letter-material.js';
import type {
  CertificateFacts,
  ChoiceFacts,
  Facts,
  IdentityFacts,
  TimestampFacts,
} from './verification.js';

export const certificateFacts = (certificate: Certificate): CertificateFacts => ({
  serial: certificate.serial,
  subject: nameText(certificate.subject),
  issuer: nameText(certificate.issuer),
  notBefore: toUtcSeconds(certificate.notBefore),
  notAfter: toUtcSeconds(certificate.notAfter),
  digest: sha256Hex(certificate.der),
});

export function timestampFacts({ info, signedData }: Token): TimestampFacts {
  const [signer] = signedData.signers;
  const authority = signer && findSigner(signedData, signer);
  return {
    genTime: info.genTime.toISOString(),
    ...(info.accuracySeconds === null ? {} : { accuracySeconds: info.accuracySeconds }),
    policy: info.policy,
    serial: toHex(info.serial),
    ...(authority ? { authority: certificateFacts(authority) } : {}),
  };
}

/** What the signed letter says by itself. */
export function letterFacts(
  material: LetterMaterial,
  chain: readonly Certificate[] | null,
  terms: Terms | null,
): Facts {
  const { letter, bytes, signature, signer, certificate, token } = material;
  const digest = sha256(letter);
  const binding = certificate.sceneBinding;
  return {
    letter: {
      digest: toHex(digest),
      size: letter.length,
      checkCode: checkCode(digest),
      signedDigest: sha256Hex(bytes),
      signedSize: bytes.length,
    },
    signature: {
      field: signature.field,
      subFilter: signature.subFilter ?? '',
      byteRange: signature.byteRange,
      ...(signature.m ? { claimedAt: signature.m } : {}),
      valueDigest: sha256Hex(signer.signature),
      messageDigest: toHex(material.rangesDigest),
    },
    certificate: {
      ...certificateFacts(certificate),
      ...(binding
        ? {
            keyOrigin: binding.keyOrigin,
            sceneDigest: toHex(binding.sceneDigest),
            letterDigest: toHex(binding.letterDigest),
            evidenceRoot: toHex(binding.evidenceRoot),
            ledgerOrigin: binding.ledgerOrigin,
            tbsDigest: sha256Hex(certificate.tbs),
          }
        : {}),
    },
    ...(chain ? { chain: chain.map(certificateFacts) } : {}),
    ...(token ? { timestamp: timestampFacts(token) } : {}),
    ...(terms ? { terms, termsDigest: termsDigest(terms) } : {}),
  };
}

export function revocationFacts(response: OcspResponse, serial: string): Facts {
  const single = response.responses.find(({ certId }) => certId.serial === serial);
  if (!single) return {};
  return {
    revocation: {
      status: single.status.kind,
      producedAt: toUtcSeconds(response.producedAt),
      thisUpdate: toUtcSeconds(single.thisUpdate),
      ...(single.nextUpdate ? { nextUpdate: toUtcSeconds(single.nextUpdate) } : {}),
    },
  };
}

/** Names, as the letter prints them, of what the subject could accept or refuse by itself. */
function choiceFacts(terms: Terms, chosen: Choices): ChoiceFacts {
  const offered = choosable(terms);
  const items = terms.items.filter(({ code }) => offered.items.includes(code));
  const recipients = terms.recipients.filter(({ creditCode }) =>
    offered.recipients.includes(creditCode),
  );
  const naming = (accepted: boolean) => ({
    items: items
      .filter(({ code }) => chosen.items.includes(code) === accepted)
      .map(({ name }) => name),
    recipients: recipients
      .filter(({ creditCode }) => chosen.recipients.includes(creditCode) === accepted)
      .map(({ name }) => name),
  });
  return { accepted: naming(true), refused: naming(false) };
}

export function authorizationFacts(
  material: AuthorizationMaterial,
  identity?: IdentityFacts,
): Facts {
  const { scene, delivery, codeRecord, passkey, trail } = material;
  const confirmed = trail.findLast(({ type }) => type === 'confirmed');
  return {
    terms: material.terms,
    termsDigest: termsDigest(material.terms),
    authorization: {
      id: scene.authorization,
      institutionId: scene.institution.id,
      measures: scene.measures,
      gate: scene.gate,
      ...(identity ? { identity } : {}),
      sceneFrozenAt: scene.frozenAt,
      sceneDigest: material.sceneDigest,
      challengeDigest: material.challengeDigest,
      evidenceRoot: material.evidenceRoot,
      presentationDigest: scene.presentation,
      ...(scene.pageBuild === null ? {} : { pageBuild: scene.pageBuild }),
      ...(material.provenance
        ? { builds: { page: material.provenance.page, server: material.provenance.server } }
        : {}),
      choices: choiceFacts(material.terms, scene.choices),
      ...(scene.set && {
        set: {
          id: scene.set.id,
          position: scene.set.letters.indexOf(scene.letterDigest) + 1,
          letters: scene.set.letters,
          checkCode: checkCode(setLettersDigest(scene.set.letters)),
        },
      }),
      ...(confirmed ? { confirmedAt: confirmed.at } : {}),
      ...(codeRecord && {
        code: {
          madeAt: codeRecord.madeAt,
          checkedAt: codeRecord.checkedAt,
          digits: codeRecord.digits,
          tries: codeRecord.tries,
          channel: codeRecord.channel,
          ...(delivery && {
            reports: delivery.sends.flatMap(({ gateway, receipts }) =>
              receipts.map(({ status, receivedAt }) => ({ gateway, status, receivedAt })),
            ),
          }),
        },
      }),
      ...(passkey && {
        passkey: {
          rpId: passkey.rpId,
          credential: sha256Hex(fromBase64Url(passkey.credentialId)),
          checkedAt: passkey.checkedAt,
          registeredAt: passkey.registration.at,
        },
      }),
    },
    trail: trail.map((event) => ({ ...event, digest: eventDigest(event) })),
  };
}

export const ledgerFacts = (
  { proof, checkpoint, entry }: LedgerMaterial,
  { signers, cosigners }: Pick<LedgerJudgement, 'signers' | 'cosigners'>,
): Facts => ({
  ledger: {
    origin: checkpoint.origin,
    index: proof.index,
    size: checkpoint.size,
    root: toHex(checkpoint.root),
    at: entry.at,
    signers,
    cosigners: cosigners.map(({ name, at }) => ({ name, at: toUtcSeconds(at) })),
  },
});

export const partFacts = (bundle: Bundle, sealed: Uint8Array): Facts => ({
  parts: [...bundle.parts].map(([name, bytes]) => ({
    name,
    size: bytes.length,
    digest: sha256Hex(bytes),
  })),
  sealedBundleDigest: sha256Hex(sealed),
});
