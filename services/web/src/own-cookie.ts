import { fromBase64Url } from '@mandate/core';
import type { Request } from 'express';

/**
 * The cookie of "my authorizations": first that of an entry, then that of the visit it opens, each with a
 * secret of its own. Strict, unlike anything a frame needs: nobody else's page can make the browser send it.
 */
export const OWN_COOKIE = 'mandate_own';

export function ownCookie(publicUrl: string) {
  const https = publicUrl.startsWith('https:');
  const name = (https ? '__Host-' : '') + OWN_COOKIE;
  const rules = [https ? 'Path=/' : 'Path=/v1/own', 'HttpOnly', 'SameSite=Strict'];
  if (https) rules.push('Secure');
  return {
    /** Value of `Set-Cookie`. */
    write: (secret: string, expiresAt: string): string =>
      [`${name}=${secret}`, ...rules, `Expires=${new Date(expiresAt).toUTCString()}`].join('; '),

    read(request: Request): string | undefined {
      const start = `${name}=`;
      const pair = (request.headers.cookie ?? '')
        .split('; ')
        .find((text) => text.startsWith(start));
      return pair?.slice(start.length);
    },
  };
}

/** 32 bytes in base64url; null for anything else. */
export const secretOf = (text: string | undefined): Uint8Array | null =>
  text !== undefined && /^[A-Za-z0-9_-]{43}$/.test(text) ? fromBase64Url(text) : null;
