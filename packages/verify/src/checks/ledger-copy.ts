import { sha256Hex, toHex, toUtcSeconds } from '@mandate/core';
import type { LedgerEntry, LedgerSearch } from '@mandate/ledger';
import { allPassed, check, fail, pass, skip } from '../finding.js';
import type { Facts, Finding, LedgerCopyFacts } from '../verification.js';

/**
 * What was read of a file, held against a whole ledger: the single-signature rule over all its entries, and whether
 * what is told of the letter's later life is all that was recorded. Says nothing of files that name neither
 * certificate nor letter.
 */
export function checkLedgerCopy(
  facts: Facts,
  copy: LedgerSearch,
): { readonly findings: readonly Finding[]; readonly facts: Pick<Facts, 'ledgerCopy'> } {
  const { question } = copy;
  // what was asked about another file is no answer about this one
  const certificate = question.serial === facts.certificate?.serial ? facts.certificate : undefined;
  const receipt = question.letter === facts.receipt?.letter ? facts.receipt : undefined;
  if (!certificate?.ledgerOrigin && !receipt) return { findings: [], facts: {} };
  const whole = checkCopy(copy, certificate?.ledgerOrigin ?? null);
  // nothing follows from files that are not what was signed
  const sound = [whole, ...(whole.status === 'passed' ? checkForked(facts, copy) : [])];
  if (!allPassed(sound)) return { findings: sound, facts: {} };
  return {
    findings: [
      ...sound,
      ...(certificate?.ledgerOrigin ? checkSerial(facts, copy) : []),
      ...checkTold(facts, copy),
      ...(receipt ? [checkReceipt(receipt.ledgerEntry, copy)] : []),
    ],
    facts: { ledgerCopy: copyFacts(facts, copy) },
  };
}

/** All files were there, give the root that was signed, and it is the ledger the certificate names. */
function checkCopy({ head, signers, broken }: LedgerSearch, origin: string | null): Finding {
  if (!head || broken !== null) return fail('ledger-copy', 'NO_POE', { reason: broken ?? '' });
  if (!signers.includes(head.origin)) return fail('ledger-copy', 'NO_SIGNING_CERTIFICATE_FOUND');
  return check('ledger-copy', origin === null || head.origin === origin, 'NO_POE', {
    origin: head.origin,
    size: String(head.size),
  });
}

/** The head in the letter's proof is this ledger's beginning: else two histories are signed. */
function checkForked({ ledger }: Facts, { head, rootAt, question }: LedgerSearch): Finding[] {
  if (!ledger || !head) return [];
  // the copy ends before that head, or nobody asked it for the root it had then
  if (ledger.size > head.size || question.size !== ledger.size)
    return [fail('ledger-copy-extends', 'NO_POE', { size: String(head.size) })];
  const same = rootAt !== null && toHex(rootAt) === ledger.root;
  return [check('ledger-copy-extends', same, 'HASH_FAILURE', { size: String(ledger.size) })];
}

/** Entries of these kinds, narrowed. */
function ofKind<K extends LedgerEntry['kind']>({ entries }: LedgerSearch, ...kinds: readonly K[]) {
  type Narrow = Extract<LedgerEntry, { kind: K }>;
  const isOne = (entry: LedgerEntry): entry is Narrow =>
    (kinds as readonly LedgerEntry['kind'][]).includes(entry.kind);
  return entries.flatMap(({ index, entry }) => (isOne(entry) ? [{ index, entry }] : []));
}

