/**
 * A refusal by the service: RFC 9457 problem details. Decide by `code`; `message` is for logs and
 * holds no personal data.
 */
export class MandateError extends Error {
  override readonly name = 'MandateError';
  constructor(
    /** Stable, e.g. `used-up`; the list is in the API reference. */
    readonly code: string,
    /** HTTP status. */
    readonly status: number,
    readonly title: string,
    readonly detail: string | undefined,
    /** Further members of the problem, e.g. `retryAfterSeconds`. */
    readonly members: Readonly<Record<string, unknown>>,
    /** Quote it when asking for help. */
    readonly requestId: string | undefined,
  ) {
    super(`${code}: ${detail ?? title}`);
  }
}

/** No answer that can be trusted: the network failed, or something between answered. */
export class MandateConnectionError extends Error {
  override readonly name = 'MandateConnectionError';
}

/** A webhook or receipt that is not what it says it is. `reason` is stable. */
export class MandateSignatureError extends Error {
  override readonly name = 'MandateSignatureError';
  constructor(readonly reason: string) {
    super(reason);
  }
}
