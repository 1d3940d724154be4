import type { Request } from 'express';

/**
 * The two cookies of a visit. A full page's is strict: no other site can make the browser send it. A
 * frame's must be sent inside another site's page, so it is partitioned: each embedding site has a
 * jar of its own, and a visit begun in one is unknown in all others (CHIPS).
 * On https both carry `__Host-` (RFC 6265bis §4.1.3.2): set by this host alone, for this host alone.
 */
export const VISIT_COOKIE = 'mandate_visit';
export const FRAME_COOKIE = 'mandate_frame';

export function visitCookies(publicUrl: string) {
  const https = publicUrl.startsWith('https:');
  const nameOf = (framed: boolean): string =>
    (https ? '__Host-' : '') + (framed ? FRAME_COOKIE : VISIT_COOKIE);
  return {
    /** Value of `Set-Cookie`. */
    write({ framed, secret, expiresAt }: { framed: boolean; secret: string; expiresAt: Date }) {
      const rules = [
        `${nameOf(framed)}=${secret}`,
        https || framed ? 'Path=/' : 'Path=/v1/signing',
        'HttpOnly',
        `Expires=${expiresAt.toUTCString()}`,
        // SameSite=None needs Secure, which browsers grant to http://localhost as well
        ...(framed ? ['SameSite=None', 'Secure', 'Partitioned'] : ['SameSite=Strict']),
        ...(https && !framed ? ['Secure'] : []),
      ];
      return rules.join('; ');
    },

    /** The secret in the frame's or the full page's cookie. */
    read(request: Request, framed: boolean): string | undefined {
      const start = `${nameOf(framed)}=`;
      const pair = (request.headers.cookie ?? '')
        .split('; ')
        .find((text) => text.startsWith(start));
      return pair?.slice(start.length);
    },
  };
}