/** One intent, one letter, no void: the only signature that counts under the certificate, announced before. */
function checkSerial({ certificate, signature, letter }: Facts, copy: LedgerSearch): Finding[] {
  const serial = certificate!.serial;
  const own = ({ entry }: { readonly entry: { readonly serial: string } }) =>
    entry.serial === serial;
  const [intents, letters, voids] = [
    ofKind(copy, 'intent').filter(own),
    ofKind(copy, 'letter').filter(own),
    ofKind(copy, 'void').filter(own),
  ];
  const [intent] = intents;
  const [recorded] = letters;
  const announced =
    intents.length === 1 &&
    intent!.entry.tbs === certificate!.tbsDigest &&
    (!recorded || intent!.index < recorded.index);
  const single =
    letters.length === 1 &&
    recorded!.entry.signature === signature?.valueDigest &&
    recorded!.entry.letter === letter?.digest;
  return [
    check('intent-announced', announced, 'HASH_FAILURE', { intents: String(intents.length) }),
    // a letter that nobody recorded may be one whose ceremony never ended
    letters.length === 0
      ? fail('letter-recorded-once', 'NO_POE', { letters: '0' })
      : check('letter-recorded-once', single, 'HASH_FAILURE', { letters: String(letters.length) }),
    check('serial-not-void', voids.length === 0, 'HASH_FAILURE'),
  ];
}

/** Entries about a letter that a bundle's later generations tell by a receipt: openings for the disputes desk have none. */
const TOLD = ['redemption', 'withdrawal', 'hold', 'end', 'access', 'shred'] as const;

/**
 * Everything recorded before the newest generation was made is told in it, and nothing is told that was not. A copy
 * older than the generation can contradict it as far as the copy goes, but confirms nothing.
 */
function checkTold({ later }: Facts, copy: LedgerSearch): Finding[] {
  if (!later) return [];
  const told = new Map(
    later.facts.flatMap(({ index, steps = [], digest }) =>
      [index, ...steps.map((step) => step.index)].map((at) => [at, digest] as const),
    ),
  );
  const recorded = ofKind(copy, ...TOLD);
  const { ledgerSize } = later.state;
  const { size } = copy.head!;
  const untold = recorded.find(
    ({ index, entry }) =>
      index < ledgerSize &&
      !told.has(index) &&
      !(entry.kind === 'shred' && entry.step === 'id-image-destroyed'),
  );
  if (untold)
    return [
      fail('later-told', 'HASH_FAILURE', {
        untold: untold.entry.kind,
        index: String(untold.index),
      }),
    ];
  const made = [...told].find(
    ([index, digest]) =>
      (index ?? 0) < size && !recorded.some((it) => it.index === index && it.entry.fact === digest),
  );
  if (made) return [fail('later-told', 'HASH_FAILURE', { unrecorded: String(made[0]) })];
  return [
    reachesLater(later, size)
      ? pass('later-told', { size: String(ledgerSize) })
      : skip('later-told', { size: String(size) }),
  ];
}

/** Whether a copy of this size holds all that the newest generation could tell. */
const reachesLater = ({ state, facts }: NonNullable<Facts['later']>, size: number): boolean =>
  state.ledgerSize <= size &&
  facts.every(({ index = 0, steps = [] }) =>
    [index, ...steps.map((step) => step.index)].every((it) => it < size),
  );

const checkReceipt = (digest: string, { entries }: LedgerSearch): Finding =>
  check(
    'receipt-recorded',
    entries.some(({ bytes }) => sha256Hex(bytes) === digest),
    'NO_POE',
  );

function copyFacts({ ledger }: Facts, copy: LedgerSearch): LedgerCopyFacts {
  const recorded: Record<string, number> = {};
  for (const { entry } of copy.entries) {
    const name = 'step' in entry ? `${entry.kind}:${entry.step}` : entry.kind;
    recorded[name] = (recorded[name] ?? 0) + 1;
  }
  const stamp = copy.stamps?.find(({ size }) => ledger !== undefined && size > ledger.index);
  const head = copy.head!;
  return {
    origin: head.origin,
    size: head.size,
    root: toHex(head.root),
    recorded,
    ...(stamp && {
      stamp: { size: stamp.size, at: toUtcSeconds(stamp.at), authority: stamp.authority },
    }),
  };
}
