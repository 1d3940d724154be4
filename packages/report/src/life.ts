import type { TimelinePoint } from './report.js';
import type { ReportLanguage } from './render-report.js';
import { timelineModel, type Moment, type Span, type TimelineModel } from './timeline-model.js';
import { en } from './words/en.js';
import { timelineWord } from './words/timeline-word.js';
import { zh } from './words/zh.js';

/** What is known of an authorization's life without opening anything; with `opened`, what a report has read since. */
export interface LifeFacts {
  readonly trail: readonly { readonly type: string; readonly at: string }[];
  readonly uses: readonly (LifeUse & { readonly at: string })[];
  readonly accesses: readonly (LifeAccess & { readonly at: string })[];
  /** Moments from which on long-term forms and receipts stand. */
  readonly archives: readonly { readonly at: string }[];
  readonly frozen: readonly { readonly from: string; readonly until?: string | undefined }[];
  /** Of an opened report: it knows tokens and certificate, and takes the place of the trail's own steps. */
  readonly opened?: {
    readonly timeline: readonly TimelinePoint[];
    readonly certificate?: { readonly notBefore: string; readonly notAfter: string } | undefined;
  };
}

/** Codes and ids; whoever shows them knows their names. */
interface LifeUse {
  readonly state: 'reserved' | 'confirmed' | 'released';
  readonly purpose: string;
  readonly items: readonly string[];
  readonly source: string;
  readonly recipient: string;
}
interface LifeAccess {
  readonly purpose: string;
  readonly actor: string;
}

/** In which part of the life it lies; each has a lane of its own in the picture. */
export const LIFE_LANES = ['consent', 'signature', 'use', 'access'] as const;
export type LifeLane = (typeof LIFE_LANES)[number];

export interface LifeMoment extends Moment {
  readonly what: string;
  readonly lane: LifeLane;
  /** Whose word the moment is. */
  readonly by: TimelinePoint['by'];
  readonly use?: LifeUse;
  readonly access?: LifeAccess;
}

const SIGNATURE = new Set([
  'attempt-issued',
  'attempt-voided',
  'signed',
  'released',
  'failed',
  'signature-stamped',
  'status-answered',
  'bundle-sealed',
  'in-ledger',
  'archived',
]);
const USE = new Set(['withdrawn', 'held', 'hold-resolved', 'ended']);
/** Of the trail: told by the register of uses, or by the access register. */
const ELSEWHERE = new Set(['redeemed', 'redemption-confirmed', 'redemption-released']);

/** Steps that open the data by themselves are in the picture already; these openings somebody has asked for. */
const ASKED_FOR = new Set([
  ...['case', 'report', 'verify', 'download', 'export', 'subject-data', 'erase'],
  ...['own', 'own-link', 'id-image'],
]);

/** The life of an authorization, facts in, picture out. Pure. */
export function lifeOf({
  trail,
  uses,
  accesses,
  archives,
  frozen,
  opened,
}: LifeFacts): TimelineModel<LifeMoment> {
  const steps = new Set(opened?.timeline.map(({ what }) => what as string));
  const moments: LifeMoment[] = [
    ...trail
      .filter(({ type }) => !ELSEWHERE.has(type) && !steps.has(type))
      .map(({ type, at }) => ({ what: type, at, lane: laneOf(type), by: 'operator' as const })),
    ...(opened?.timeline ?? []).map(({ what, at, by }) => ({ what, at, lane: laneOf(what), by })),
    ...(steps.has('archived') ? [] : archives).map(({ at }) => ({
      ...{ what: 'archived', at, lane: 'signature' as const, by: 'operator' as const },
    })),
    ...uses.map(({ at, ...use }) => ({
      ...{ what: 'redeemed', at, lane: 'use' as const, by: 'operator' as const, use },
    })),
    ...accesses
      .filter(({ purpose }) => ASKED_FOR.has(purpose))
      .map(({ at, ...access }) => ({
        ...{ what: 'opened', at, lane: 'access' as const, by: 'operator' as const, access },
      })),
  ];
  const validity = opened?.certificate;
  const spans: Span[] = [
    ...(validity
      ? [{ what: 'certificate', from: validity.notBefore, until: validity.notAfter }]
      : []),
    ...frozen.map((span) => ({ what: 'frozen', ...span })),
  ];
  return timelineModel(
    moments.map((moment) => ({ ...moment, at: new Date(moment.at).toISOString() })),
    spans,
  );
}

const laneOf = (what: string): LifeLane =>
  SIGNATURE.has(what) ? 'signature' : USE.has(what) ? 'use' : 'consent';

const OWN_WORDS = {
  zh: { opened: '调阅个人信息', frozen: '冻结' },
  en: { opened: 'Personal data opened', frozen: 'Frozen' },
} as const;

/** The words of the picture, the report's own. `gap`: milliseconds, as people say them. */
export function lifeWords(language: ReportLanguage): {
  what(what: string): string;
  gap(milliseconds: number): string;
} {
  const words = language === 'zh' ? zh : en;
  const own: Readonly<Record<string, string>> = {
    ...OWN_WORDS[language],
    certificate: words.timeline.validity,
  };
  return { what: (what) => own[what] ?? timelineWord(words, what), gap: words.timeline.gap };
}
