import { DomainError, STATES, toUtcSeconds } from '@mandate/core';
import type { LetterFacts } from '@mandate/ceremony';
import { z } from 'zod';
import type { Contexts, DeskParts } from './desk-parts.js';

/** How long somebody may look at the facts of what a search of theirs has found, milliseconds: a working day. */
const LOOKED_UP = 12 * 3_600_000;

const moment = z.string().nullable();
export const letterView = z.object({
  authorization: z.string(),
  institution: z.object({ id: z.string(), name: z.string() }),
  letterNumber: z.string(),
  businessReference: z.string(),
  state: z.enum(STATES),
  requestedAt: z.string(),
  endsAt: z.string(),
  withdrawnAt: moment,
  withdrawnBy: z.string().nullable(),
  frozenSince: moment.describe('Of a dispute that is open or was upheld'),
  frozenWhy: z.string().nullable(),
  endedAt: moment,
  erasedAt: moment,
});

export const letterViewOf = (row: LetterFacts): z.input<typeof letterView> => ({
  authorization: row.id,
  institution: { id: row.institutionId, name: row.institution },
  ...{ letterNumber: row.letterNumber, businessReference: row.businessReference },
  state: row.state,
  requestedAt: toUtcSeconds(row.createdAt),
  endsAt: toUtcSeconds(row.endAt),
  withdrawnAt: row.withdrawnAt && toUtcSeconds(row.withdrawnAt),
  withdrawnBy: row.withdrawnBy,
  frozenSince: row.frozenAt && toUtcSeconds(row.frozenAt),
  frozenWhy: row.frozenWhy,
  endedAt: row.endedAt && toUtcSeconds(row.endedAt),
  erasedAt: row.erasedAt && toUtcSeconds(row.erasedAt),
});

/**
 * Facts of a letter for whoever came to it by a search of theirs or by a case: who knows an id has not looked it up
 * yet. Throws `not-found`.
 */
export async function visibleLetter(
  { record, clock }: Pick<DeskParts, 'record' | 'clock'>,
  { staff, institutionId, roles }: Pick<Contexts['staff'], 'staff' | 'institutionId' | 'roles'>,
  id: string,
): Promise<LetterFacts> {
  const [row] = await record.letterFacts([id]);
  const visible =
    row &&
    (institutionId === null || row.institutionId === institutionId) &&
    (await record.lookedUp({
      ...{ staffId: staff, authorizationId: id },
      since: new Date(clock.now().getTime() - LOOKED_UP),
      // Whose work is what was done in cases that are over.
      everyCase: roles.includes('auditor'),
    }));
  if (!visible) throw new DomainError('not-found', 'no such authorization; search for it first');
  return row;
}
