import type { OwnFindingId } from '../catalogue.js';
import { fail, pass, skip } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';
import type { Fault } from './cms-checks.js';
import type { KeptRevocation } from './gather-material.js';
import { verifyPdf, type PdfSignatureVerdict, type PdfVerdict } from './verify-pdf.js';

export interface ForeignJudgement {
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  readonly integrity: 'sound' | 'broken';
  readonly signatures: readonly PdfSignatureVerdict[];
}

/** Findings of one signature, in the order of EN 319 102-1. */
const GROUPS = [
  'pdf-signature-format',
  'pdf-signature-cryptography',
  'pdf-later-changes',
  'pdf-signer-certificate',
  'pdf-signature-time',
] as const satisfies readonly OwnFindingId[];
type Group = (typeof GROUPS)[number];

const GROUP_OF: Readonly<Record<string, Group>> = {
  'cms-message-digest': 'pdf-signature-cryptography',
  'cms-signature': 'pdf-signature-cryptography',
  'cms-algorithms': 'pdf-signature-cryptography',
  changes: 'pdf-later-changes',
  'cms-signer': 'pdf-signature-cryptography',
  'cms-ess': 'pdf-signer-certificate',
  'key-usage': 'pdf-signer-certificate',
  'own-profile': 'pdf-signer-certificate',
  chain: 'pdf-signer-certificate',
  validity: 'pdf-signer-certificate',
  revocation: 'pdf-signer-certificate',
  algorithms: 'pdf-signer-certificate',
  'timestamp-order': 'pdf-signature-time',
};

/** A PDF that is no letter of ours, by EN 319 102-1 alone. Bad input is a finding, never an exception. */
export function verifyForeignPdf(
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
  kept?: KeptRevocation,
): ForeignJudgement {
  let verdict: PdfVerdict;
  try {
    verdict = verifyPdf(bytes, {
      trust: { signature: [...trust.scene, ...trust.seal], timestamp: trust.timestamp },
      at,
      sunsets: trust.sunsets,
      requireRevocation: trust.requireRevocation,
      kept,
    });
  } catch (error) {
    const rule = { unsupported: 'SIGNED_DATA_NOT_FOUND', ownProfile: false } as const;
    const findings = [refusal('pdf-readable', error, rule)];
    return { findings, facts: {}, integrity: 'broken', signatures: [] };
  }
  const { signatures, integrity } = verdict;
  const findings: Finding[] = [pass('pdf-readable')];
  const own = signatures.filter(({ kind }) => kind === 'signature');
  if (own.length === 0)
    findings.push(
      fail(
        'signature-present',
        signatures.length === 0 ? 'FORMAT_FAILURE' : 'SIGNED_DATA_NOT_FOUND',
      ),
    );
  else findings.push(pass('signature-present'), ...own.flatMap(findingsOf));
  findings.push(...withoutProof(signatures.filter(({ kind }) => kind !== 'signature')));
  return { findings, facts: {}, integrity, signatures };
}

/** What failed, the decisive first, then what holds. */
function findingsOf({ field, faults, time }: PdfSignatureVerdict): Finding[] {
  const group = ({ id }: Fault): Group => GROUP_OF[id] ?? 'pdf-signature-format';
  const failed = new Set(faults.map(group));
  return [
    ...faults.map((it) => fail(group(it), it.subIndication, { field, reason: it.detail })),
    ...GROUPS.filter((id) => !failed.has(id)).map((id) =>
      id === 'pdf-signature-time' && time === undefined ? skip(id, { field }) : pass(id, { field }),
    ),
  ];
}

/** A document timestamp that does not hold proves nothing; the signatures are judged without it. */
const withoutProof = (stamps: readonly PdfSignatureVerdict[]): Finding[] =>
  stamps.flatMap(({ field, faults: [first] }) =>
    first ? [skip('pdf-signature-time', { field, reason: `${first.id}: ${first.detail}` })] : [],
  );
