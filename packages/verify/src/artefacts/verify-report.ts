import { isDomainError } from '@mandate/core';
import { REPORT_FIELD, REPORT_FILE } from '@mandate/evidence';
import { embeddedFile, readPdf, readSignatures, type PdfFile } from '@mandate/pdf';
import { REPORT_SEAL_POLICY } from '@mandate/pki';
import { checkArchive } from '../checks/archive.js';
import { checkKeyEnds, sealUse, tokenUse, type KeyUse } from '../checks/key-ends.js';
import { check, fail, pass } from '../finding.js';
import { inflate } from '../inflate.js';
import { gatherArchive } from '../material/archive-material.js';
import { findForeignSigner, readForeignCms } from '../pdf/foreign-cms.js';
import { verifyForeignPdf, type ForeignJudgement } from '../pdf/verify-foreign-pdf.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';
import { parseReportData, reportFacts, type ReportData } from './report-data.js';

const RULE = { unsupported: 'FORMAT_FAILURE', ownProfile: true } as const;

export interface ReportJudgement {
  readonly data: ReportData | null;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  readonly sealed?: Pick<ForeignJudgement, 'signatures' | 'integrity'>;
}

/** Whether a PDF claims to be a report of ours: by the name of a signed field. */
export function claimsReport(bytes: Uint8Array): boolean {
  try {
    return readSignatures(open(bytes)).some(({ field }) => field === REPORT_FIELD);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return false;
  }
}

const open = (bytes: Uint8Array): PdfFile => readPdf(bytes, { inflate, tolerant: true });

/**
 * A sealed report: any PDF's rules with the roots of seals alone, a seal that is for reports, and the report's data
 * inside. Appended may be what archives it and nothing else; the seal is then judged for the moment at which its
 * document timestamps prove that it existed (EN 319 102-1 §5.6.2), by the revocation data of the file and of what was
 * appended. A timestamp that holds has to bear out when it says it was made. What it says of its file is judged against
 * that file, when it is given.
 */
export function verifySealedReport(bytes: Uint8Array, trust: Trust, at: Date): ReportJudgement {
  const { signed, archive, findings: grown } = gatherArchive(bytes, REPORT_FIELD);
  const kept = archive && checkArchive(archive, trust, at);
  const seal = verifyForeignPdf(
    signed,
    { ...trust, scene: [] },
    kept?.existedAt ?? at,
    archive ? { crls: archive.crls, ocsps: archive.ocsps, now: at } : undefined,
  );
  const uses = [
    ...reportSealUse(signed, kept?.existedAt ?? at),
    ...(archive?.timestamps ?? []).flatMap(({ token }) => tokenUse('document', token)),
  ];
  const findings = [
    ...grown,
    ...(kept?.findings ?? []),
    ...seal.findings,
    ...checkKeyEnds(uses, trust.keyEnds),
  ];
  const signatures = seal.signatures.map((it) =>
    kept && it.indication === 'TOTAL-PASSED' ? { ...it, level: kept.level } : it,
  );
  const judged = { sealed: { signatures, integrity: seal.integrity } };
  const archived: Facts = kept ? { level: kept.level, ...kept.facts } : {};
  let data: ReportData;
  try {
    const file = open(bytes);
    data = parseReportData(embeddedFile(file, REPORT_FILE));
    return {
      ...judged,
      data,
      findings: [
        ...findings,
        check('report-purpose', hasReportSeal(file), 'CHAIN_CONSTRAINTS_FAILURE'),
        pass('report-readable'),
        ...sealedWhen(data.madeAt, seal, kept?.existedAt ?? null),
      ],
      facts: { ...archived, report: reportFacts(data) },
    };
  } catch (error) {
    const broken = refusal('report-readable', error, RULE);
    return { ...judged, data: null, findings: [...findings, broken], facts: archived };
  }
}

/** Milliseconds that may pass between a report's moment and its seal: work that waited, clocks that differ. */
const SEALED_WITHIN = 86_400_000;

/**
 * What stands against the moment that a report says of itself: a timestamp of the seal that holds and is far from it,
 * or no proof at all. The seal's timestamp is unsigned and can be taken out; then only a document timestamp of about
 * that moment proves that nobody dated the report back.
 */
function sealedWhen(
  madeAt: string,
  { signatures }: ForeignJudgement,
  existedAt: Date | null,
): Finding[] {
  const far = (time: number): boolean => Math.abs(time - Date.parse(madeAt)) > SEALED_WITHIN;
  const stamped = signatures
    .filter(({ field }) => field === REPORT_FIELD)
    .flatMap(({ tokens = [] }) => tokens)
    .flatMap(({ genTime, faults }) =>
      genTime !== undefined && faults.length === 0 ? [Date.parse(genTime)] : [],
    );
  if (stamped.some(far)) return [fail('report-time', 'TIMESTAMP_ORDER_FAILURE')];
  const proven = stamped.length > 0 || (existedAt !== null && !far(existedAt.getTime()));
  return proven ? [] : [fail('report-time', 'NO_POE')];
}

/** The one who signed in the seal's field has a certificate for sealing reports. */
function hasReportSeal(file: PdfFile): boolean {
  const seal = readSignatures(file).find(({ field }) => field === REPORT_FIELD);
  if (!seal) return false;
  try {
    const { signers, certificates } = readForeignCms(seal.paddedContents);
    return signers.every((signer) =>
      findForeignSigner(signer, certificates)?.policies.includes(REPORT_SEAL_POLICY),
    );
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return false;
  }
}

/** With which keys it was sealed, by a report that can be read. */
function reportSealUse(bytes: Uint8Array, at: Date): KeyUse[] {
  try {
    const seal = readSignatures(open(bytes)).find(({ field }) => field === REPORT_FIELD);
    if (!seal) return [];
    const padded = seal.paddedContents;
    return sealUse(padded.subarray(0, readForeignCms(padded).length), at);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return [];
  }
}

/** A report's data alone: nobody signed them, so they pass only beside the sealed report they come from. */
export function verifyReportData(bytes: Uint8Array): ReportJudgement {
  try {
    const data = parseReportData(bytes);
    return {
      data,
      findings: [pass('report-readable'), fail('report-sealed', 'NO_SIGNING_CERTIFICATE_FOUND')],
      facts: { report: reportFacts(data) },
    };
  } catch (error) {
    return { data: null, findings: [refusal('report-readable', error, RULE)], facts: {} };
  }
}
