import { DomainError, newId, toHex, toUtcSeconds } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import { factDigest, factEntry, holdFact } from './use-facts.js';
import type { HoldOutcome, HoldRecord, HoldRow, Party, Proof, UseRecord } from '../use-ports.js';

export const DISPUTE_REASONS = [
  'not-signed-by-me',
  'someone-told-me-to',
  'letter-differs',
  'other',
] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];
export const HOLD_OUTCOMES = ['upheld', 'rejected', 'retracted'] as const;

export interface HoldView {
  readonly hold: string;
  readonly authorization: string;
  readonly by: Party;
  readonly reason: string;
  readonly openedAt: string;
  readonly state: 'open' | 'proposed' | HoldOutcome;
  readonly resolvedAt?: string;
}

/**
 * "I did not sign this": a hold over any released authorization, also a used, ended or withdrawn one, in
 * force from the commit on. Disputing again what is on hold is the same hold. Throws `illegal-transition`
 * before release.
 */
export async function dispute(
  { record, clock, random }: StepDeps & { readonly record: UseRecord },
  input: { authorizationId: string; by: Party; reason?: DisputeReason; proof: Proof },
): Promise<HoldView> {
  const row = await record.hold(
    {
      id: newId('hold', clock, random),
      authorizationId: input.authorizationId,
      by: input.by,
      reason: input.reason ?? 'not-signed-by-me',
      proofKind: input.proof.kind,
      proofRef: input.proof.ref,
      salt: toHex(random.bytes(32)),
    },
    clock.now(),
    (authorization, made) => {
      const fact = factDigest(holdFact(authorization, made));
      return {
        ...factEntry('hold', authorization, { at: made.openedAt, fact, step: 'opened' }),
        data: { id: made.id, by: made.by, reason: made.reason, fact },
      };
    },
  );
  return holdView(row);
}

/**
 * One person proposes an outcome, another agrees: only then the hold ends. Rejected or retracted, everything is
 * as it was, uses unchanged; upheld, nothing is redeemable any more. Another outcome than the proposed one
 * replaces the proposal. Throws `not-found` without an open hold, `forbidden` when the same person would agree
 * with themselves, `guard-refused` when somebody was faster.
 */
export async function resolveHold(
  { record, clock }: Pick<StepDeps, 'clock'> & { readonly record: HoldRecord },
  input: { authorizationId: string; outcome: HoldOutcome; person: string },
): Promise<HoldView> {
  const { outcome, person } = input;
  const open = (await record.holds(input.authorizationId)).find(({ resolvedAt }) => !resolvedAt);
  if (!open) throw new DomainError('not-found', 'no dispute is open');
  if (open.outcome !== outcome)
    return holdView(await record.propose(open.id, { outcome, by: person, at: clock.now() }));
  if (samePerson(open.proposedBy!, person))
    throw new DomainError('forbidden', 'a second person has to agree');
  const row = await record.resolve(open, person, clock.now(), (authorization, resolved) => {
    const fact = factDigest(holdFact(authorization, resolved));
    return {
      ...factEntry('hold', authorization, { at: resolved.resolvedAt!, fact, step: outcome }),
      data: { id: resolved.id, outcome, fact },
    };
  });
  return holdView(row);
}

/** As the database compares them. */
const samePerson = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();

export function holdView(row: HoldRow): HoldView {
  return {
    hold: row.id,
    authorization: row.authorizationId,
    by: row.by,
    reason: row.reason,
    openedAt: toUtcSeconds(row.openedAt),
    state: row.resolvedAt ? row.outcome! : row.outcome ? 'proposed' : 'open',
    ...(row.resolvedAt ? { resolvedAt: toUtcSeconds(row.resolvedAt) } : {}),
  };
}
