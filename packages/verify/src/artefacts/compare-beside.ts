import { bytesEqual, isDomainError, sha256Hex, toUtcSeconds, utf8 } from '@mandate/core';
import { parseToken, type SubIndication } from '@mandate/pki';
import { checkKeyEnds } from '../checks/key-ends.js';
import { checkTimestamp } from '../checks/timestamp.js';
import { check, fail, pass } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding, Verification } from '../verification.js';
import type { Artefact } from './artefact.js';
import { conclusionOf } from './report-data.js';
import { earlierContainers, letterRevisions, passkeyIn } from './read-beside.js';
import { parseSignedJson } from './signed-json.js';
import { statusIn } from './verify-status-list.js';

interface Comparison {
  readonly findings: readonly Finding[];
  readonly facts?: Partial<NonNullable<Facts['receipt']>>;
}

/** What comparing needs beside the two. */
export interface ComparisonContext {
  readonly trust: Trust;
  readonly at: Date;
  /** The whole verification of a file for another moment. */
  readonly verifyAt: (bytes: Uint8Array, at: Date) => Verification;
}

/** What one artefact says about another given with it; nothing when the two have nothing to do with each other. */
export function compareBeside(
  subject: Artefact,
  other: Artefact,
  context: ComparisonContext,
): Comparison {
  if (subject.receipt) return compareReceipt(subject, other, context) ?? unrelated(other);
  if (subject.kind === 'proof') return compareProof(subject, other) ?? unrelated(other);
  if (subject.report) return compareReport(subject, other, context) ?? unrelated(other);
  if (subject.kind === 'checkpoint' && other.kind === 'token')
    return compareToken(subject.bytes, other, context);
  return unrelated(other);
}

const unrelated = ({ kind }: Artefact): Comparison => ({
  findings: [fail('beside-recognised', 'SIGNED_DATA_NOT_FOUND', { kind })],
});

const isLetter = ({ kind, profile }: Artefact): boolean =>
  kind === 'bundle' || profile === 'letter';

/** The other must be good itself, or belonging to it says nothing. */
function valid({ findings }: Artefact): Finding {
  const open = worst(findings);
  return open
    ? fail('beside-verified', open.subIndication!, { check: open.id })
    : pass('beside-verified');
}

const worst = (findings: readonly Finding[]): Finding | undefined =>
  findings.find(({ status }) => status === 'failed') ??
  findings.find(({ status }) => status === 'indeterminate');

function compareReceipt(
  subject: Artefact,
  other: Artefact,
  context: ComparisonContext,
): Comparison | null {
  const { fact, payload, jws } = subject.receipt!;
  if (isLetter(other)) {
    const { letter, terms, termsDigest, authorization } = other.facts;
    if (!letter)
      return { findings: [valid(other), fail('receipt-letter', 'SIGNED_DATA_NOT_FOUND')] };
    const same = (said: string, found: string | undefined): boolean =>
      found === undefined || said === found;
    const belongs =
      fact.letter === letter.digest &&
      same(fact.terms, termsDigest) &&
      same(fact.letterNumber, terms?.letterNumber) &&
      same(payload.institution.creditCode, terms?.institution.creditCode) &&
      same(fact.authorization, authorization?.id);
    return {
      findings: [
        check('receipt-letter', belongs, 'HASH_FAILURE', { letter: letter.digest }),
        valid(other),
      ],
    };
  }
  if (other.proof) {
    const open = worst(other.findings);
    const recorded = sha256Hex(other.proof.leaf) === payload.ledgerEntry;
    const index = { index: String(other.proof.proof.index) };
    const finding = !recorded
      ? fail('receipt-ledgered', 'HASH_FAILURE', index)
      : open
        ? fail('receipt-ledgered', open.subIndication!, { ...index, check: open.id })
        : pass('receipt-ledgered', index);
    return { findings: [finding] };
  }
  if (other.kind === 'proof') {
    const open = worst(other.findings)!;
    return { findings: [fail('receipt-ledgered', open.subIndication!, { check: open.id })] };
  }
  if (other.kind === 'status-list') return compareStatusList(subject, other);
  if (other.kind === 'token') {
    const { findings, facts } = compareToken(utf8(jws), other, context);
    const { trust } = context;
    const key = trust.receipt.get(parseSignedJson(utf8(jws)).keyId);
    // with a token that holds it is as old as that shows, whatever it says itself
    const uses =
      key && facts?.stampedAt ? [{ what: 'receipt', key, at: new Date(facts.stampedAt) }] : [];
    const ended = checkKeyEnds(uses, trust.keyEnds).filter(({ status }) => status === 'failed');
    return { findings: [...findings, ...ended], ...(facts ? { facts } : {}) };
  }
  return null;
}

