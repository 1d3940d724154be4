import type { EventType } from '@mandate/core';
import type { Claim } from '@mandate/verify';
import type { CourtPointId, SignatureLimbId } from '../legal-points.js';
import type {
  Applicant,
  BasisId,
  EvidenceId,
  LaterKind,
  Material,
  PlainReason,
  Report,
  ReportLater,
  TimelinePoint,
  Usable,
} from '../report.js';
import type { SectionId } from '../sections.js';

/** Numbered parts of the paper, in their order. */
export const PART_IDS = [
  'application',
  'basis',
  'environment',
  'statement',
  'summary',
  'identity',
  'issuance',
  'signature',
  'content',
  'process',
  'later',
  'ledger',
  'court',
  'limbs',
  'vouchers',
  'notChecked',
  'conclusion',
  'repeat',
  'evidence',
  'facts',
  'files',
] as const;
export type PartId = (typeof PART_IDS)[number];

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly indeterminate: number;
  readonly 'not-checked': number;
}

/** Words of the parts that follow page one. */
export interface PartWords {
  readonly contents: string;
  readonly parts: Readonly<Record<PartId, string>>;
  readonly partNumber: (n: number) => string;
  readonly plainReason: Readonly<Record<Claim, (broken: PlainReason['broken']) => string>>;
  readonly application: {
    readonly applicant: string;
    readonly applicants: Readonly<Record<Applicant, string>>;
    readonly matter: string;
    readonly matterText: (kind: Report['input']['kind']) => string;
    readonly number: string;
    readonly madeAt: string;
    readonly head: readonly [material: string, size: string];
    readonly materials: Readonly<Record<Material['id'], string>>;
    readonly anchorNote: string;
  };
  readonly basis: Readonly<Record<BasisId, string>>;
  readonly environment: {
    readonly tools: string;
    readonly judgedAt: string;
    readonly manner: string;
    readonly mannerText: string;
  };
  readonly counts: (counts: Counts) => string;
  readonly leads: Readonly<Record<SectionId, string>>;
  readonly timeline: {
    readonly note: string;
    readonly what: Readonly<Record<Exclude<TimelinePoint['what'], EventType>, string>>;
    readonly operator: string;
    readonly timestamp: string;
    readonly validity: string;
    readonly gap: (milliseconds: number) => string;
  };
  readonly later: {
    readonly none: string;
    readonly asOf: (at: string, generation: number) => string;
    readonly counted: (uses: ReportLater['uses']) => string;
    readonly noFacts: string;
    readonly older: (count: number) => string;
    readonly head: readonly [time: string, what: string, who: string];
    readonly kinds: Readonly<Record<LaterKind, string>>;
    readonly givenBack: string;
    readonly reserved: string;
    readonly by: Readonly<Record<'subject' | 'institution', string>>;
    readonly outcomes: Readonly<Record<string, string>>;
    readonly accesses: (count: number) => string;
    readonly accessHead: readonly [time: string, who: string, purpose: string];
  };
  /** For page one: whether it can still be used, and by whom it was. */
  readonly usable: Readonly<Record<Usable['reason'], (at: string) => string>>;
  /** How many uses are left, after that it is usable. */
  readonly left: (usable: string, uses: number) => string;
  readonly used: {
    readonly notTold: string;
    readonly never: string;
    /** Of who did so last, the day. */
    readonly by: (who: string, times: number, lastDay: string | undefined) => string;
    readonly parties: (named: readonly string[], more: number) => string;
    readonly from: (source: string) => string;
  };
  readonly court: Readonly<Record<CourtPointId, readonly [question: string, answer: string]>>;
  readonly limbs: Readonly<Record<SignatureLimbId, readonly [question: string, answer: string]>>;
  readonly pointHead: readonly [point: string, checked: string, result: string];
  readonly pointNote: string;
  readonly conclusionText: (report: Report, statement: string) => readonly string[];
  readonly evidenceHead: readonly [
    number: string,
    name: string,
    source: string,
    proves: string,
    page: string,
  ];
  readonly evidence: Readonly<
    Record<EvidenceId, readonly [name: string, source: string, proves: string]>
  >;
}
