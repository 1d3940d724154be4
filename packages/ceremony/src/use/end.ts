import { DomainError, newId, toHex, toUtcSeconds } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import { endFact, factDigest, factEntry } from './use-facts.js';
import type { UseRecord } from '../ports/use.js';

export interface EndView {
  readonly end: string;
  readonly authorization: string;
  readonly event: string;
  readonly happenedAt: string;
  readonly at: string;
}

/**
 * The institution reports the event that was agreed as the end; reporting it twice is once.
 * Throws `event-mismatch` when the letter agreed on another event or on a date alone, `invalid-request` when the time
 * lies in the future or before the letter's beginning, `illegal-transition` before release.
 */
export async function endAuthorization(
  { record, clock, random }: StepDeps & { readonly record: UseRecord },
  input: { authorizationId: string; event: string; happenedAt: Date },
): Promise<EndView> {
  const now = clock.now();
  const { scope } = await record.condition(input.authorizationId, now);
  if (!scope) throw new DomainError('illegal-transition', 'the authorization is not released');
  if (scope.endEvent !== input.event)
    throw new DomainError(
      'event-mismatch',
      scope.endEvent === null
        ? 'event: the letter ends on a date'
        : `event: ${scope.endEvent} was agreed`,
    );
  if (input.happenedAt > now) throw new DomainError('invalid-request', 'at: lies in the future');
  if (input.happenedAt < scope.fromAt)
    throw new DomainError('invalid-request', 'at: lies before the beginning');
  const row = await record.end(
    {
      id: newId('end', clock, random),
      authorizationId: input.authorizationId,
      event: input.event,
      happenedAt: input.happenedAt,
      salt: toHex(random.bytes(32)),
    },
    now,
    (authorization, made) => {
      const fact = factDigest(endFact(authorization, made));
      return {
        ...factEntry('end', authorization, { at: made.at, fact }),
        data: { id: made.id, event: made.event, happenedAt: toUtcSeconds(made.happenedAt), fact },
      };
    },
  );
  return {
    end: row.id,
    authorization: row.authorizationId,
    event: row.event,
    happenedAt: toUtcSeconds(row.happenedAt),
    at: toUtcSeconds(row.at),
  };
}
