import {
  decrypt,
  DomainError,
  MOST_VALUES,
  newId,
  secretsEqual,
  toHex,
  type ComparedAnswer,
  type ComparedUse,
  type DeskReview,
  type ReviewAct,
  type StaffSession,
} from '@mandate/core';
import { openUseDetails } from '../use/redeem.js';
import { deskFact, type DeskFact } from './desk-facts.js';
import { deskKeys, searchedValue } from './desk-index.js';
import type { ComparedValue, ReviewRecord, SealedUse } from './review-ports.js';
import { foundDigest, type SearchDeps } from './search.js';
import { liveSession } from './sessions.js';
import { sampleDefinition } from '../samples/sample-seed.js';

const MOST_COMPARED = 500;
const MOST_NAMED = 1000;

interface CompareDeps {
  readonly review: ReviewRecord;
  readonly wrappingKey: Uint8Array;
  /** By which subjects are found: role vault's. */
  readonly secret: Uint8Array;
}

/**
 * Comparing a source's log with what lies under the data keys. The keys stay here: what leaves is whether two words
 * are the same, to somebody signed in who reviews, and only so often; each log and sample stands in the register.
 */
export function deskReview(deps: SearchDeps & CompareDeps): DeskReview {
  const { clock, random, searches } = deps;
  const enter = async (
    { staff }: StaffSession,
    act: ReviewAct,
    about: string,
    institution: string | null,
    authorizations: readonly string[],
    fact?: DeskFact,
  ): Promise<string> => {
    const id = newId('access', clock, random);
    const kind = act.startsWith('sample') ? 'sample' : 'reconciliation';
    await searches.addDeskEntry(
      {
        ...{ id, kind, staff, at: clock.now().toISOString(), institution, case: null },
        ...{ found: foundDigest(authorizations), act, about },
      },
      authorizations,
      fact,
    );
    return id;
  };
  return {
    compareUses: async ({ secret: cookie, about, institutionId, asked }) => {
      // each part of a log asks: the upload alone keeps nobody's session from idling out
      const session = await liveSession(deps, cookie, true);
      checkReviewer(session, institutionId);
      if (asked.length > MOST_COMPARED)
        throw new DomainError('invalid-request', `at most ${MOST_COMPARED} at once`);
      const known = await knownValues(deps, institutionId, asked);
      if (known.authorizations.length > MOST_NAMED)
        throw new DomainError('invalid-request', `at most ${MOST_NAMED} authorizations at once`);
      // who compares stands in the register, with the letters, before they are told anything
      await enter(session, 'uses-compared', about, institutionId, known.authorizations);
      return { answers: await comparedAnswers(deps, session.staff, known, asked) };
    },

    sweepReviews: async () => ({ destroyed: await deps.review.sweep(clock.now()) }),

    noteReview: async ({ secret: cookie, act, about, institutionId, authorizations = [] }) => {
      const session = await liveSession(deps, cookie);
      checkReviewer(session, institutionId);
      const fact = act === 'sample-fixed' ? await fixedFact(deps, session, about) : undefined;
      return { entry: await enter(session, act, about, institutionId, authorizations, fact) };
    },
  };
}

/** What the ledger gets to know of a sample, before there is a seed. Throws `not-found`: nobody enters another's. */
async function fixedFact(
  { review }: Pick<CompareDeps, 'review'>,
  { staff }: StaffSession,
  id: string,
): Promise<DeskFact> {
  const sample = await review.sample(id);
  if (sample?.madeBy !== staff) throw new DomainError('not-found', 'no such sample');
  return deskFact('sample', id, { fact: sampleDefinition(sample), at: sample.madeAt });
}

/** What the values of a log are compared with; what is erased or restricted is not among it. */
export async function knownValues(
  deps: CompareDeps,
  institutionId: string,
  asked: readonly ComparedUse[],
) {
  const ids = [...new Set(asked.flatMap(({ redemptions }) => redemptions))];
  const named = asked.flatMap(({ subject }) => subject?.authorizationId ?? []);
  const uses = await deps.review.sealedUses(institutionId, ids);
  const subjects = await deps.review.subjectKeys(institutionId, [...new Set(named)]);
  return {
    subjects,
    uses: new Map(
      uses.map((use) => [
        use.id,
        { authorizationId: use.authorizationId, operator: operatorOf(deps, use) },
      ]),
    ),
    authorizations: [
      ...new Set([...uses.map(({ authorizationId }) => authorizationId), ...subjects.keys()]),
    ].sort(),
  };
}

/** What is the same, for this person. */
export async function comparedAnswers(
  deps: CompareDeps & Pick<SearchDeps, 'clock'>,
  staff: string,
  { uses, subjects }: Awaited<ReturnType<typeof knownValues>>,
  asked: readonly ComparedUse[],
): Promise<ComparedAnswer[]> {
  const digest = (about: string, text: string): string =>
    toHex(searchedValue(deps.secret, 'compared', about, text));
  const told = asked.map(({ redemptions, operator, subject }) => {
    const key = subject && deskKeys.idNumber(deps.secret, subject.idNumber);
    return {
      operators: redemptions.flatMap((id) => {
        const use = uses.get(id);
        return use && use.operator !== null ? [{ id, value: digest(id, operator) }] : [];
      }),
      subject:
        key && subjects.has(subject.authorizationId)
          ? {
              key,
              about: subject.authorizationId,
              value: digest(subject.authorizationId, toHex(key)),
            }
          : null,
    };
  });
  const values = new Map<string, ComparedValue>();
  for (const { operators, subject } of told) {
    for (const { id, value } of operators)
      values.set(`${id} ${value}`, {
        ...{ authorizationId: uses.get(id)!.authorizationId, about: id, value },
      });
    if (subject)
      values.set(`${subject.about} ${subject.value}`, {
        ...{ authorizationId: subject.about, about: subject.about, value: subject.value },
      });
  }
  const admitted = await deps.review.admitValues({
    ...{ staff, at: deps.clock.now(), values: [...values.values()], limits: MOST_VALUES },
  });
  return asked.map(({ redemptions, operator }, i) => {
    const { operators, subject } = told[i]!;
    const refused = new Set(
      operators.filter(({ id, value }) => !admitted.has(`${id} ${value}`)).map(({ id }) => id),
    );
    const compares = subject && admitted.has(`${subject.about} ${subject.value}`);
    return {
      agreeing: redemptions.filter((id) => {
        const use = uses.get(id);
        return use && !refused.has(id) && (use.operator === null || use.operator === operator);
      }),
      ...(compares
        ? {
            subject: secretsEqual(subjects.get(subject.about)!, subject.key)
              ? ('same' as const)
              : ('differs' as const),
          }
        : {}),
      withheld: [
        ...(refused.size > 0 ? (['operator'] as const) : []),
        ...(subject && !compares ? (['subject'] as const) : []),
      ],
    };
  });
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
