import type { Response } from 'express';

export interface Quota {
  /** Of the policy, as clients see it. */
  readonly name: string;
  /** Requests in a window of that many seconds. */
  readonly quota: number;
  readonly window: number;
  readonly remaining: number;
  /** Until the window ends. */
  readonly seconds: number;
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): structured fields, lists of one. */
export function tellQuota(response: Response, of: Quota): void {
  response.setHeader('RateLimit-Policy', `"${of.name}";q=${of.quota};w=${of.window}`);
  response.setHeader('RateLimit', `"${of.name}";r=${Math.max(0, of.remaining)};t=${of.seconds}`);
}
