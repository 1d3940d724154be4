import { DomainError, isDomainError, secretsEqual, setChallengeDigest } from '@mandate/core';
import type { RaDeps } from './challenge.js';
import { codeMac } from './code.js';
import { LIMITS } from '../deps.js';
import type { ChallengeRow } from '../ports.js';

/**
 * One answer to a live challenge: counted before anything is compared, whatever measure it is. The last
 * wrong one kills the challenge. Throws what `check` throws, with `triesLeft`; `code-tries-exhausted`,
 * `challenge-dead`, `challenge-expired`.
 */
export async function tryChallenge<T>(
  deps: RaDeps,
  challenge: ChallengeRow,
  at: Date,
  check: () => Promise<T>,
): Promise<{ readonly tries: number; readonly answer: T }> {
  const tries = await deps.record.countTry(challenge.id, at, LIMITS.codeTries);
  if (tries === null) throw whyDead(challenge, at);
  try {
    return { tries, answer: await check() };
  } catch (error) {
    if (!isDomainError(error, 'code-wrong', 'passkey-invalid', 'passkey-unknown')) throw error;
    if (tries >= LIMITS.codeTries) {
      await deps.record.killChallenge(challenge.id, at);
      throw exhausted();
    }
    const extensions = { triesLeft: LIMITS.codeTries - tries };
    throw new DomainError(error.code, error.detail, { cause: error, extensions });
  }
}

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

const exhausted = (): DomainError =>
  new DomainError('code-tries-exhausted', 'too many wrong codes; ask for a new one');

function whyDead(challenge: ChallengeRow, at: Date): DomainError {
  if (challenge.tries >= LIMITS.codeTries) return exhausted();
  if (challenge.deadAt) return new DomainError('challenge-dead', 'this code was used or replaced');
  if (challenge.expiresAt <= at)
    return new DomainError('challenge-expired', 'this code has expired');
  return exhausted();
}
