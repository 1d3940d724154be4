import { addSeconds, newId, type Clock } from '@mandate/core';
import { registerDigest } from '../privacy/anchor-register.js';
import { checkDeskRegister } from '../reconcile/check-desk-register.js';
import type { AuditReads } from './audit-ports.js';

/** Anchors looked at: about a day of them, one a minute at most. */
const ANCHORS = 1500;
/** Seconds in which an anchor's entry comes into the tree. */
const ENTRY_WITHIN = 60;
/** Seconds in which an entry of the register is anchored: five minutes old, then the minute's run. */
const ANCHOR_WITHIN = 600;

export interface RegisterCheck {
  readonly anchors: number;
  /** How many entries of the register those anchors cover. */
  readonly covered: number;
  /** Searches and refusals: all of them. */
  readonly deskEntries: number;
  /** Younger than the last anchor. */
  readonly unanchored: number;
  /** Openings for cases whose ledger entry is not in the tree. */
  readonly openingsOutside: number;
  readonly problems: readonly { readonly code: string; readonly at: string }[];
}

/**
 * Whether the register still is what the ledger has the digests of, as far as the desk's own login can tell;
 * `mandate doctor` looks at every entry and the tree itself. A negative result is data.
 */
export async function checkRegister(
  record: Pick<AuditReads, 'registerAnchors' | 'deskRegister' | 'unanchored'>,
  clock: Clock,
): Promise<RegisterCheck> {
  const now = clock.now();
  const problems: { code: string; at: string }[] = [];
  const missing = (at: string): void => void problems.push({ code: 'register-unanchored', at });
  const { anchors, inLedger } = await record.registerAnchors(ANCHORS);
  const last = anchors[0]?.number ?? 0;
  let covered = 0;
  let waiting = 0;
  for (const [i, { number, openings, digest, digests, entry, madeAt }] of anchors.entries()) {
    covered += digests.length;
    const told = entry === null ? null : (JSON.parse(entry) as Record<string, unknown>);
    const same = registerDigest(digests) === digest && digests.length === openings;
    if (told === null) waiting++;
    const toldSame = told
      ? told['kind'] === 'register' &&
        told['number'] === number &&
        told['openings'] === openings &&
        told['digest'] === digest
      : madeAt > addSeconds(now, -ENTRY_WITHIN);
    if (!same || !toldSame || number !== last - i) missing(`anchor ${number}`);
  }
  // Anchors are numbered without gaps, so the ledger has one entry for each: removed anchors are missed here.
  if (inLedger !== last - waiting) missing(`${last} anchors, ${inLedger} in the ledger`);
  const deskEntries = await checkDeskRegister(
    record.deskRegister(),
    (code, at) => void problems.push({ code, at: String(at) }),
  );
  const { entries: unanchored, first, openings: openingsOutside } = await record.unanchored();
  if (first !== null && first < firstIdOf(addSeconds(now, -ANCHOR_WITHIN))) missing(first);
  return { anchors: anchors.length, covered, deskEntries, unanchored, openingsOutside, problems };
}

/** The first id there can be of that moment. */
const firstIdOf = (at: Date): string =>
  newId('access', { now: () => at }, { bytes: (length) => new Uint8Array(length) });
