import { DomainError, fromBase64Url, toBase64Url } from '@mandate/core';
import type { Request } from 'express';

/** `try`: of a sign-in that goes on; Lax, because the identity provider sends the browser back. `session`: Strict. */
const COOKIES = {
  try: { name: 'mandate_desk_try', sameSite: 'Lax' },
  session: { name: 'mandate_desk', sameSite: 'Strict' },
} as const;
type Kind = keyof typeof COOKIES;

/** The desk's cookies: HttpOnly, host-bound, Secure under https. */
export function staffCookie(deskUrl: string) {
  const https = deskUrl.startsWith('https:');
  const nameOf = (kind: Kind): string => (https ? '__Host-' : '') + COOKIES[kind].name;
  return {
    /** Value of `Set-Cookie`. */
    write: (kind: Kind, secret: Uint8Array, expiresAt: Date): string =>
      [
        `${nameOf(kind)}=${toBase64Url(secret)}`,
        ...['Path=/', 'HttpOnly', `SameSite=${COOKIES[kind].sameSite}`],
        ...(https ? ['Secure'] : []),
        `Expires=${expiresAt.toUTCString()}`,
      ].join('; '),

    /** Throws `session-ended`. */
    read(kind: Kind, request: Request): Uint8Array {
      const start = `${nameOf(kind)}=`;
      const pair = (request.headers.cookie ?? '')
        .split('; ')
        .find((text) => text.startsWith(start));
      const text = pair?.slice(start.length) ?? '';
      if (!/^[A-Za-z0-9_-]{43}$/.test(text))
        throw new DomainError('session-ended', 'sign in first');
      return fromBase64Url(text);
    },
  };
}

/**
 * That a request which changes something comes from the desk's own page: a header no foreign page sends without a
 * preflight, which we do not answer, and, where the browser says where it comes from, only from here. With SameSite
 * three locks, of which each is enough. Throws `forbidden`.
 */
export function requireOwnPage(deskUrl: string, request: Request): void {
  const { origin, 'sec-fetch-site': site, 'x-requested-with': sender } = request.headers;
  if (
    request.method !== 'GET' &&
    (sender !== 'mandate' ||
      (origin !== undefined && origin !== deskUrl) ||
      (site !== undefined && site !== 'same-origin'))
  )
    throw new DomainError('forbidden', 'only the desk’s own page may do this');
}
