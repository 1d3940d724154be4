import type { Time } from './time.js';

/** One event of the list, delivered or not. */
export interface ListedEvent {
  readonly id: number;
  readonly type: WebhookType;
  readonly authorization?: string;
  /** Of `template.…` events, with `version`. */
  readonly template?: string;
  readonly version?: number;
  readonly at: Time;
}

export interface EventFilter {
  readonly type?: WebhookType;
  readonly authorization?: string;
  readonly from?: Time;
  /** Not included. */
  readonly to?: Time;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface Webhook {
  readonly id: string;
  readonly url: string;
  /** Null: all. */
  readonly types: readonly string[] | null;
  readonly createdAt: Time;
  readonly failingSince: Time | null;
  readonly disabledAt: Time | null;
  readonly disabledReason: 'gone' | 'failing' | 'by-institution' | null;
}

export interface WebhookWithSecret extends Webhook {
  /** `whsec_…`, shown this once; null when a repeated request was answered: make a new one. */
  readonly secret: string | null;
}

/** What became of one event at one webhook. */
export interface WebhookDelivery {
  readonly id: number;
  readonly event: number;
  readonly type: string;
  readonly authorization?: string;
  readonly template?: string;
  readonly state: 'waiting' | 'delivered' | 'given-up';
  readonly tries: number;
  readonly nextAt: Time | null;
  readonly lastAt: Time | null;
  readonly lastStatus: number | null;
  readonly lastFault: string | null;
}

export interface WebhookRequest {
  readonly url: string;
  /** Which events; all unless said. */
  readonly types?: readonly WebhookType[];
}

export type WebhookType =
  | 'authorization.presented'
  | 'authorization.declined'
  | 'authorization.lapsed'
  | 'authorization.failed'
  | 'authorization.released'
  | 'authorization.redeemed'
  | 'authorization.redemption-released'
  | 'authorization.withdrawn'
  | 'authorization.held'
  | 'authorization.hold-resolved'
  | 'authorization.data-released'
  | 'authorization.restricted'
  | 'authorization.erased'
  | 'authorization.id-image-destroyed'
  | 'authorization.ended'
  | 'authorization.glass-broken'
  | 'template.lint-failed';
