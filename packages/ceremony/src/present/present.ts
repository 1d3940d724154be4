import {
  addSeconds,
  canonicalize,
  DomainError,
  kindDigestHex,
  toUtcSeconds,
  type PresentationRecord,
  type TrailEvent,
} from '@mandate/core';
import { checkChoices, type Terms } from '@mandate/terms';
import { LIMITS, startOfDay } from '../deps.js';
import { isSameReader } from '../enter/continued-visit.js';
import type { EnterDeps, Visit } from '../enter/enter.js';
import { loadLetter, openPresentation, openTerms, sealPresentation } from '../letter-box.js';
import type { AuthorizationRow } from '../ports.js';

/** What a page tells of the presentation; the rest of the record is the server's. */
export type ShownPresentation = Omit<PresentationRecord, 'format' | 'letterDigest' | 'openedAt'>;

interface Opened {
  readonly terms: Terms;
  readonly dataKey: Uint8Array;
}

/** One opening per request: a visit object lives as long as the request it was read for. */
const openings = new WeakMap<Visit, Promise<Opened>>();

/** The authorization and its terms for an identified visit. */
export async function openForVisit(
  deps: EnterDeps,
  visit: Visit,
): Promise<Opened & { authorization: AuthorizationRow }> {
  if (!visit.identified) throw new DomainError('step-out-of-order', 'pass the gate first');
  let opening = openings.get(visit);
  if (!opening) openings.set(visit, (opening = open(deps, visit)));
  return {
    authorization: await deps.record.authorization(visit.authorizationId),
    ...(await opening),
  };
}

async function open(deps: EnterDeps, visit: Visit): Promise<Opened> {
  const { authorizationId } = visit;
  const { dataKey } = await deps.vault.unwrap({
    authorizationId,
    purpose: 'present',
    actor: `visit:${visit.id}`,
  });
  const box = await deps.record.personalData(authorizationId, 'terms');
  return { terms: openTerms(dataKey, authorizationId, box), dataKey };
}

/** The exact bytes to be signed. */
export async function letterForVisit(deps: EnterDeps, visit: Visit): Promise<Uint8Array> {
  const { authorization, dataKey } = await openForVisit(deps, visit);
  return loadLetter(deps.objects, dataKey, authorization);
}

/** What was presented last, and when it was first; null before that. */
export interface Presented {
  readonly record: PresentationRecord;
  readonly firstAt: Date;
  /** False when somebody else read it: in a visit that this one does not continue. */
  readonly here: boolean;
}

export async function presentedToVisit(deps: EnterDeps, visit: Visit): Promise<Presented | null> {
  const { authorizationId } = visit;
  const { dataKey } = await openForVisit(deps, visit);
  const rows = await deps.record.presentations(authorizationId);
  const last = rows.at(-1);
  if (!last) return null;
  const record = openPresentation(dataKey, authorizationId, last);
  return { record, firstAt: rows[0]!.at, here: await isPresentedHere(deps, visit) };
}

async function isPresentedHere({ record }: EnterDeps, visit: Visit): Promise<boolean> {
  const trail = await record.trail(visit.authorizationId);
  const events = trail.map(({ body }) => JSON.parse(body) as TrailEvent);
  const presented = events.findLast(({ type }) => type === 'presented');
  return isSameReader(record, visit.id, presented?.data['visit']);
}

/**
 * False when the clauses were acknowledged, and the choices made, by another reader and nothing is confirmed
 * yet. A link or the letter's number may be in more hands than the subject's: nobody signs what somebody else
 * ticked and they never saw.
 */
export async function isReadHere(deps: EnterDeps, visit: Visit): Promise<boolean> {
  const { state } = await deps.record.authorization(visit.authorizationId);
  // Once confirmed, whoever has the phone has answered for this very presentation.
  if (state !== 'presented' && state !== 'challenged') return true;
  return isPresentedHere(deps, visit);
}

