import { DomainError, type Clock, type Random } from '@mandate/core';
import {
  approveResolution,
  HOLD_OUTCOMES,
  holdView,
  proposeResolution,
  type HoldOutcome,
} from '@mandate/ceremony';
import { readJson } from '@mandate/runtime';
import type { DeskRecord } from '@mandate/store';
import type { Express, Request } from 'express';

/** Bytes; small texts only. */
const BODY_LIMIT = 8192;
const GROUNDS = /^\S(?:.{0,198}\S)?$/su;

/**
 * Disputes as the desk decides them: one member of staff proposes an outcome with a reference to its reasons, another
 * one agrees. Every answer is the hold as it stands then.
 */
export function mountHolds(
  app: Express,
  deps: {
    readonly record: DeskRecord;
    readonly clock: Clock;
    readonly random: Random;
    /** Throws `unauthenticated`. */
    readonly staffOf: (request: Request) => string;
  },
): void {
  const { record } = deps;
  type Which = { id: string; hold: string };

  app.get('/desk/authorizations/:id/holds', async (request, response) => {
    deps.staffOf(request);
    const { id } = await record.authorization(known('aut', request.params.id));
    response.json({ items: (await record.holds(id)).map(holdView) });
  });

  app.post<Which>('/desk/authorizations/:id/holds/:hold/proposal', async (request, response) => {
    const person = `desk:${deps.staffOf(request as unknown as Request)}`;
    const { outcome, grounds } = await said(request as unknown as Request, ['outcome', 'grounds']);
    if (typeof grounds !== 'string' || !GROUNDS.test(grounds))
      throw new DomainError('invalid-request', 'grounds: 1 to 200 characters, no personal data');
    const about = disputeOf(request.params);
    response.json(
      await proposeResolution(deps, { ...about, outcome: outcomeOf(outcome), grounds, person }),
    );
  });

  app.post<Which>('/desk/authorizations/:id/holds/:hold/approval', async (request, response) => {
    const person = `desk:${deps.staffOf(request as unknown as Request)}`;
    const { outcome } = await said(request as unknown as Request, ['outcome']);
    const about = disputeOf(request.params);
    response.json(await approveResolution(deps, { ...about, outcome: outcomeOf(outcome), person }));
  });
}

const disputeOf = ({ id, hold }: { id: string; hold: string }) => ({
  authorizationId: known('aut', id),
  holdId: known('hld', hold),
});

function known(prefix: string, id: string): string {
  if (!new RegExp(`^${prefix}_[0-9a-f-]{36}$`).test(id))
    throw new DomainError('not-found', 'no such dispute');
  return id;
}

function outcomeOf(value: unknown): HoldOutcome {
  const outcome = HOLD_OUTCOMES.find((it) => it === value);
  if (!outcome)
    throw new DomainError('invalid-request', `outcome: one of ${HOLD_OUTCOMES.join(', ')}`);
  return outcome;
}

/** The body, with these members and no other. */
async function said(
  request: Request,
  members: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const body = await readJson(request, BODY_LIMIT);
  const plain = typeof body === 'object' && body !== null && !Array.isArray(body);
  const other = plain && Object.keys(body).find((name) => !members.includes(name));
  if (!plain || other)
    throw new DomainError('invalid-request', `send an object of ${members.join(', ')}`);
  return body as Readonly<Record<string, unknown>>;
}
