import { algorithmsOf, reliableUntil, type Certificate } from '@mandate/pki';
import { sha256Hex, toUtcSeconds } from '@mandate/core';
import { checkArchive } from './checks/archive.js';
import type { KeptStatus } from './checks/authority-status.js';
import { checkBinding, checkCertificateSubject } from './checks/binding.js';
import { checkCertificate } from './checks/certificate.js';
import { checkKeptStatus } from './checks/kept-status.js';
import { checkKeyEnds, tokenUse, type KeyUse } from './checks/key-ends.js';
import { checkRevocationAssured } from './checks/ocsp.js';
import { checkSignature } from './checks/signature.js';
import { embeddedTerms } from './checks/terms-text.js';
import { checkTimestamp } from './checks/timestamp.js';
import { checkUpdateTemplate } from './checks/update-template.js';
import { letterFacts } from './facts.js';
import { letterSignatures } from './letter-signatures.js';
import { check } from './finding.js';
import { gatherArchive } from './material/archive-material.js';
import { gatherLetter, type LetterMaterial } from './material/letter-material.js';
import type { TimestampRequest } from '@mandate/pki';
import type { Trust } from './trust.js';
import type { Facts, Finding, Verification } from './verification.js';

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
  /** Keys with which its certificate and timestamps were signed. */
  readonly uses: readonly KeyUse[];
  /** Status information kept in the letter itself; null when there is no archive. */
  readonly kept: KeptStatus | null;
}

/**
 * The signed letter by itself, in the order in which proofs of existence follow from each other
 * (EN 319 102-1 §5.6, past signature validation): document timestamps from the newest to the oldest say for
 * which moment the signature's timestamp is to be judged, and that one says it for the certificate.
 */
export function verifyLetter(
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
  beside: Beside = {},
): LetterJudgement {
  const gathered = gatherArchive(bytes);
  const archive = gathered.archive && checkArchive(gathered.archive, trust, at);
  const { material, findings } = gatherLetter(gathered.signed);
  const first = [...gathered.findings, ...(archive?.findings ?? []), ...findings];
  if (!material) return { findings: first, facts: {}, material, chain: null, kept: null, uses: [] };
  const { certificate, letter, signer, signedData, token } = material;
  const stamp = token
    ? checkTimestamp('timestamp', {
        token,
        data: signer.signature,
        anchors: trust.timestamp,
        at,
        knownAt: archive?.existedAt ?? undefined,
        sunsets: trust.sunsets,
        kept: archive?.kept,
        within: certificate,
        ...(beside.request ? { request: beside.request } : {}),
        ...(beside.ledgerTime ? { ledgerTime: beside.ledgerTime } : {}),
      })
    : { findings: [], existedAt: null, anchor: null };
  const path = checkCertificate({
    certificate,
    intermediates: [...signedData.certificates, ...(beside.intermediates ?? [])],
    anchors: trust.scene,
    existedAt: stamp.existedAt,
    at,
  });
  const terms = embeddedTerms(material.file)?.terms ?? null;
  return {
    findings: [
      ...first,
      checkUpdateTemplate(material),
      ...checkSignature(material),
      ...stamp.findings,
      ...checkOperators([...(archive?.anchors ?? []), stamp.anchor], trust),
      ...path.findings,
      checkAlgorithms(material, path.chain, stamp.existedAt ?? at, trust),
      ...checkBinding(certificate, letter),
      checkCertificateSubject(certificate, terms),
    ],
    facts: {
      ...letterFacts(material, path.chain, terms),
      level: token ? (archive?.level ?? 'B-T') : 'B-B',
      ...archive?.facts,
    },
    material,
    chain: path.chain,
    uses: [
      ...tokenUse('signature', token),
      ...(gathered.archive?.timestamps ?? []).flatMap((it) => tokenUse('document', it.token)),
      ...issuerUse(path.chain, token?.info.genTime ?? at),
    ],
    kept: archive?.kept ?? null,
  };
}

/** A scene certificate is as old as its signature's timestamp shows; what it says of itself, whoever issues it can choose. */
const issuerUse = (chain: readonly Certificate[] | null, at: Date): KeyUse[] =>
  chain?.[1] ? [{ what: 'scene certificate', key: chain[1].spki, at }] : [];

/** What the subject's signature rests on must have been reliable when it is known to have existed. */
function checkAlgorithms(
  { signer, certificate }: LetterMaterial,
  chain: readonly Certificate[] | null,
  existedAt: Date,
  trust: Trust,
): Finding {
  const end = reliableUntil(algorithmsOf(signer, chain ?? [certificate]), trust.sunsets);
  return check(
    'signature-algorithms',
    end === null || existedAt < end,
    'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    end ? { end: toUtcSeconds(end) } : undefined,
  );
}

/** Where several are asked for: authorities under one anchor are one operator, however many tokens they gave. */
function checkOperators(anchors: readonly (Certificate | null)[], trust: Trust): Finding[] {
  if (trust.minOperators <= 1) return [];
  const distinct = new Set(anchors.flatMap((anchor) => (anchor ? [sha256Hex(anchor.der)] : [])));
  return [
    check('operators-distinct', distinct.size >= trust.minOperators, 'SIG_CONSTRAINTS_FAILURE', {
      operators: String(distinct.size),
      asked: String(trust.minOperators),
    }),
  ];
}

/** A letter alone: EN 319 102-1 and nothing that needs the bundle. */
export function verifyBareLetter(
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
): Pick<LetterJudgement, 'findings' | 'facts'> & Pick<Verification, 'signatures'> {
  const judged = verifyLetter(bytes, trust, at);
  const { material } = judged;
  const [certificate, issuer] = [material?.certificate, judged.chain?.[1]];
  const stampedAt = material?.token?.info.genTime ?? null;
  const status =
    certificate && issuer && judged.kept
      ? checkKeptStatus(judged.kept, { certificate, issuer, stampedAt, at })
      : { findings: [], facts: {} };
  const kept = status.findings.length > 0;
  const assured =
    material && !(trust.requireRevocation && kept)
      ? [checkRevocationAssured(material.certificate, trust.requireRevocation)]
      : [];
  const findings = [
    ...judged.findings,
    ...status.findings,
    ...assured,
    ...checkKeyEnds(judged.uses, trust.keyEnds),
  ];
  const facts = { ...judged.facts, ...status.facts };
  return { findings, facts, signatures: letterSignatures(bytes, findings, facts) };
}
