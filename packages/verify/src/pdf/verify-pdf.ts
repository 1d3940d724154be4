import { DomainError, toUtcSeconds } from '@mandate/core';
import {
  readPdf,
  readSignatures,
  type Change,
  type PdfFile,
  type PdfSignature,
} from '@mandate/pdf';
import { OID, SUNSETS, type Certificate, type SubIndication, type Sunset } from '@mandate/pki';
import { coveredBytes } from '../covered-bytes.js';
import { certificateFacts } from '../facts.js';
import { FAILURES } from '../finding.js';
import { inflate } from '../inflate.js';
import type { CertificateFacts, Indication } from '../verification.js';
import type { World } from './certificate-judgement.js';
import { Existence } from './existence.js';
import { gatherMaterial, withKept, type KeptRevocation } from './gather-material.js';
import {
  formatFaults,
  gatherSignature,
  judgeSignature,
  type GatheredSignature,
  type SignatureJudgement,
} from './judge-signature.js';
import { judgeToken, type TokenJudgement } from './judge-token.js';
import { fault, type Fault } from './cms-checks.js';

/** What is believed, by purpose; never from the file. */
export interface PdfTrust {
  readonly signature: readonly Certificate[];
  readonly timestamp: readonly Certificate[];
}

/** Levels of ETSI EN 319 142-1; `none` when not even the format holds. */
export type PadesLevel = 'none' | 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';

export interface PdfSignatureVerdict {
  readonly field: string;
  readonly kind: 'signature' | 'document-timestamp';
  readonly indication: Indication;
  readonly subIndication?: SubIndication;
  /** Cryptography, structure and later changes alone. */
  readonly integrity: 'sound' | 'broken';
  readonly level?: PadesLevel;
  /** Revision it covers, 0 is the oldest; absent when it covers none. */
  readonly revision?: number;
  readonly signer?: CertificateFacts;
  /** Proven time of existence, or a timestamp's own time. */
  readonly time?: string;
  readonly faults: readonly Fault[];
  /** What later revisions changed, the forbidden first. */
  readonly changes: readonly Change[];
  /** Signature timestamps; one with faults proves nothing. */
  readonly tokens?: readonly { readonly genTime?: string; readonly faults: readonly Fault[] }[];
}

export interface PdfVerdict {
  readonly indication: Indication;
  readonly subIndication?: SubIndication;
  readonly integrity: 'sound' | 'broken';
  readonly signatures: readonly PdfSignatureVerdict[];
}

const MAX_SIGNATURES = 100;
/** Of those told; what is forbidden comes first. */
const MAX_CHANGES = 500;

/**
 * Verifies every signature of anybody's PDF by EN 319 102-1: basic, with time, and in the past with
 * proofs of existence taken from document timestamps in reverse order of revisions. Overall = the worst
 * signature; timestamps give proofs or none, but are no verdict of their own. Offline; `at` and trust are
 * the caller's. Throws the reader's errors when the file cannot be read at all.
 */
export function verifyPdf(
  bytes: Uint8Array,
  p: {
    readonly trust: PdfTrust;
    readonly at: Date;
    /** Without revocation data about every certificate nothing passes. */
    readonly requireRevocation?: boolean;
    /** When algorithms end, where a newer table than our own is known. */
    readonly sunsets?: readonly Sunset[];
    /** Revocation data from elsewhere, DER, which count up to `now`: later than `at`, if that was proven. */
    readonly kept?: KeptRevocation | undefined;
  },
): PdfVerdict {
  const file = readPdf(bytes, { inflate, tolerant: true });
  const found = distinct(readSignatures(file));
  // Each costs a digest of the file.
  if (found.length > MAX_SIGNATURES)
    throw new DomainError('budget-exceeded', 'too many signatures');
  const gathered = found.map((it) => gatherSignature(file, it));
  const stamps = gathered.filter(isTimestamp);
  const signatures = gathered.filter((it) => !isTimestamp(it));
  const world: World = {
    material: withKept(gatherMaterial(file, gathered), p.kept, file.last),
    existence: new Existence(p.at),
    now: p.kept?.now,
    requireRevocation: p.requireRevocation ?? false,
    sunsets: p.sunsets ?? SUNSETS,
  };
  const judgedStamps = new Map<GatheredSignature, PdfSignatureVerdict>();
  for (const stamp of byRevision(stamps))
    judgedStamps.set(stamp, judgeStamp(file, stamp, p.trust, world));
  const judged = signatures.map((it) => verdictOf(judgeSignature(file, it, p.trust, world), world));
  return {
    ...overall(judged),
    signatures: [...judged, ...stamps.map((stamp) => judgedStamps.get(stamp)!)],
  };
}

/** One dictionary may be the value of several fields; it is one signature. */
function distinct(signatures: readonly PdfSignature[]): PdfSignature[] {
  const seen = new Set<number>();
  return signatures.filter(({ ref }) => !ref || (!seen.has(ref.number) && seen.add(ref.number)));
}