/** A list that ended says nothing any more, which makes no receipt wrong; a forged one does not belong here. */
function compareStatusList({ receipt }: Artefact, { statusList, findings }: Artefact): Comparison {
  const open = worst(findings);
  if (open) {
    const reason: SubIndication =
      open.subIndication === 'EXPIRED' || open.subIndication === 'NOT_YET_VALID'
        ? 'TRY_LATER'
        : open.subIndication!;
    return { findings: [fail('receipt-status-list', reason, { check: open.id })] };
  }
  const status = statusList && statusIn(statusList, receipt!);
  return status
    ? { findings: [pass('receipt-status-list', { status })], facts: { status } }
    : { findings: [fail('receipt-status-list', 'SIGNED_DATA_NOT_FOUND')] };
}

/** An RFC 3161 token over exactly these bytes. */
function compareToken(
  data: Uint8Array,
  { bytes }: Artefact,
  { trust, at }: ComparisonContext,
): Comparison {
  try {
    const token = parseToken(bytes);
    const { timestamp: anchors, sunsets } = trust;
    const judged = checkTimestamp('timestamp', { token, data, anchors, at, sunsets });
    const { existedAt } = judged;
    return {
      findings: [pass('timestamp-readable'), ...judged.findings],
      ...(existedAt ? { facts: { stampedAt: toUtcSeconds(existedAt) } } : {}),
    };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const rule = { unsupported: 'CRYPTO_CONSTRAINTS_FAILURE', ownProfile: false } as const;
    return { findings: [refusal('timestamp-readable', error, rule)] };
  }
}

function compareProof({ proof }: Artefact, other: Artefact): Comparison | null {
  // The bytes of the entry itself; they served already when the proof does not carry them.
  if (other.kind === 'unknown')
    return proof
      ? { findings: [check('proof-about', bytesEqual(proof.leaf, other.bytes), 'HASH_FAILURE')] }
      : { findings: [] };
  if (!proof) return { findings: [] };
  const { entry } = proof;
  if (other.receipt) {
    const { payload, fact } = other.receipt;
    const about =
      'letter' in entry &&
      'fact' in entry &&
      entry.fact === payload.factDigest &&
      entry.letter === fact.letter;
    return { findings: [check('proof-about', about, 'HASH_FAILURE'), valid(other)] };
  }
  if (other.report) {
    const about = entry.kind === 'report' && entry.report === sha256Hex(other.report.bytes);
    const finding = check('proof-about', about, 'HASH_FAILURE');
    // data nobody sealed are those the ledger names, all the same
    return { findings: other.kind === 'pdf' ? [finding, valid(other)] : [finding] };
  }
  if (!isLetter(other)) return null;
  const { letter, certificate, signature, sealedBundleDigest } = other.facts;
  if (!letter || !certificate || !signature)
    return { findings: [fail('proof-about', 'SIGNED_DATA_NOT_FOUND'), valid(other)] };
  if (entry.kind === 'letter') {
    const compare = (
      id: 'entry-serial' | 'entry-signature' | 'entry-letter' | 'entry-scene' | 'entry-bundle',
      recorded: string,
      found: string | undefined,
    ): Finding => check(id, recorded === found, 'HASH_FAILURE', { recorded });
    return {
      findings: [
        check(
          'ledger-origin',
          proof.checkpoint.origin === certificate.ledgerOrigin,
          'HASH_FAILURE',
          {
            origin: proof.checkpoint.origin,
          },
        ),
        compare('entry-serial', entry.serial, certificate.serial),
        compare('entry-signature', entry.signature, signature.valueDigest),
        compare('entry-letter', entry.letter, letter.digest),
        compare('entry-scene', entry.scene, certificate.sceneDigest),
        ...(other.kind === 'bundle'
          ? [compare('entry-bundle', entry.bundle, sealedBundleDigest)]
          : []),
        valid(other),
      ],
    };
  }
  if (entry.kind === 'credential' || entry.kind === 'credential-end') {
    const passkey = passkeyIn(other);
    // a letter without its bundle names no passkey
    const finding =
      passkey === undefined
        ? fail('proof-about', 'SIGNED_DATA_NOT_FOUND')
        : check('proof-about', entry.credential === passkey, 'HASH_FAILURE');
    return { findings: [finding, valid(other)] };
  }
  if (entry.kind === 'renewal' && entry.serial === certificate.serial) {
    const has = letterRevisions(other).includes(entry.letter);
    // one of another time may be the next
    return { findings: [check('proof-about', has, 'SIGNED_DATA_NOT_FOUND'), valid(other)] };
  }
  const about =
    'serial' in entry
      ? entry.serial === certificate.serial && entry.kind !== 'renewal'
      : 'letter' in entry && entry.letter === letter.digest;
  return { findings: [check('proof-about', about, 'HASH_FAILURE'), valid(other)] };
}

