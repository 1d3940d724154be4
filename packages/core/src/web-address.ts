/** Plain http only where browsers treat it as secure: elsewhere nothing could be signed in a frame. */
const ORIGIN =
  /^(?:https:\/\/(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?|http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)$/;

/**
 * An exact origin, as browsers write it. Narrower than a URL's host: a `*`, `;` or `,` in a host name
 * would be a piece of policy in a `frame-ancestors` list.
 */
export const isFramableOrigin = (text: string): boolean =>
  ORIGIN.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** Schemes browsers and systems give a meaning of their own never lead to one app. */
const TAKEN =
  /^(?:https?|wss?|ftp|file|data|blob|about|javascript|vbscript|view-source|intent|content|mailto|tel|sms|chrome.*|moz-.*)$/;

/** A scheme of an app (RFC 3986 §3.1, lower case), e.g. `hesuibank`. */
export const isAppScheme = (text: string): boolean =>
  /^[a-z][a-z0-9+.-]{2,39}$/.test(text) && !TAKEN.test(text);
