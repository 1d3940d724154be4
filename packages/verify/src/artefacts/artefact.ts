import type { Trust } from '../trust.js';
import type { Facts, Finding, Verification } from '../verification.js';
import { verifyForeignPdf } from '../pdf/verify-foreign-pdf.js';
import { verifyBundle } from '../verify-bundle.js';
import { verifyBareLetter } from '../verify-letter.js';
import { claimsOwnProfile } from '../material/letter-material.js';
import type { ReportData } from './report-data.js';
import { kindOf, type Kind } from './recognise.js';
import { verifyCheckpoint } from './verify-checkpoint.js';
import { verifyFiling } from './verify-filing.js';
import { verifyProof, type ProofMaterial } from './verify-proof.js';
import { verifyReceipt, type ReceiptMaterial } from './verify-receipt.js';
import { claimsReport, verifyReportData, verifySealedReport } from './verify-report.js';
import { verifyStatusList, type StatusListJudgement } from './verify-status-list.js';

type Profile = NonNullable<Verification['input']['profile']>;

/** A file, judged by itself. */
export interface Artefact {
  readonly kind: Kind;
  readonly profile?: Profile;
  readonly bytes: Uint8Array;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  readonly signatures?: Verification['signatures'];
  readonly integrity?: Verification['integrity'];
  readonly receipt?: ReceiptMaterial;
  readonly statusList?: NonNullable<StatusListJudgement['material']>;
  readonly proof?: ProofMaterial;
  readonly report?: ReportData;
}

type Judged = Omit<Artefact, 'kind' | 'profile' | 'bytes'>;

/** Judges a file by the rules of what it claims to be. `entry`: a ledger entry's bytes, for a proof without them. */
export function judgeArtefact(
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
  entry?: Uint8Array,
): Artefact {
  const kind = kindOf(bytes);
  const profile = kind === 'pdf' ? profileOf(bytes) : undefined;
  return {
    kind,
    bytes,
    ...(profile ? { profile } : {}),
    ...judgeAs(profile === 'report' ? 'sealed-report' : (profile ?? kind), bytes, trust, at, entry),
  };
}

/** A PDF with the field of our letters or reports is held to their profile; any other is anybody's. */
function profileOf(bytes: Uint8Array): Profile {
  try {
    return claimsOwnProfile(bytes) ? 'letter' : claimsReport(bytes) ? 'report' : 'pades';
  } catch {
    // Whatever broke it breaks the judgement as well, which reports it.
    return 'pades';
  }
}

function judgeAs(
  rules: Exclude<Profile, 'report'> | Kind | 'sealed-report',
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
  entry: Uint8Array | undefined,
): Judged {
  switch (rules) {
    case 'bundle': {
      const { findings, facts } = verifyBundle(bytes, trust, at);
      return { findings, facts };
    }
    case 'letter':
      return verifyBareLetter(bytes, trust, at);
    case 'pades':
      return verifyForeignPdf(bytes, trust, at);
    case 'receipt': {
      const { material, ...judged } = verifyReceipt(bytes, trust, at);
      return { ...judged, ...(material ? { receipt: material } : {}) };
    }
    case 'status-list': {
      const { material, ...judged } = verifyStatusList(bytes, trust, at);
      return { ...judged, ...(material ? { statusList: material } : {}) };
    }
    case 'filing':
      return verifyFiling(bytes, trust, at);
    case 'checkpoint':
      return verifyCheckpoint(bytes, trust, at);
    case 'proof': {
      const { material, ...judged } = verifyProof(bytes, trust, at, entry);
      return { ...judged, ...(material ? { proof: material } : {}) };
    }
    case 'report':
    case 'sealed-report': {
      const judge = rules === 'report' ? verifyReportData : verifySealedReport;
      const { data, sealed, findings, facts } = judge(bytes, trust, at);
      return { findings, facts, ...sealed, ...(data ? { report: data } : {}) };
    }
    default:
      return { findings: [], facts: {} };
  }
}