function compareReport(
  { report, kind }: Artefact,
  other: Artefact,
  { verifyAt }: ComparisonContext,
): Comparison | null {
  // data without a seal, beside the sealed report they were taken from
  if (other.report && kind === 'report' && other.kind === 'pdf') {
    const same = bytesEqual(report!.bytes, other.report.bytes);
    return {
      findings: [
        same ? pass('report-sealed') : fail('report-sealed', 'HASH_FAILURE'),
        valid(other),
      ],
    };
  }
  if (other.kind === 'proof') return { findings: [reportLedgered(report!, other)] };
  if (other.kind !== 'bundle' && other.kind !== 'pdf') return null;
  const judged = fileOf(report!, other);
  if (!judged) return { findings: [fail('report-input', 'HASH_FAILURE')] };
  const anew = verifyAt(judged, new Date(report!.judgedAt));
  const same = JSON.stringify(conclusionOf(anew)) === JSON.stringify(report!.conclusion);
  // With fewer anchors than the report was made with, nothing contradicts it and nothing confirms it.
  const { indication, subIndication } = anew.verdict;
  const open = indication === 'INDETERMINATE' ? subIndication : undefined;
  return {
    findings: [
      pass('report-input'),
      check('report-recomputed', same, open ?? 'HASH_FAILURE', {
        said: report!.indication,
        found: indication,
      }),
    ],
  };
}

/** The very file the report is about: the one given, or what a bundle was before it grew. */
function fileOf(
  { input }: NonNullable<Artefact['report']>,
  { kind, bytes }: Artefact,
): Uint8Array | undefined {
  const isIt = (file: Uint8Array): boolean => sha256Hex(file) === input.digest;
  if (isIt(bytes)) return bytes;
  if (kind !== 'bundle') return undefined;
  for (const earlier of earlierContainers(bytes)) if (isIt(earlier)) return earlier;
  return undefined;
}

/** The operator entered that it made this very report. */
function reportLedgered({ bytes }: NonNullable<Artefact['report']>, other: Artefact): Finding {
  const open = worst(other.findings);
  const entry = other.proof?.entry;
  const recorded = entry?.kind === 'report' && entry.report === sha256Hex(bytes);
  if (entry && !recorded) return fail('report-ledgered', 'HASH_FAILURE');
  return open
    ? fail('report-ledgered', open.subIndication!, { check: open.id })
    : pass('report-ledgered');
}
