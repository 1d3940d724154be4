import {
  decrypt,
  DomainError,
  newId,
  secretsEqual,
  type ComparedAnswer,
  type ComparedUse,
  type DeskReview,
  type StaffSession,
} from '@mandate/core';
import { openUseDetails } from '../use/redeem.js';
import { deskKeys } from './desk-index.js';
import type { ReviewRecord, SealedUse } from './review-ports.js';
import { foundDigest, type SearchDeps } from './search.js';
import { liveSession } from './sessions.js';

const MOST_COMPARED = 500;

interface CompareDeps {
  readonly review: ReviewRecord;
  readonly wrappingKey: Uint8Array;
  /** By which subjects are found: role vault's. */
  readonly secret: Uint8Array;
}

/**
 * Comparing a source's log with what lies under the data keys. The keys stay here: what leaves is whether two words
 * are the same, to somebody signed in who reviews, and each log and sample stands in the register.
 */
export function deskReview(deps: SearchDeps & CompareDeps): DeskReview {
  const { clock, random, searches } = deps;
  return {
    compareUses: async ({ secret: cookie, institutionId, asked }) => {
      checkReviewer(await liveSession(deps, cookie), institutionId);
      if (asked.length > MOST_COMPARED)
        throw new DomainError('invalid-request', `at most ${MOST_COMPARED} at once`);
      return { answers: await comparedAnswers(deps, institutionId, asked) };
    },

    noteReview: async ({ secret: cookie, act, about, institutionId, authorizations = [] }) => {
      const session = await liveSession(deps, cookie);
      checkReviewer(session, institutionId);
      const id = newId('access', clock, random);
      const kind = act.startsWith('sample') ? 'sample' : 'reconciliation';
      const head = { id, kind, staff: session.staff, at: clock.now().toISOString() } as const;
      await searches.addDeskEntry(
        {
          ...{ ...head, institution: institutionId, case: null },
          ...{ found: foundDigest(authorizations), act, about },
        },
        authorizations,
      );
      return { entry: id };
    },
  };
}

/** What is the same, for whoever may ask. */
export async function comparedAnswers(
  deps: CompareDeps,
  institutionId: string,
  asked: readonly ComparedUse[],
): Promise<ComparedAnswer[]> {
  const ids = [...new Set(asked.flatMap(({ redemptions }) => redemptions))];
  const uses = new Map(
    (await deps.review.sealedUses(institutionId, ids)).map((use) => [
      use.id,
      operatorOf(deps, use),
    ]),
  );
  const named = asked.flatMap(({ subject }) => subject?.authorizationId ?? []);
  const subjects = await deps.review.subjectKeys(institutionId, [...new Set(named)]);
  const sameSubject = (subject: NonNullable<ComparedUse['subject']>) => {
    const known = subjects.get(subject.authorizationId);
    if (!known) return {};
    const same = secretsEqual(known, deskKeys.idNumber(deps.secret, subject.idNumber));
    return { subject: same ? ('same' as const) : ('differs' as const) };
  };
  return asked.map(({ redemptions, operator, subject }) => ({
    agreeing: redemptions.filter((id) => {
      const made = uses.get(id);
      return made === null || made === operator;
    }),
    ...(subject ? sameSubject(subject) : {}),
  }));
}

function checkReviewer(session: StaffSession, institutionId: string | null): void {
  if (!session.roles.includes('auditor') && !session.roles.includes('approver'))
    throw new DomainError('forbidden', 'for auditors and approvers');
  if (session.institutionId && session.institutionId !== institutionId)
    throw new DomainError('not-found', 'no such institution');
}

/** Null: nobody reads it any more. */
function operatorOf(
  { wrappingKey }: Pick<CompareDeps, 'wrappingKey'>,
  use: SealedUse,
): string | null {
  if (!use.wrapped || use.restricted) return null;
  const dataKey = decrypt(wrappingKey, use.wrapped, `data_keys/${use.authorizationId}`);
  return openUseDetails(dataKey, use).operator.id;
}
