import { isDomainError, sha256Hex, toUtcSeconds, type ReaderJwk } from '@mandate/core';
import type { Sunset } from '@mandate/pki';
import { judgeArtefact, type Artefact } from './artefacts/artefact.js';
import { compareBeside } from './artefacts/compare-beside.js';
import type { ComparisonContext } from './artefacts/comparison.js';
import { kindOf } from './artefacts/recognise.js';
import type { NotCheckedId } from './catalogue.js';
import type { LedgerSearch } from '@mandate/ledger';
import { checkLedgerCopy } from './checks/ledger-copy.js';
import { witnessKeys } from './checks/ledger.js';
import { fail, pass } from './finding.js';
import {
  parseTrust,
  type KeyEnded,
  type PasskeyEnded,
  type Trust,
  type TrustAnchors,
} from './trust.js';
import { judgeFile } from './verdict.js';
import type { Facts, Finding, Verification } from './verification.js';

export interface VerifyOptions {
  readonly anchors: TrustAnchors;
  readonly at: Date;
  /** Files to compare it with: the letter of a receipt, the entry or letter of a proof, the file of a report … */
  readonly beside?: readonly Uint8Array[] | undefined;
  /** When algorithms end, where a newer table than our own is known. */
  readonly sunsets?: readonly Sunset[] | undefined;
  /** Distinct operators (anchors) that must have stamped a letter; default 1. */
  readonly minOperators?: number | undefined;
  /** Distinct trusted witnesses that must have cosigned the letter's checkpoint; default 0. */
  readonly minWitnesses?: number | undefined;
  /** Nothing passes without revocation data about every certificate that could be revoked. */
  readonly requireRevocation?: boolean | undefined;
  /** All ends of passkeys that a ledger's entries tell; without them it is not checked whether one had ended. */
  readonly passkeyEnds?: readonly PasskeyEnded[] | undefined;
  /** All ends of keys that a ledger's entries tell; without them a bundle's own later generations may tell some. */
  readonly keyEnds?: readonly KeyEnded[] | undefined;
  /** The private key of whoever reads, to open what a bundle discloses to them alone. */
  readonly readerKey?: ReaderJwk | undefined;
  /** What a whole ledger says about this file's certificate and letter: then the rule of the single signature is checked over all its entries. */
  readonly ledger?: LedgerSearch | undefined;
}

/**
 * Verifies any artefact offline: a signed letter or report (PDF), a bundle (ASiC-E), several reports under
 * their lists of evidence (ZIP), a receipt or status list (JWS), a ledger's checkpoint or proof, a report's data. `at` is the moment to judge for and the anchors are the caller's
 * belief: neither ever comes from the input. Bad input is a result, not an exception; throws only for broken
 * anchors (`format-certificate`, `format-ledger`, `format-json`).
 */
export function verifyFile(bytes: Uint8Array, options: VerifyOptions): Verification {
  const { at, beside = [] } = options;
  const { ledger } = options;
  const entry = beside.find(isEntry);
  const judgeWith = (ends: Ends) => {
    const trust = parseTrust(options.anchors, { ...options, ...ends });
    return { trust, subject: guarded(bytes, trust, at, entry) };
  };
  const given: Ends = { passkeyEnds: options.passkeyEnds, keyEnds: options.keyEnds };
  const signed = signedEnds(ledger);
  let { trust, subject } = judgeWith({
    passkeyEnds: given.passkeyEnds ?? signed.passkeyEnds,
    keyEnds: given.keyEnds ?? signed.keyEnds,
  });
  const { kind, profile } = subject;
  const recognised = kind !== 'unknown' && kind !== 'token';
  const inCopy = recognised && ledger ? checkLedgerCopy(subject.facts, ledger) : null;
  // another's ledger, or one that does not extend the proof's, says nothing of this file's passkey and keys either
  if (signed.keyEnds && ledger && !isOfLedger(subject.facts, ledger, inCopy))
    ({ trust, subject } = judgeWith(given));
  const context = {
    trust,
    at,
    verifyAt: (file: Uint8Array, then: Date) =>
      verifyFile(file, { ...options, at: then, beside: [] }),
  };
  const others = recognised ? beside.map((it) => guarded(it, trust, at)) : [];
  const compared = others.map((other) => compareGuarded(subject, other, context));
  const said = compared.flatMap(({ findings }) => findings);
  const findings = recognised
    ? [
        pass('input-recognised'),
        // what nobody signed may be vouched for by what was given with it
        ...subject.findings.filter((it) => it.id !== 'report-sealed' || !answered(said)),
        ...said,
        ...(inCopy?.findings ?? []),
      ]
    : [fail('input-recognised', 'FORMAT_FAILURE')];
  const { signatures, integrity } = subject;
  return {
    format: 'mandate-verification/v1',
    input: {
      kind: recognised ? kind : 'unknown',
      ...(profile ? { profile } : {}),
      digest: sha256Hex(bytes),
      size: bytes.length,
    },
    at: toUtcSeconds(at),
    ...judgeFile(findings),
    ...(integrity ? { integrity } : {}),
    ...(signatures ? { signatures } : {}),
    findings,
    facts: { ...factsOf(subject, others, compared), ...inCopy?.facts },
    notChecked: recognised ? openQuestions(subject, others, trust, inCopy, said) : [],
  };
}

