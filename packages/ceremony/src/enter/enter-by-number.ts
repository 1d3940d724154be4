import {
  addSeconds,
  DomainError,
  newId,
  secretsEqual,
  sha256,
  toBase64Url,
  utf8,
} from '@mandate/core';
import { LIMITS, startOfDay, startOfHour, startOfMinute, TIMES } from '../deps.js';
import type { EnterDeps, OpenedWayIn } from './enter.js';
import { openTerms } from '../letter-box.js';
import type { AuthorizationRow } from '../ports.js';
import { gateKey } from '../present/set-letters.js';

/**
 * The way in without a link: the number that stands on the letter and the last six characters of the ID number,
 * both at once. Whether the number exists, whether the characters are wrong, whether the time is over: the
 * answer is the same. Every try is counted before anything is looked up, for the number whether it exists or
 * not, for the visitor's address, and for everybody together. Throws `gate-mismatch`, `gate-locked`,
 * `rate-limited`.
 */
export async function enterByNumber(
  deps: EnterDeps,
  given: { readonly letterNumber: string; readonly lastSix: string; readonly address: string },
): Promise<OpenedWayIn> {
  const { clock, random, record } = deps;
  const at = clock.now();
  const letterNumber = given.letterNumber.trim().toUpperCase();
  await countTries(deps, letterNumber, given.address, at);

  const authorization = await record.authorizationByLetterNumber(letterNumber);
  const open = authorization !== null && authorization.signBy > at;
  const idNumber = open ? await idNumberOf(deps, authorization, at) : null;
  // What is compared where there is nothing: no input has this digest.
  const expected = sha256(idNumber === null ? random.bytes(32) : utf8(lastSix(idNumber)));
  const matches = secretsEqual(expected, sha256(utf8(lastSix(given.lastSix.trim(), 20))));
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

const lastSix = (text: string, length = 6): string => text.slice(-length).toUpperCase();

async function countTries(
  { record }: EnterDeps,
  letterNumber: string,
  address: string,
  at: Date,
): Promise<void> {
  const everybody = {
    scope: 'enter-all',
    key: 'all',
    windowStart: startOfMinute(at),
    max: LIMITS.enterTriesPerMinute,
  };
  const fromAddress = {
    scope: 'enter-address',
    key: await record.counterKey(address),
    windowStart: startOfHour(at),
    max: LIMITS.enterTriesPerAddress,
  };
  for (const [limit, retryAfterSeconds] of [
    [fromAddress, 3600],
    [everybody, 60],
  ] as const)
    if (!(await record.count(limit)))
      throw new DomainError('rate-limited', 'too many tries; please wait', {
        extensions: { retryAfterSeconds },
      });
  const forNumber = {
    scope: 'enter-number',
    // what people type into the wrong field does not belong in a table
    key: await record.counterKey(letterNumber),
    windowStart: startOfDay(at),
    max: LIMITS.enterTries,
  };
  if (!(await record.count(forNumber)))
    throw new DomainError('gate-locked', 'too many tries today; ask the institution for help');
}

/** Null when the gate of this letter is locked: tries by link and by number share one counter. */
async function idNumberOf(
  deps: EnterDeps,
  { id }: AuthorizationRow,
  at: Date,
): Promise<string | null> {
  const counted = await deps.record.count({
    scope: 'gate',
    key: await gateKey(deps.record, id),
    windowStart: startOfDay(at),
    max: LIMITS.gateTries,
  });
  if (!counted) return null;
  const { dataKey } = await deps.vault.unwrap({
    authorizationId: id,
    purpose: 'present',
    actor: 'letter-number',
  });
  const { subject } = openTerms(dataKey, id, await deps.record.personalData(id, 'terms'));
  return subject.idNumber;
}
