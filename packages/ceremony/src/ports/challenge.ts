import type { CodeChannel } from '@mandate/core';

export interface ChallengeRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly ordinal: number;
  readonly digest: string;
  readonly scene: string;
  readonly sceneDigest: string;
  readonly serverNonce: string;
  /** Null: a passkey alone answers it. */
  readonly codeMac: Uint8Array | null;
  readonly withCode: boolean;
  readonly channel: CodeChannel;
  readonly sealedCode: Uint8Array | null;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly tries: number;
  readonly deadAt: Date | null;
  /**
   * In a signing set: the digests of all challenges that one code answers, in their order. Code, tries and
   * deliveries are the first one's. Null: it is answered by itself.
   */
  readonly setChallenges: readonly string[] | null;
  /** The how-manieth code this is: a message that goes through another gateway carries a new one. */
  readonly codeOrdinal: number;
  /** Through which the code went; null until it was fetched. */
  readonly codeGateway: string | null;
  /** Names the block of numbers it goes to in counters; null: nothing is sent. */
  readonly prefixKey: Uint8Array | null;
}

/** As it is made. */
export type NewChallenge = Omit<
  ChallengeRow,
  'tries' | 'deadAt' | 'withCode' | 'codeOrdinal' | 'codeGateway'
>;

/** What role web may see of a challenge: everything the page shows, nothing of the code. */
export type PublicChallenge = Omit<
  ChallengeRow,
  'scene' | 'codeMac' | 'sealedCode' | 'codeOrdinal' | 'codeGateway' | 'prefixKey'
>;

export interface ConfirmationRow {
  readonly authorizationId: string;
  readonly challengeId: string;
  readonly visitId: string;
  readonly parts: string;
  readonly evidenceRoot: string;
  /** Canonical JSON of what each measure left; null when it was none. */
  readonly codeRecord: string | null;
  readonly passkey: string | null;
  /** Canonical JSON of what carriers had said of the code's message by then; null when nothing. */
  readonly delivery: string | null;
  readonly publicKey: Uint8Array;
  readonly proof: Uint8Array;
  /** Version of the `confirmed` event. */
  readonly trailVersion: number;
  readonly confirmedAt: Date;
  readonly goodUntil: Date;
}
