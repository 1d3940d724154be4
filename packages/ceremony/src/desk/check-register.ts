import { registerDigest } from '../privacy/anchor-register.js';
import { checkDeskRegister } from '../reconcile/check-desk-register.js';
import type { AuditReads } from './audit-ports.js';

/** Anchors looked at: about a day of them, one a minute at most. */
const ANCHORS = 1500;

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
export async function checkRegister(record: AuditReads): Promise<RegisterCheck> {
  const problems: { code: string; at: string }[] = [];
  const anchors = await record.registerAnchors(ANCHORS);
  let covered = 0;
  for (const { number, openings, digest, digests, entry } of anchors) {
    covered += digests.length;
    const told = entry === null ? null : (JSON.parse(entry) as Record<string, unknown>);
    const same = registerDigest(digests) === digest && digests.length === openings;
    const inLedger =
      told === null ||
      (told['kind'] === 'register' &&
        told['number'] === number &&
        told['openings'] === openings &&
        told['digest'] === digest);
    if (!same || !inLedger) problems.push({ code: 'register-unanchored', at: `anchor ${number}` });
  }
  const deskEntries = await checkDeskRegister(
    record.deskRegister(),
    (code, at) => void problems.push({ code, at: String(at) }),
  );
  const { entries: unanchored, openings: openingsOutside } = await record.unanchored();
  return { anchors: anchors.length, covered, deskEntries, unanchored, openingsOutside, problems };
}
