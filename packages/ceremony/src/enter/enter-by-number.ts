import {
  addSeconds,
  DomainError,
  newId,
  secretsEqual,
  sha256,
  toBase64Url,
  type State,
} from '@mandate/core';
import { continuedVisit, isSameReader } from './continued-visit.js';
import { LIMITS, startOfDay, startOfHour, startOfMinute, startOfWeek, TIMES } from '../deps.js';
import type { EnterDeps, OpenedWayIn, Visit } from './enter.js';
import { digestOfSix, lastSixDigest } from './gate.js';

/** As long as the letter waits for its signature, or the signature for the ledger. */
const OPEN: readonly State[] = ['requested', 'presented', 'challenged', 'confirmed', 'signed'];

/**
 * The way in without a link: the number that stands on the letter and the last six characters of the ID number,
 * both at once. Whether the number exists, whether the characters are wrong, whether the letter is signed or over:
 * the answer is the same, and a signed letter is found among one's own authorizations, behind a code. Every try
 * is counted before anything is looked up, for the number whether it exists or not. Throws `gate-mismatch`,
 * `gate-locked`, `rate-limited`.
 */
export async function enterByNumber(
  deps: EnterDeps,
  given: {
    readonly letterNumber: string;
    readonly lastSix: string;
    readonly address: string;
    /** The visit whose cookie the browser sent along. */
    readonly shown?: Visit | null;
  },
): Promise<OpenedWayIn> {
  const { clock, random, record } = deps;
  const at = clock.now();
  const letterNumber = given.letterNumber.trim().toUpperCase();
  await countTries(deps, letterNumber, given.address, at);

  const authorization = await record.authorizationByLetterNumber(letterNumber);
  const open = authorization && authorization.signBy > at && OPEN.includes(authorization.state);
  // What is compared where there is nothing: no input has this digest.
  const expected = open
    ? await lastSixDigest(deps, authorization.id, 'letter-number')
    : sha256(random.bytes(32));
  const matches = secretsEqual(expected, digestOfSix(given.lastSix));
  if (!authorization || !matches)
    throw new DomainError('gate-mismatch', 'number and characters do not match');

  const secret = random.bytes(32);
  const id = newId('visit', clock, random);
  const expiresAt = addSeconds(at, TIMES.visitLife);
  await record.createVisit({
    id,
    authorizationId: authorization.id,
    cookieDigest: sha256(secret),
    linkId: null,
    continues: await continuedVisit(deps, authorization.id, given.shown ?? null),
    framed: false,
    handOverDigest: null,
    at,
    expiresAt,
  });
  await record.identifyVisit(id, at, 'last-six');
  return {
    visit: {
      id,
      authorizationId: authorization.id,
      identified: true,
      gate: 'last-six',
      framed: false,
      linkId: null,
    },
    cookie: toBase64Url(secret),
    expiresAt,
  };
}

/**
 * A visit that began with the number sees no letter that was released meanwhile, unless it signed it itself.
 * Throws `visit-invalid`.
 */
export async function checkNumberStillOpens(
  record: EnterDeps['record'],
  visit: Visit,
): Promise<void> {
  if (visit.linkId !== null) return;
  const { state } = await record.authorization(visit.authorizationId);
  if (state !== 'released') return;
  const confirmation = await record.latestConfirmation(visit.authorizationId);
  if (!(await isSameReader(record, visit.id, confirmation?.visitId)))
    throw new DomainError('visit-invalid', 'this letter is signed; see your authorizations');
}

async function countTries(
  { record }: EnterDeps,
  letterNumber: string,
  address: string,
  at: Date,
): Promise<void> {
  const wide = [
    {
      scope: 'enter-address',
      key: await record.counterKey(address),
      windowStart: startOfHour(at),
      max: LIMITS.enterTriesPerAddress,
    },
    {
      scope: 'enter-all',
      key: 'all',
      windowStart: startOfMinute(at),
      max: LIMITS.enterTriesPerMinute,
    },
  ];
  for (const limit of wide)
    if (!(await record.count(limit)))
      throw new DomainError('rate-limited', 'too many tries; please wait', {
        extensions: { retryAfterSeconds: limit.scope === 'enter-all' ? 60 : 3600 },
      });
  // What people type into the wrong field does not belong in a table: keyed digests.
  const narrow = [
    {
      scope: 'enter-number',
      key: await record.counterKey(`${letterNumber} ${address}`),
      windowStart: startOfDay(at),
      max: LIMITS.enterTries,
    },
    // From many addresses together. A letter waits seven days, so that twice this is all there ever is.
    {
      scope: 'enter-number-all',
      key: await record.counterKey(letterNumber),
      windowStart: startOfWeek(at),
      max: LIMITS.enterTriesPerNumber,
    },
  ];
  for (const limit of narrow)
    if (!(await record.count(limit)))
      throw new DomainError('gate-locked', 'too many tries; ask the institution for help');
}
