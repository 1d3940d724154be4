import type { Gate } from './authorization.js';

/** A signing link or the widget's ticket. */
export interface LinkRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly kind: 'link' | 'ticket';
  /** Whose pages may frame it; links have none. */
  readonly origins: readonly string[];
  readonly returnUrl: string | null;
  readonly returnState: string | null;
  /** The framed visit that made it, to go on as a full page. */
  readonly handedOverFrom: string | null;
  readonly expiresAt: Date;
}

export interface VisitRow {
  readonly id: string;
  readonly authorizationId: string;
  /** Null: it began with the letter's number. */
  readonly linkId: string | null;
  /** An earlier visit of the same reader. */
  readonly continues: string | null;
  readonly framed: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly identifiedAt: Date | null;
  readonly gate: Gate | null;
}
