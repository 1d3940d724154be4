import {
  DomainError,
  isDomainError,
  type Clock,
  type Random,
  type TimestampAuthority,
} from '@mandate/core';
import type { Breaker } from './breaker.js';
import {
  checkToken,
  tokenHolds,
  parseCertificate,
  parseTimestampRequest,
  parseTimestampResponse,
  parseToken,
  timestampRequest,
} from '@mandate/pki';

/** An authority with what is pinned for it. */
export interface PinnedAuthority {
  readonly authority: TimestampAuthority;
  /** Its roots, DER. */
  readonly anchors: readonly Uint8Array[];
  /** Seconds assumed when the token states none; more than 1 s is refused by the checklist. */
  readonly accuracySeconds: number;
  /** Passed over while it is open. */
  readonly breaker?: Breaker;
}

export interface StampedDigest {
  readonly request: Uint8Array;
  readonly token: Uint8Array;
  readonly operator: string;
  readonly genTime: Date;
}

/** Seconds after which asking again makes sense. */
const RETRY_AFTER = 5;

/**
 * A token for a digest from the first authority that gives a good one. The whole checklist runs on
 * every token; an authority that fails it is passed over like one that is down, and one that failed again
 * and again is not even asked for a while, as long as there is another.
 * Throws `timestamp-unavailable` when none is left: no token, no signature.
 */
export async function requestToken(
  deps: {
    authorities: readonly PinnedAuthority[];
    clock: Clock;
    random: Random;
    onProblem: (authority: string, error: unknown) => void;
  },
  digest: Uint8Array,
  /** Operators not to be asked. */
  otherThan: readonly string[] = [],
): Promise<StampedDigest> {
  const eligible = deps.authorities.filter(
    ({ authority }) => !otherThan.includes(authority.operator),
  );
  const pauseOf = ({ breaker }: PinnedAuthority): number => breaker?.openUntil()?.getTime() ?? 0;
  const closed = eligible.filter((pinned) => pauseOf(pinned) === 0);
  // With nobody else left, the one whose pause ends first is asked all the same.
  const last = eligible.toSorted((a, b) => pauseOf(a) - pauseOf(b)).slice(0, 1);
  for (const pinned of closed.length > 0 ? closed : last) {
    try {
      const stamped = await askOne(pinned, deps, digest);
      pinned.breaker?.succeeded();
      return stamped;
    } catch (error) {
      if (!isDomainError(error)) throw error;
      pinned.breaker?.failed();
      deps.onProblem(pinned.authority.name, error);
    }
  }
  throw new DomainError('timestamp-unavailable', 'no timestamp authority gave a valid token', {
    extensions: { retryAfterSeconds: RETRY_AFTER },
  });
}

async function askOne(
  { authority, anchors, accuracySeconds }: PinnedAuthority,
  deps: { clock: Clock; random: Random },
  digest: Uint8Array,
): Promise<StampedDigest> {
  const nonce = deps.random.bytes(16);
  nonce[0] = (nonce[0]! & 0x7f) | 0x40;
  const request = timestampRequest({ digest, nonce, certReq: true });
  const response = parseTimestampResponse(await authority.stamp(request));
  if (!response.token)
    throw new DomainError(
      'timestamp-rejected',
      `refused: ${response.failures.join(' ') || response.status}`,
    );
  const checks = checkToken({
    token: response.token,
    digest,
    status: response.status,
    request: parseTimestampRequest(request),
    anchors: anchors.map((der) => parseCertificate(der)),
    pinnedAccuracySeconds: accuracySeconds,
    // Clocks may differ by a little; a token from the future is refused.
    ledgerTime: new Date(deps.clock.now().getTime() + 5000),
  });
  if (!tokenHolds(checks)) {
    const bad =
      checks.find((check) => check.ok === false) ?? checks.find((check) => check.ok === null)!;
    throw new DomainError('timestamp-rejected', `the token fails ${bad.id}`);
  }
  const { info } = parseToken(response.token);
  return { request, token: response.token, operator: authority.operator, genTime: info.genTime };
}
