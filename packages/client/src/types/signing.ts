import type { Authorization, AuthorizationRequest } from './authorization.js';
import type { Time } from './time.js';

export interface SigningLink {
  readonly url: string;
  readonly expiresAt: Time;
}

/** Letters of one subject, in the order in which they are read. */
export interface SigningSetRequest {
  readonly authorizations: readonly SigningSetMember[];
}

export interface SigningSetMember extends AuthorizationRequest {
  /** You can go on without it; the subject is told so. */
  readonly optional?: boolean;
}

export interface SigningSet {
  readonly id: string;
  readonly createdAt: Time;
  readonly authorizations: readonly SignedTogether[];
}

export interface SignedTogether extends Authorization {
  readonly optional: boolean;
}

export interface SigningTicketRequest {
  /** Whose pages may frame it; none for a full page only. */
  readonly origins: readonly string[];
  /** Where a full page leads afterwards. */
  readonly returnUrl?: string;
  /** Yours; comes back with the return. */
  readonly state?: string;
}

export interface SigningTicket {
  /** For the widget; good once. */
  readonly ticket: string;
  /** The same ticket as an address, for a full page or WebView. */
  readonly url: string;
  readonly expiresAt: Time;
}
