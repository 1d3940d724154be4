import { isDomainError } from '@mandate/core';
import { readPdf, readSignatures, type PdfSignature } from '@mandate/pdf';
import type { SubIndication } from '@mandate/pki';
import { FAILURES } from './finding.js';
import { inflate } from './inflate.js';
import type { Fault } from './pdf/cms-checks.js';
import type { PdfSignatureVerdict } from './pdf/verify-pdf.js';
import { judge } from './verdict.js';
import type { CertificateFacts, Facts, Finding } from './verification.js';

/**
 * The strict profile's findings told per signature, as any PDF's are: a document timestamp has those that name
 * its field, everything else is the subject's signature. Empty when the file cannot be read at all.
 */
export function letterSignatures(
  bytes: Uint8Array,
  findings: readonly Finding[],
  facts: Facts,
): PdfSignatureVerdict[] {
  const stamps = facts.documentTimestamps ?? [];
  const isOf = (field: string | undefined, { params }: Finding): boolean =>
    params?.['field'] === field;
  const isStamps = (it: Finding): boolean => stamps.some(({ field }) => isOf(field, it));
  return signaturesIn(bytes).map(({ field, revision, type }) => {
    const stamp = stamps.find((it) => it.field === field);
    const about = findings.filter((it) => (stamp ? isOf(field, it) : !isStamps(it)));
    const { verdict } = judge(about);
    const faults = faultsOf(about);
    const broken = faults.some(({ subIndication }) => BROKEN.includes(subIndication));
    const common = {
      field,
      ...verdict,
      faults,
      changes: [],
      ...(revision < 0 ? {} : { revision }),
    };
    if (stamp)
      return {
        ...common,
        kind: 'document-timestamp',
        integrity: broken ? 'broken' : 'sound',
        time: stamp.genTime,
        ...(stamp.authority ? { signer: stamp.authority } : {}),
      };
    const { certificate, timestamp, level } = facts;
    const stamped = about.filter(({ id }) => id.startsWith('timestamp'));
    const inTime = timestamp && faultsOf(stamped).length === 0;
    return {
      ...common,
      kind: type === 'DocTimeStamp' ? 'document-timestamp' : 'signature',
      integrity: judge(about).integrity,
      level: broken || !level ? 'none' : level,
      ...(certificate ? { signer: onlyCertificate(certificate) } : {}),
      ...(inTime ? { time: timestamp.genTime } : {}),
      ...(timestamp ? { tokens: [{ genTime: timestamp.genTime, faults: faultsOf(stamped) }] } : {}),
    };
  });
}

const BROKEN: readonly SubIndication[] = ['FORMAT_FAILURE', 'HASH_FAILURE', 'SIG_CRYPTO_FAILURE'];

/** Without what binds it to the scene, which the facts tell. */
const onlyCertificate = ({
  serial,
  subject,
  issuer,
  notBefore,
  notAfter,
  digest,
}: CertificateFacts): CertificateFacts => ({
  serial,
  subject,
  issuer,
  notBefore,
  notAfter,
  digest,
});

/** What does not hold, failures first. */
const faultsOf = (findings: readonly Finding[]): Fault[] =>
  findings
    .flatMap(({ id, status, subIndication, params }) =>
      (status === 'failed' || status === 'indeterminate') && subIndication
        ? [{ id, subIndication, detail: params?.['detail'] ?? params?.['reason'] ?? '' }]
        : [],
    )
    .toSorted((a, b) => rank(a) - rank(b));

const rank = ({ subIndication }: Fault): number => (FAILURES.includes(subIndication) ? 0 : 1);

/** As far as anybody can read them: also of a letter that breaks the strict profile. */
function signaturesIn(bytes: Uint8Array): PdfSignature[] {
  try {
    return readSignatures(readPdf(bytes, { inflate, tolerant: true }));
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return [];
  }
}
