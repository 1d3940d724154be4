import type { Authority, Clock, Objects, Queue, Random, StaffSession } from '@mandate/core';
import type { CaseRecord, ReportJobRecord } from '@mandate/ceremony';
import { routesFor, type Log } from '@mandate/runtime';
import type { DeskRecord, DeskReviewRecord, StaffPeople } from '@mandate/store';
import type { ReportDrawer } from './reports/draw-in-child.js';

export interface DeskParts extends DeskReviewRecord {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** On the database role `desk`. */
  readonly record: DeskRecord;
  readonly cases: CaseRecord;
  /** Who works here, and what was done to their accounts. */
  readonly people: StaffPeople;
  readonly authority: Pick<Authority, 'vault' | 'seal' | 'ca'>;
  readonly objects: Objects;
  readonly jobs: ReportJobRecord;
  /** Wakes whoever makes the reports that are ordered. */
  readonly queue: Pick<Queue, 'wake'>;
  readonly drawer: ReportDrawer;
  /** Origin of the public site without a trailing slash. */
  readonly publicUrl: string;
  /** Hops of trusted proxies in front of the desk; sign-ins are counted by address. */
  readonly trustedProxies?: number;
  /** Origin of the desk. */
  readonly deskUrl: string;
  /** Whether the organisation's own sign-in is connected; then the page offers it. */
  readonly providerSignIn?: boolean;
  readonly ready: () => Promise<unknown>;
}

/** Somebody signed in, and the secret by which role vault knows them. */
export type Contexts = {
  staff: StaffSession & { readonly secret: Uint8Array };
};

export const route = routesFor<Contexts>();