type Ends = Pick<VerifyOptions, 'passkeyEnds' | 'keyEnds'>;

/** Ends of passkeys and keys in a whole copy whose head a trusted key signed; whose ledger it is, the file tells. */
const signedEnds = (ledger: LedgerSearch | undefined): Ends =>
  ledger?.head && ledger.broken === null && ledger.signers.includes(ledger.head.origin)
    ? { passkeyEnds: ledger.credentialEnds, keyEnds: ledger.keyEnds }
    : {};

/** A file of a letter by what the copy says of it; of any other, by the ledger that it names, if it names one. */
function isOfLedger(
  { certificate, receipt, checkpoint }: Facts,
  { head }: LedgerSearch,
  inCopy: ReturnType<typeof checkLedgerCopy> | null,
): boolean {
  if (certificate?.ledgerOrigin || receipt) return inCopy?.facts.ledgerCopy !== undefined;
  return checkpoint === undefined || checkpoint.origin === head?.origin;
}

const answered = (findings: readonly Finding[]): boolean =>
  findings.some(({ id }) => id === 'report-sealed');

/** Anything unknown beside a proof can only be the entry itself. */
const isEntry = (bytes: Uint8Array): boolean => kindOf(bytes) === 'unknown';

/** Input that breaks a reader in a way nobody foresaw (nesting, exotic values) is malformed input. */
function guarded(bytes: Uint8Array, trust: Trust, at: Date, entry?: Uint8Array): Artefact {
  try {
    return judgeArtefact(bytes, trust, at, entry);
  } catch (error) {
    return { kind: kindOf(bytes), bytes, findings: [unforeseen(error)], facts: {} };
  }
}

function compareGuarded(
  subject: Artefact,
  other: Artefact,
  context: ComparisonContext,
): ReturnType<typeof compareBeside> {
  try {
    return compareBeside(subject, other, context);
  } catch (error) {
    return { findings: [unforeseen(error)] };
  }
}

const unforeseen = (error: unknown): Finding =>
  fail('processed', 'FORMAT_FAILURE', {
    reason: isDomainError(error) ? error.code : error instanceof Error ? error.name : 'error',
  });

function factsOf(
  { facts }: Artefact,
  others: readonly Artefact[],
  compared: readonly ReturnType<typeof compareBeside>[],
): Facts {
  if (others.length === 0) return facts;
  const { receipt } = facts;
  const more = Object.assign({}, ...compared.map((it) => it.facts)) as object;
  return {
    ...facts,
    ...(receipt ? { receipt: { ...receipt, ...more } } : {}),
    beside: others.map(({ kind, bytes }) => ({ kind, digest: sha256Hex(bytes) })),
  };
}

/** What nobody looked at, or could not with what was given. */
function openQuestions(
  { kind, profile, facts }: Artefact,
  others: readonly Artefact[],
  { ledger }: Trust,
  inCopy: ReturnType<typeof checkLedgerCopy> | null,
  said: readonly Finding[],
): readonly NotCheckedId[] {
  const wholeLedger = inCopy?.facts.ledgerCopy !== undefined;
  const told = inCopy?.findings.some(
    ({ id, status }) => id === 'later-told' && status === 'passed',
  );
  const given = (...kinds: readonly string[]): boolean =>
    others.some((it) => kinds.includes(it.kind));
  const answeredBy: Partial<Record<NotCheckedId, boolean>> = {
    'ledger-witnesses': witnessKeys(ledger).length > 0,
    'ledger-uniqueness': wholeLedger,
    'later-events': wholeLedger || facts.later !== undefined,
    'later-newest': told || facts.later === undefined,
    'desk-openings': facts.later === undefined || !inCopy?.facts.ledgerCopy?.recorded['opening'],
    'receipt-letter': given('bundle', 'pdf'),
    'receipt-status': given('status-list'),
    'receipt-ledger': wholeLedger || given('proof'),
    'proof-subject': others.length > 0,
    'report-content': said.some(
      ({ id, status }) => id === 'report-recomputed' && status === 'passed',
    ),
  };
  const questions =
    NOT_CHECKED_IN[profile === 'report' ? 'sealed-report' : (profile ?? kind)] ?? [];
  return questions.filter((id) => !answeredBy[id]);
}

const LETTERS: readonly NotCheckedId[] = [
  'person',
  'authority-revocation',
  'rendering',
  'later-events',
];
const NOT_CHECKED_IN: Readonly<Partial<Record<string, readonly NotCheckedId[]>>> = {
  bundle: [...LETTERS, 'later-newest', 'desk-openings', 'ledger-uniqueness', 'ledger-witnesses'],
  letter: ['bundle-claims', ...LETTERS],
  pades: ['signer-identity', 'current-revocation'],
  receipt: ['receipt-letter', 'receipt-status', 'receipt-ledger'],
  checkpoint: ['ledger-content', 'ledger-witnesses'],
  proof: ['proof-subject', 'ledger-witnesses'],
  'sealed-report': ['report-content', 'report-details', 'current-revocation'],
  report: ['report-content', 'report-details'],
  filing: ['filing-content', 'current-revocation'],
};
