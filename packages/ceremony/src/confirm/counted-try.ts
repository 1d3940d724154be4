import { DomainError, isDomainError } from '@mandate/core';
import { LIMITS } from '../deps.js';

/** What says whether a challenge can still be answered. */
export interface ChallengeLife {
  readonly tries: number;
  readonly deadAt: Date | null;
  readonly expiresAt: Date;
}

/** A challenge of any kind in the hands of its record. */
export interface CountedChallenge {
  /** Counts a try; null when it is dead, expired or used up. One conditional UPDATE. */
  count(): Promise<number | null>;
  /** As it stands now: others may have answered it since it was read. */
  read(): Promise<ChallengeLife | null>;
  kill(): Promise<void>;
}

/**
 * One answer to a live challenge: counted before anything is compared, whatever measure it is. The last
 * wrong one kills the challenge. Throws what `check` throws, with `triesLeft`; `code-tries-exhausted`,
 * `challenge-dead`, `challenge-expired`.
 */
export async function countedTry<T>(
  challenge: CountedChallenge,
  at: Date,
  check: () => Promise<T>,
): Promise<{ readonly tries: number; readonly answer: T }> {
  const tries = await challenge.count();
  if (tries === null) throw whyDead(await challenge.read(), at);
  try {
    return { tries, answer: await check() };
  } catch (error) {
    if (
      !isDomainError(error, 'code-wrong', 'passkey-invalid', 'passkey-unknown', 'passkey-revoked')
    )
      throw error;
    if (tries >= LIMITS.codeTries) {
      await challenge.kill();
      throw exhausted();
    }
    const extensions = { triesLeft: LIMITS.codeTries - tries };
    throw new DomainError(error.code, error.detail, { cause: error, extensions });
  }
}

const exhausted = (): DomainError =>
  new DomainError('code-tries-exhausted', 'too many wrong codes; ask for a new one');

function whyDead(challenge: ChallengeLife | null, at: Date): DomainError {
  if (!challenge || challenge.tries >= LIMITS.codeTries) return exhausted();
  if (challenge.deadAt) return new DomainError('challenge-dead', 'this code was used or replaced');
  if (challenge.expiresAt <= at)
    return new DomainError('challenge-expired', 'this code has expired');
  return exhausted();
}
