import { toUtcSeconds } from '@mandate/core';
import type { LedgerEntry } from '@mandate/ledger';
import type { Terms } from '@mandate/terms';
import type { AuthorizationRow } from '../ports.js';

/** What is stated of an authorization in a later generation: what these entries say, and nothing else. */
export function laterState(
  { id, letterDigest }: AuthorizationRow,
  { uses }: Pick<Terms, 'uses'>,
  /** All entries about the letter so far. */
  entries: readonly LedgerEntry[],
  p: { readonly generation: number; readonly asOf: Date; readonly ledgerSize: number },
) {
  const of = <K extends LedgerEntry['kind']>(kind: K): Extract<LedgerEntry, { kind: K }>[] =>
    entries.filter((it): it is Extract<LedgerEntry, { kind: K }> => it.kind === kind);
  const redemptions = of('redemption');
  const now = new Map(redemptions.map(({ fact, step }) => [fact, step]));
  const steps = [...now.values()];
  const holds = of('hold').map(({ step }) => step);
  const opened = holds.filter((step) => step === 'opened').length;
  return {
    format: 'mandate-later-state/v1',
    authorization: id,
    letter: letterDigest,
    generation: p.generation,
    asOf: toUtcSeconds(p.asOf),
    ledgerSize: p.ledgerSize,
    uses: {
      allowed: uses.kind === 'count' ? uses.count : uses.atMost,
      per: uses.kind === 'recurring' ? uses.per : null,
      counted: steps.filter((step) => step !== 'released').length,
      reserved: steps.filter((step) => step === 'reserved').length,
    },
    withdrawn: of('withdrawal').length > 0,
    hold: holds.includes('upheld') ? 'upheld' : opened * 2 > holds.length ? 'open' : 'none',
    ended: of('end').length > 0,
    restricted: of('shred').some(({ step }) => step === 'restricted'),
    releases: of('access').length,
  } as const;
}