/**
 * A document timestamp says so by `/Type` (ISO 32000-2 §12.8.5). Some writers get that wrong; then its
 * sub-filter and its content, which must be a token, decide together.
 */
const isTimestamp = ({ signature: { type, subFilter }, cms }: GatheredSignature): boolean =>
  type === 'DocTimeStamp' || (subFilter === 'ETSI.RFC3161' && cms?.contentType === OID.tstInfo);

/** Newest first: each may be needed to believe the one before it. */
const byRevision = (stamps: readonly GatheredSignature[]): GatheredSignature[] =>
  stamps.toSorted((a, b) => (b.revision ?? -1) - (a.revision ?? -1));

/** A document timestamp; one that holds proves that everything up to its revision existed. */
function judgeStamp(
  file: PdfFile,
  it: GatheredSignature,
  trust: PdfTrust,
  world: World,
): PdfSignatureVerdict {
  const { signature, revision } = it;
  const format = formatFaults(file, it, true);
  const younger = revision === undefined ? null : world.existence.provenAt(revision + 1);
  const token: TokenJudgement =
    format.length > 0
      ? { faults: [], genTime: null, signer: null, certificates: [] }
      : judgeToken({
          token: signature.paddedContents,
          data: coveredBytes(file.bytes, signature),
          anchors: trust.timestamp,
          existed: younger,
          world,
        });
  const faults = [...format, ...token.faults];
  if (younger && token.genTime && token.genTime.getTime() > younger.getTime() + 1000)
    faults.push(fault('token-time', 'TIMESTAMP_ORDER_FAILURE', 'stamped after a later revision'));
  if (faults.length === 0 && revision !== undefined && token.genTime)
    world.existence.add({ revision, time: token.genTime });
  const decisive =
    faults.find(({ subIndication }) => FAILURES.includes(subIndication)) ?? faults[0];
  return {
    field: signature.field,
    kind: 'document-timestamp',
    ...indicationOf(decisive),
    integrity: faults.some(({ subIndication }) => FAILURES.includes(subIndication))
      ? 'broken'
      : 'sound',
    ...(revision === undefined ? {} : { revision }),
    ...(token.signer ? { signer: certificateFacts(token.signer) } : {}),
    ...(token.genTime ? { time: toUtcSeconds(token.genTime) } : {}),
    faults,
    changes: [],
  };
}

function verdictOf(judgement: SignatureJudgement, world: World): PdfSignatureVerdict {
  const { gathered, faults, changes, certificate, existed } = judgement;
  const { signature, revision } = gathered;
  return {
    field: signature.field,
    kind: 'signature',
    ...indicationOf(faults[0]),
    integrity: judgement.sound ? 'sound' : 'broken',
    level: levelOf(judgement, world),
    ...(revision === undefined ? {} : { revision }),
    ...(certificate ? { signer: certificateFacts(certificate) } : {}),
    ...(existed ? { time: toUtcSeconds(existed) } : {}),
    faults,
    changes: changes
      .toSorted((a, b) => Number(a.allowed) - Number(b.allowed))
      .slice(0, MAX_CHANGES),
    tokens: judgement.tokens.map((token) => ({
      ...(token.genTime ? { genTime: toUtcSeconds(token.genTime) } : {}),
      faults: token.faults,
    })),
  };
}

function levelOf(
  { sound, existed, revocationKnown, gathered }: SignatureJudgement,
  { existence, material }: World,
): PadesLevel {
  if (!sound) return 'none';
  if (!existed) return 'B-B';
  if (!revocationKnown) return 'B-T';
  const revisions = [...material.crls, ...material.ocsps].map((it) => it.revision);
  const stored = revisions.filter((revision) => revision > (gathered.revision ?? 0));
  if (stored.length === 0) return 'B-T';
  return stored.some((revision) => existence.provenAt(revision)) ? 'B-LTA' : 'B-LT';
}

const indicationOf = (
  decisive: Fault | undefined,
): { indication: Indication; subIndication?: SubIndication } => {
  if (!decisive) return { indication: 'TOTAL-PASSED' };
  const { subIndication } = decisive;
  return {
    indication: FAILURES.includes(subIndication) ? 'TOTAL-FAILED' : 'INDETERMINATE',
    subIndication,
  };
};

function overall(signatures: readonly PdfSignatureVerdict[]): Omit<PdfVerdict, 'signatures'> {
  const worst =
    signatures.find(({ indication }) => indication === 'TOTAL-FAILED') ??
    signatures.find(({ indication }) => indication === 'INDETERMINATE') ??
    signatures[0];
  if (!worst)
    return {
      indication: 'INDETERMINATE',
      subIndication: 'SIGNED_DATA_NOT_FOUND',
      integrity: 'broken',
    };
  const { indication, subIndication } = worst;
  const sound = signatures.every(({ integrity }) => integrity === 'sound');
  return {
    indication,
    ...(subIndication ? { subIndication } : {}),
    integrity: sound ? 'sound' : 'broken',
  };
}
