import { sha256Hex } from '@mandate/core';
import type { LedgerEntry } from '@mandate/ledger';
import type { Terms } from '@mandate/terms';
import type { LaterMaterial, LaterReceipt } from '../material/later-material.js';
import type { FactKind } from '../artefacts/fact-shapes.js';
import { agreesWithFact } from '../artefacts/receipt-payload.js';

/** What the later generations are about. */
export interface LaterSubject {
  readonly authorization: string;
  /** Digest of the letter as shown, hex. */
  readonly letter: string;
  readonly termsDigest: string;
  readonly terms: Terms;
  /** Of the scene certificate; null when it could not be read. */
  readonly serial: string | null;
  readonly ledgerOrigin: string;
  /** What the ledger says of the passkey that answered, if one did. */
  readonly passkey: { readonly entry: string; readonly credential: string } | null;
}

/** Which entry records each kind of fact, and its step. */
const ENTRIES: Readonly<
  Record<
    FactKind,
    { readonly entry: LedgerEntry['kind']; readonly step?: (fact: LaterReceipt['fact']) => unknown }
  >
> = {
  redemption: {
    entry: 'redemption',
    step: (fact) => (fact['reservedUntil'] === undefined ? 'confirmed' : 'reserved'),
  },
  withdrawal: { entry: 'withdrawal' },
  hold: { entry: 'hold', step: () => 'opened' },
  'hold-resolution': { entry: 'hold', step: (fact) => fact['outcome'] },
  end: { entry: 'end' },
  release: { entry: 'access' },
  restriction: { entry: 'shred', step: () => 'restricted' },
  erasure: { entry: 'shred', step: () => 'erased' },
  'id-image-destruction': { entry: 'shred', step: () => 'id-image-destroyed' },
};

const stepOf = (entry: LedgerEntry): string | undefined =>
  'step' in entry ? entry.step : undefined;

/** The first thing that is wrong, as a finding's place. */
export type Wrong = { readonly generation: string; readonly what: string } | undefined;

export const place = ({ generation }: LaterMaterial, what: string): Wrong => ({
  generation: String(generation.number),
  what,
});

/** About this letter, each saying what follows from its fact, and none twice. */
export function wrongReceipt(material: readonly LaterMaterial[], subject: LaterSubject): Wrong {
  const seen = new Set<string>();
  for (const it of material)
    for (const receipt of it.receipts) {
      const { fact, kind, payload } = receipt;
      const ok =
        agreesWithFact(kind, payload) &&
        fact.authorization === subject.authorization &&
        fact.letter === subject.letter &&
        fact.terms === subject.termsDigest &&
        fact.letterNumber === subject.terms.letterNumber &&
        !seen.has(fact.id);
      if (!ok) return place(it, fact.id);
      seen.add(fact.id);
    }
  return undefined;
}

/** Each entry is about this letter and once there, each receipt has its entry, each entry its receipt. */
export function wrongEntry(material: readonly LaterMaterial[], subject: LaterSubject): Wrong {
  const seen = new Set<string>();
  const redemptions = new Set<string>();
  for (const it of material) {
    const receipts = new Map(it.receipts.map((receipt) => [receipt.ledgerEntry, receipt]));
    if (receipts.size !== it.receipts.length) return place(it, 'two receipts of one entry');
    for (const receipt of it.receipts)
      if (receipt.kind === 'redemption') redemptions.add(receipt.factDigest);
    for (const proof of it.proofs) {
      const { entry, named } = proof;
      const digest = sha256Hex(proof.leaf);
      if (seen.has(digest) || !isAbout(entry, digest, subject)) return place(it, String(named));
      seen.add(digest);
      const receipt = receipts.get(digest);
      receipts.delete(digest);
      if ('fact' in entry && !fits(entry, receipt, redemptions)) return place(it, String(named));
    }
    const [alone] = receipts.values();
    if (alone) return place(it, alone.fact.id);
  }
  return undefined;
}

function isAbout(entry: LedgerEntry, digest: string, subject: LaterSubject): boolean {
  switch (entry.kind) {
    case 'redemption':
    case 'withdrawal':
    case 'hold':
    case 'end':
    case 'access':
    case 'shred':
      return entry.letter === subject.letter;
    case 'renewal':
      return subject.serial === null || entry.serial === subject.serial;
    case 'credential':
      return digest === subject.passkey?.entry;
    case 'credential-end':
      return entry.credential === subject.passkey?.credential;
    case 'key-event':
      return entry.event === 'ended';
    default:
      return false;
  }
}

/** The entry of this receipt; or a later step of a use, which has none of its own. */
function fits(
  entry: Extract<LedgerEntry, { fact: string }>,
  receipt: LaterReceipt | undefined,
  redemptions: ReadonlySet<string>,
): boolean {
  if (receipt) {
    const due = ENTRIES[receipt.kind];
    return (
      entry.fact === receipt.factDigest &&
      // entered when it happened: a fact cannot be told as older than the ledger knows it
      entry.at === receipt.fact.at &&
      entry.kind === due.entry &&
      stepOf(entry) === due.step?.(receipt.fact)
    );
  }
  return entry.kind === 'redemption' && entry.step !== 'reserved' && redemptions.has(entry.fact);
}
