import type { Certificate } from '@mandate/pki';
import { checkBinding } from './checks/binding.js';
import { checkCertificate } from './checks/certificate.js';
import { checkRevocationAssured } from './checks/ocsp.js';
import { checkSignature } from './checks/signature.js';
import { embeddedTerms } from './checks/terms-text.js';
import { checkTimestamp } from './checks/timestamp.js';
import { checkUpdateTemplate } from './checks/update-template.js';
import { letterFacts } from './facts.js';
import { gatherLetter, type LetterMaterial } from './material/letter-material.js';
import type { TimestampRequest } from '@mandate/pki';
import type { Trust } from './trust.js';
import type { Facts, Finding } from './verification.js';

/** What else is known about a letter when it comes in a bundle. */
export interface Beside {
  readonly intermediates?: readonly Certificate[];
  readonly request?: TimestampRequest;
  readonly ledgerTime?: Date;
}

export interface LetterJudgement {
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  /** Null when the letter could not be read far enough for anything to be compared with it. */
  readonly material: LetterMaterial | null;
  readonly chain: readonly Certificate[] | null;
}

/**
 * The signed letter by itself. The timestamp comes before the certificate: it says for which moment
 * the certificate is to be judged (EN 319 102-1, past signature validation).
 */
export function verifyLetter(
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
  beside: Beside = {},
): LetterJudgement {
  const { material, findings } = gatherLetter(bytes);
  if (!material) return { findings, facts: {}, material, chain: null };
  const { certificate, letter, signer, signedData, token } = material;
  const stamp = token
    ? checkTimestamp('timestamp', {
        token,
        data: signer.signature,
        anchors: trust.timestamp,
        at,
        within: certificate,
        ...(beside.request ? { request: beside.request } : {}),
        ...(beside.ledgerTime ? { ledgerTime: beside.ledgerTime } : {}),
      })
    : { findings: [], existedAt: null };
  const path = checkCertificate({
    certificate,
    intermediates: [...signedData.certificates, ...(beside.intermediates ?? [])],
    anchors: trust.scene,
    existedAt: stamp.existedAt,
    at,
  });
  return {
    findings: [
      ...findings,
      checkUpdateTemplate(material),
      ...checkSignature(material),
      ...stamp.findings,
      ...path.findings,
      ...checkBinding(certificate, letter),
    ],
    facts: letterFacts(material, path.chain, embeddedTerms(material.file)?.terms ?? null),
    material,
    chain: path.chain,
  };
}

/** A letter alone: EN 319 102-1 and nothing that needs the bundle. */
export function verifyBareLetter(
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
): Pick<LetterJudgement, 'findings' | 'facts'> {
  const { findings, facts, material } = verifyLetter(bytes, trust, at);
  return {
    findings: material ? [...findings, checkRevocationAssured(material.certificate)] : findings,
    facts,
  };
}