/** Before a code is asked for. Throws `step-out-of-order`. */
export async function checkReadHere(deps: EnterDeps, visit: Visit): Promise<void> {
  if (!(await isReadHere(deps, visit)))
    throw new DomainError('step-out-of-order', 'the letter was read in another visit');
}

/**
 * Records that the letter was shown, its key clauses acknowledged one by one, optional items and third-party
 * recipients chosen. The record that was there when a code was asked for counts: other choices before the
 * confirmation are a new presentation and kill live codes, the same choices of the same reader change nothing.
 * Throws `invalid-request` when a clause is missing, a choice is not offered or the digest is another letter's,
 * `step-out-of-order` when the policy's reading time is not over, `rate-limited`.
 */
export async function recordPresentation(
  deps: EnterDeps,
  visit: Visit,
  presentation: { readonly letterDigest: string; readonly record: ShownPresentation },
  policy: {
    readonly minimumReadingSeconds: number;
    /** The build that is served now; a record that names another, names none. */
    readonly pageBuild: string | null;
    /** Digest of the logo that is set now; a record that names another, names none. */
    readonly logo?: string | null;
  },
): Promise<void> {
  const { authorization, terms, dataKey } = await openForVisit(deps, visit);
  const { record: shown, letterDigest } = presentation;
  if (letterDigest !== authorization.letterDigest)
    throw new DomainError('invalid-request', 'another letter was shown');
  const clauses = terms.clauses.map(({ id }) => shown.clauses.find((clause) => clause.id === id));
  if (clauses.length !== shown.clauses.length || !clauses.every((clause) => clause !== undefined))
    throw new DomainError('invalid-request', 'every key clause is acknowledged, each by itself');
  const choices = checkChoices(terms, shown.choices);
  if (shown.secondsOpen < policy.minimumReadingSeconds)
    throw new DomainError('step-out-of-order', 'please take the time to read the letter');
  if (!['requested', 'presented', 'challenged'].includes(authorization.state))
    throw new DomainError('illegal-transition', `the authorization is ${authorization.state}`);

  const pageBuild = shown.pageBuild === policy.pageBuild ? shown.pageBuild : null;
  const before = await presentedToVisit(deps, visit);
  if (before?.here && canonicalize(before.record.choices) === canonicalize(choices))
    return takeBackRefusal(deps, authorization.id);
  const at = deps.clock.now();
  const counted = await deps.record.count({
    scope: 'presentations',
    key: authorization.id,
    windowStart: startOfDay(at),
    max: LIMITS.presentations,
  });
  if (!counted)
    throw new DomainError('rate-limited', 'the choices were changed too often today', {
      extensions: { retryAfterSeconds: 3600 },
    });
  const { logo, ...rest } = shown;
  const record: PresentationRecord = {
    ...rest,
    ...(logo !== undefined && logo === policy.logo ? { logo } : {}),
    format: 'mandate-presentation/v1',
    letterDigest,
    pageBuild,
    openedAt: toUtcSeconds(addSeconds(at, -shown.secondsOpen)),
    clauses,
    choices,
  };
  const version = authorization.version + 1;
  await deps.record.advance(
    {
      authorization,
      to: 'presented',
      type: 'presented',
      at,
      data: {
        letter: authorization.letterDigest,
        presentation: kindDigestHex('presentation', record),
        visit: visit.id,
      },
    },
    {
      killChallenges: true,
      presentation: sealPresentation(dataKey, authorization.id, version, record, deps.random),
    },
  );
  await takeBackRefusal(deps, authorization.id);
}

/** In a set: whoever accepts a letter refuses it no longer. */
async function takeBackRefusal({ record }: EnterDeps, authorizationId: string): Promise<void> {
  const set = await record.setOf(authorizationId);
  const member = set?.members.find((each) => each.authorizationId === authorizationId);
  if (member?.refusedAt) await record.refuseMember(authorizationId, null);
}
