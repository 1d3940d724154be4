import { DomainError, newId, samePerson, toHex, toUtcSeconds } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import { factDigest, factEntry, holdFact, resolutionFact } from './use-facts.js';
import type { HoldOutcome, HoldRecord, HoldRow, Party, Proof } from '../ports/stop.js';
import type { UseRecord } from '../ports/use.js';

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
  /** What one person proposed and a second one has not agreed to yet. */
  readonly proposed?: HoldOutcome;
  readonly resolvedAt?: string;
  /** Its receipt goes by this id. */
  readonly resolution?: string;
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
 * The first of two people says how a dispute is to end; the institution may do so once, before the desk. A later
 * proposal of the desk replaces it. Throws `not-found` without this open hold, `guard-refused` when somebody was
 * faster, or when the institution comes after a proposal.
 */
export async function proposeResolution(
  {
    record,
    clock,
  }: Pick<StepDeps, 'clock'> & { readonly record: Pick<HoldRecord, 'holds' | 'propose'> },
  input: {
    authorizationId: string;
    holdId: string;
    outcome: HoldOutcome;
    /** Where the reasons are kept; no personal data. */
    grounds: string;
    /** `desk:…` or `institution:…`. */
    person: string;
    /** As of when they have said so; now, where nobody has noted it. */
    at?: Date;
  },
): Promise<HoldView> {
  const open = await openHold(record, input);
  const { outcome, grounds, person, at = clock.now() } = input;
  if (open.outcome && person.startsWith('institution:'))
    throw new DomainError('guard-refused', 'an outcome was proposed already; the desk decides');
  return holdView(await record.propose(open.id, { outcome, grounds, by: person, at }));
}

/**
 * A second person agrees with what was proposed: only then the hold ends. Rejected or retracted, everything is as it
 * was, uses unchanged; upheld, nothing is redeemable any more, its receipts are invalid in the status list, and the
 * passkeys of its sitting end. The resolution is receipted and the subject is told. Throws `not-found` without this
 * open hold, `guard-refused` when nothing, or another outcome, is proposed or somebody was faster, `forbidden` when
 * the same person would agree with themselves.
 */
export async function approveResolution(
  { record, clock, random }: StepDeps & { readonly record: HoldRecord },
  input: { authorizationId: string; holdId: string; outcome: HoldOutcome; person: string },
): Promise<HoldView> {
  const { outcome, person } = input;
  const open = await openHold(record, input);
  if (open.outcome !== outcome)
    throw new DomainError('guard-refused', 'that outcome is not what is proposed');
  if (samePerson(open.proposedBy!, person))
    throw new DomainError('forbidden', 'a second person has to agree');
  const row = await record.resolve(
    open,
    {
      by: person,
      id: newId('holdResolution', clock, random),
      salt: toHex(random.bytes(32)),
      at: clock.now(),
    },
    (authorization, resolved) => {
      const fact = factDigest(resolutionFact(authorization, resolved));
      return {
        ...factEntry('hold', authorization, { at: resolved.resolvedAt!, fact, step: outcome }),
        data: { id: resolved.id, resolution: resolved.resolutionId, outcome, fact },
      };
    },
  );
  return holdView(row);
}

async function openHold(
  record: Pick<HoldRecord, 'holds'>,
  { authorizationId, holdId }: { authorizationId: string; holdId: string },
): Promise<HoldRow> {
  const holds = await record.holds(authorizationId);
  const open = holds.find(({ id, resolvedAt }) => id === holdId && !resolvedAt);
  if (!open) throw new DomainError('not-found', 'no such dispute is open');
  return open;
}

export function holdView(row: HoldRow): HoldView {
  return {
    hold: row.id,
    authorization: row.authorizationId,
    by: row.by,
    reason: row.reason,
    openedAt: toUtcSeconds(row.openedAt),
    state: row.resolvedAt ? row.outcome! : row.outcome ? 'proposed' : 'open',
    ...(row.outcome && !row.resolvedAt ? { proposed: row.outcome } : {}),
    ...(row.resolvedAt
      ? { resolvedAt: toUtcSeconds(row.resolvedAt), resolution: row.resolutionId! }
      : {}),
  };
}
