import { DomainError, isFramableOrigin } from '@mandate/core';

/** What an institution may name, as the operator listed it. */
export interface AllowedWays {
  readonly origins: readonly string[];
  readonly schemes: readonly string[];
}

/**
 * Checks what a ticket names against the institution's lists. An institution without listed origins
 * may name any; app schemes must always be listed, because any app can register any scheme.
 * Throws `invalid-request`.
 */
export function checkTicketWays(
  allowed: AllowedWays,
  ticket: { readonly origins: readonly string[]; readonly returnUrl: string | null },
): void {
  const refuse = (detail: string): never => {
    throw new DomainError('invalid-request', detail);
  };
  for (const origin of ticket.origins) {
    if (!isFramableOrigin(origin)) refuse('origins: an exact https origin is needed');
    if (allowed.origins.length > 0 && !allowed.origins.includes(origin))
      refuse('origins: not among the origins allowed for this institution');
  }
  if (ticket.returnUrl === null) {
    if (ticket.origins.length === 0) refuse('name an origin, a returnUrl or both');
    return;
  }
  // The outcome is added as a query: what stands there already could be mistaken for it.
  if (/[?#]/.test(ticket.returnUrl)) refuse('returnUrl: without query and fragment');
  if (!URL.canParse(ticket.returnUrl)) refuse('returnUrl: a complete address is needed');
  const { protocol, origin, username, password } = new URL(ticket.returnUrl);
  if (username || password) refuse('returnUrl: without user name and password');
  if (protocol === 'https:' || protocol === 'http:') {
    if (![...ticket.origins, ...allowed.origins].includes(origin))
      refuse('returnUrl: not on one of the allowed origins');
  } else if (!allowed.schemes.includes(protocol.slice(0, -1))) {
    refuse('returnUrl: not an app scheme allowed for this institution');
  }
}
