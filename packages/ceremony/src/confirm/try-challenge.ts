import { DomainError, secretsEqual, setChallengeDigest } from '@mandate/core';
import type { RaDeps } from './challenge.js';
import { codeMac } from './code.js';
import { countedTry } from './counted-try.js';
import { LIMITS } from '../deps.js';
import type { ChallengeRow } from '../ports.js';

/** One answer to a signing challenge; see `countedTry`. */
export const tryChallenge = <T>(
  { record }: RaDeps,
  { id }: ChallengeRow,
  at: Date,
  check: () => Promise<T>,
): Promise<{ readonly tries: number; readonly answer: T }> =>
  countedTry(
    {
      count: () => record.countTry(id, at, LIMITS.codeTries),
      read: () => record.challenge(id),
      kill: () => record.killChallenge(id, at),
    },
    at,
    check,
  );

/** Throws `measure-missing` when the challenge has no code, `code-wrong`. */
export function compareCode({ secret }: RaDeps, challenge: ChallengeRow, code: string): void {
  if (!challenge.codeMac) throw new DomainError('measure-missing', 'ask for a code first');
  if (!secretsEqual(codeMac(secret, answeredDigest(challenge), code), challenge.codeMac))
    throw new DomainError('code-wrong', 'this code is wrong');
}

/** What code and passkey answer: the challenge itself, or in a set all its challenges together. Hex. */
export const answeredDigest = ({
  digest,
  setChallenges,
}: Pick<ChallengeRow, 'digest' | 'setChallenges'>): string =>
  setChallenges ? setChallengeDigest(setChallenges) : digest;
