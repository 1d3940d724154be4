import { DomainError, type GrantRight, type Opening } from '@mandate/core';
import { evidenceBundle } from '@mandate/ceremony';
import type { DeskParts } from './desk-parts.js';

export interface OpenedBundle {
  readonly bundle: Uint8Array;
  /** Who, when, under which case: what watermarks name. */
  readonly opening: Omit<Opening, 'dataKey'>;
}

/**
 * The newest evidence bundle of one authorization, opened under a grant: one entry of register and ledger. Throws as
 * `openForCase`; `illegal-transition` before release, which opens nothing.
 */
export async function openedBundle(
  { clock, random, record, objects, authority }: DeskParts,
  asked: { secret: Uint8Array; grant: string; authorization: string; right: GrantRight },
): Promise<OpenedBundle> {
  const authorization = await record.authorization(asked.authorization);
  let opening: OpenedBundle['opening'] | undefined;
  const vault = {
    // Asked once the letter is known to be there: a refusal is no opening.
    unwrap: async () => {
      const { dataKey, ...rest } = await authority.vault.openForCase(asked);
      opening = rest;
      return { dataKey };
    },
  };
  // Purpose and actor stand in the register already, by the opening itself.
  const noted = { purpose: 'case', actor: 'desk' } as const;
  const deps = { clock, random, record, objects, vault };
  const bundle = await evidenceBundle(deps, authorization, noted);
  if (!opening) throw new DomainError('internal', 'nothing was opened');
  return { bundle, opening };
}
