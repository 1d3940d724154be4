import { DomainError, toHex } from '@mandate/core';
import { prefixKey, phoneKey } from './code.js';
import type { RaDeps } from './challenge.js';
import { LIMITS, startOfDay, startOfHour, startOfMinute, TIMES } from '../deps.js';
import type { ChallengeRow } from '../ports.js';

/** For whom a code is asked. */
export interface CodeAsked {
  /** Id of the authorization or the set, by which codes are counted. */
  readonly counted: string;
  readonly institutionId: string;
  /** Null: nothing is sent. */
  readonly phone: string | null;
  readonly previous: ChallengeRow | null;
}

type Deps = Pick<RaDeps, 'record' | 'secret'>;

/**
 * A new code now? Everything is counted before anybody is looked up, and what stops a code says nothing about the
 * number. Throws `resend-too-soon`, `resend-limit`, `rate-limited`.
 */
export async function checkLimits(
  deps: Deps,
  { counted, institutionId, phone, previous }: CodeAsked,
  at: Date,
): Promise<void> {
  if (phone === null) {
    const silent = { scope: 'challenges-silent', key: counted, windowStart: startOfDay(at) };
    if (!(await deps.record.count({ ...silent, max: LIMITS.silentChallenges })))
      throw new DomainError('resend-limit', 'no more codes today for this letter');
    return countTogether(deps, at);
  }
  if (previous?.withCode) {
    const wait = previous.madeAt.getTime() + TIMES.resendPause * 1000 - at.getTime();
    if (wait > 0)
      throw new DomainError('resend-too-soon', 'a code was sent just now', {
        extensions: { retryAfterSeconds: Math.ceil(wait / 1000) },
      });
  }
  const groups = groupsOf(institutionId, prefixKey(deps.secret, phone));
  // First, so that a code held back for the sake of others costs the subject none of their own.
  for (const group of groups) await holdBack(deps, group, at);
  const day = startOfDay(at);
  for (const [scope, key, max] of [
    ['challenges', counted, LIMITS.challenges],
    ['challenges-phone', toHex(phoneKey(deps.secret, phone)), LIMITS.challengesPerPhone],
  ] as const)
    if (!(await deps.record.count({ scope, key, windowStart: day, max })))
      throw new DomainError('resend-limit', 'no more codes today for this letter or number');

  const hour = startOfHour(at);
  for (const { kind, key, max } of groups)
    if (!(await deps.record.count({ scope: `challenges-${kind}`, key, windowStart: hour, max })))
      throw tooMany(3600 - (at.getTime() - hour.getTime()) / 1000);
  await countTogether(deps, at);
  for (const { kind, key } of groups)
    await deps.record.count({
      scope: `challenges-sent-${kind}`,
      key,
      windowStart: hour,
      max: MANY,
    });
}

/** A code came back right: it did reach somebody who wanted it. */
export async function noteAnswered(
  { record }: Pick<Deps, 'record'>,
  institutionId: string,
  prefix: Uint8Array | null,
  at: Date,
): Promise<void> {
  if (!prefix) return;
  const windowStart = startOfHour(at);
  for (const { kind, key } of groupsOf(institutionId, prefix))
    await record.count({ scope: `challenges-answered-${kind}`, key, windowStart, max: MANY });
}

const MANY = 2 ** 31 - 1;

/**
 * Whoever makes codes go out for nothing does it through one institution's keys or to one block of numbers. What one
 * institution sends closes a block for itself; for all it takes more codes than two could send.
 */
const groupsOf = (institutionId: string, prefix: Uint8Array) =>
  [
    {
      kind: 'institution',
      key: institutionId,
      max: LIMITS.challengesPerInstitution,
      least: LIMITS.unansweredInstitution,
    },
    {
      kind: 'institution-prefix',
      key: `${institutionId} ${toHex(prefix)}`,
      max: LIMITS.challengesPerInstitutionPrefix,
      least: LIMITS.unansweredInstitutionPrefix,
    },
    {
      kind: 'prefix',
      key: toHex(prefix),
      max: LIMITS.challengesPerPrefix,
      least: LIMITS.unansweredPrefix,
    },
  ] as const;

/**
 * The breaker: of the codes sent in this hour and the one before too few came back. It closes by itself as the
 * hours pass; until then every code held back is counted, and the worker raises the alarm.
 */
async function holdBack(
  { record }: Pick<Deps, 'record'>,
  { kind, key, least }: ReturnType<typeof groupsOf>[number],
  at: Date,
): Promise<void> {
  const hour = startOfHour(at);
  const since = new Date(hour.getTime() - 3_600_000);
  const sent = await record.counted(`challenges-sent-${kind}`, key, since);
  if (sent < least) return;
  const answered = await record.counted(`challenges-answered-${kind}`, key, since);
  if (answered * 100 >= sent * LIMITS.answeredPercent) return;
  const held = { scope: 'challenges-held-back', key: `${kind}:${key}`, windowStart: hour };
  await record.count({ ...held, max: MANY });
  throw tooMany(3600 - (at.getTime() - hour.getTime()) / 1000);
}

/** Whole system: a breaker, not a quota. */
async function countTogether({ record }: Pick<Deps, 'record'>, at: Date): Promise<void> {
  const all = { scope: 'challenges-all', key: 'all', windowStart: startOfMinute(at) };
  if (!(await record.count({ ...all, max: LIMITS.challengesPerMinute }))) throw tooMany(60);
}

const tooMany = (seconds: number): DomainError =>
  new DomainError('rate-limited', 'too many codes are being sent; try again later', {
    extensions: { retryAfterSeconds: Math.ceil(seconds) },
  });
