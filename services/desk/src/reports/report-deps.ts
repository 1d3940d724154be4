import type { Authority, Clock, Objects, Random } from '@mandate/core';
import type { CaseRecord, ReportJobRecord } from '@mandate/ceremony';
import type { Log } from '@mandate/runtime';
import type { DeskRecord } from '@mandate/store';
import type { ReportDrawer } from './draw-in-child.js';

/** What making reports takes. */
export interface ReportDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly objects: Objects;
  readonly record: DeskRecord;
  readonly cases: Pick<CaseRecord, 'case'>;
  readonly jobs: ReportJobRecord;
  readonly drawer: ReportDrawer;
  readonly authority: {
    readonly vault: Pick<Authority['vault'], 'openForOrder' | 'settleReport'>;
    readonly seal: Pick<Authority['seal'], 'report' | 'stampReport' | 'receiptKeys'>;
    readonly ca: Pick<Authority['ca'], 'anchors'>;
  };
  /** Origin of the public site without a trailing slash. */
  readonly publicUrl: string;
}

/** What a report follows from, beside its number and moment and the stored bundle. */
export interface ReportFacts {
  /** How many later generations the bundle had. */
  readonly generations: number;
  /** SHA-256 of the bundle up to them. */
  readonly bundle: string;
  /** SHA-256 of `anchorsText`. */
  readonly anchors: string;
  readonly publicUrl: string;
  readonly tools: Readonly<Record<string, string>>;
}
