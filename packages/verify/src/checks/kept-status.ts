import { checkCrl, type Certificate, type OcspResponse } from '@mandate/pki';
import { bytesEqual } from '@mandate/core';
import { revocationFacts } from '../facts.js';
import { findingsOf } from '../finding.js';
import type { Facts, Finding } from '../verification.js';
import type { KeptStatus } from './authority-status.js';
import { checkFrozenOcsp } from './ocsp.js';

/** Status information as it is judged: when it is from, and what is said of it. */
interface Answer {
  readonly from: number;
  readonly findings: readonly Finding[];
  readonly response?: OcspResponse;
}

/**
 * What the letter itself keeps about its certificate: status responses and revocation lists. Whoever put the file
 * together chose what is in it and in which order, so all are judged: of each kind a revocation that its issuer
 * signed is heard whatever stands beside it, then the newest that holds.
 */
export function checkKeptStatus(
  { ocsps, crls }: KeptStatus,
  asked: {
    readonly certificate: Certificate;
    readonly issuer: Certificate;
    /** Of the signature's token, null without one. */
    readonly stampedAt: Date | null;
    readonly at: Date;
  },
): { readonly findings: readonly Finding[]; readonly facts: Facts } {
  const { certificate, issuer, stampedAt, at } = asked;
  const responses = ocsps
    .filter((it) => it.responses.some(({ certId }) => certId.serial === certificate.serial))
    .map((response): Answer => {
      const { findings } = checkFrozenOcsp({ ...asked, der: response.der });
      return { from: response.producedAt.getTime(), findings, response };
    });
  const lists = crls
    .filter(({ issuerDer }) => bytesEqual(issuerDer, certificate.issuerDer))
    // those of one second by their number
    .toSorted((a, b) => Number((b.number ?? -1n) - (a.number ?? -1n)))
    .map((crl): Answer => {
      const checks = checkCrl({ crl, certificate, issuer, at: stampedAt ?? at, now: at });
      return { from: crl.thisUpdate.getTime(), findings: findingsOf('crl', checks) };
    });
  const [response, list] = [heard(responses), heard(lists)];
  return {
    findings: [...(response?.findings ?? []), ...(list?.findings ?? [])],
    facts: response?.response ? revocationFacts(response.response, certificate.serial) : {},
  };
}

function heard(answers: readonly Answer[]): Answer | undefined {
  const newestFirst = answers.toSorted((a, b) => b.from - a.from);
  return (
    newestFirst.find((it) => isSigned(it) && it.findings.some(isRevocation)) ??
    newestFirst.find(({ findings }) => findings.every(holds)) ??
    newestFirst.find(isSigned) ??
    newestFirst[0]
  );
}

const isRevocation = ({ subIndication }: Finding): boolean => subIndication === 'REVOKED';

const holds = ({ status }: Finding): boolean => status === 'passed' || status === 'not-checked';

/** By who may speak of the certificate; how old it is does not matter to a revocation. */
const isSigned = ({ findings }: Answer): boolean =>
  findings.some(({ id, status }) => id.endsWith('-signature') && status === 'passed') &&
  findings.every((it) => holds(it) || isRevocation(it) || it.subIndication === 'TRY_LATER');
