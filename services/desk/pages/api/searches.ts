import type { DeskClient } from '../desk-client.js';

export const SEARCH_PURPOSES = [
  'case',
  'complaint',
  'subject-request',
  'authority-request',
  'quality-review',
  'audit',
] as const;
export type SearchPurpose = (typeof SEARCH_PURPOSES)[number];

export const SEARCH_KINDS = [
  'letter-number',
  'lookup-code',
  'references',
  'id-number',
  'phone',
  'authorization',
  'period',
] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

/** What the server is asked; see `SearchCriterion` there. */
export type Criterion = { readonly by: SearchKind } & Readonly<Record<string, unknown>>;

/** A letter as it is known without opening anything. */
export interface Letter {
  readonly authorization: string;
  readonly institution: { readonly id: string; readonly name: string };
  readonly letterNumber: string;
  readonly businessReference: string;
  readonly state: string;
  readonly requestedAt: string;
  readonly endsAt: string;
  readonly withdrawnAt: string | null;
  readonly withdrawnBy: string | null;
  readonly frozenSince: string | null;
  readonly frozenWhy: string | null;
  readonly endedAt: string | null;
  readonly erasedAt: string | null;
}

export interface FoundLetter extends Letter {
  readonly subject: {
    readonly name: string;
    readonly idNumber: string;
    readonly phone: string;
  } | null;
  /** What it is found by was changed. */
  readonly altered: boolean;
}

export interface Found {
  readonly search: string;
  readonly items: readonly FoundLetter[];
  readonly missing: readonly string[];
  readonly next: string | null;
}

export interface Institution {
  readonly id: string;
  readonly name: string;
}

/** Who opened something. */
export interface Actor {
  readonly kind: 'staff' | 'institution' | 'subject' | 'service';
  readonly id: string | null;
  readonly name: string | null;
}

interface Party {
  readonly creditCode: string;
  readonly name: string;
}
export interface Use {
  readonly at: string;
  readonly state: 'reserved' | 'confirmed' | 'released';
  readonly purpose: string;
  readonly source: Party;
  readonly recipient: Party;
  readonly items: readonly string[];
}
export interface Access {
  readonly at: string;
  readonly purpose: string;
  readonly by: Actor;
}

export const LIFE_LANES = ['consent', 'signature', 'use', 'access'] as const;
export type LifeLane = (typeof LIFE_LANES)[number];

/** A picture of a life: rows lie one apart, spans between them. */
export interface Life {
  /** No use and no opening is left out. */
  readonly whole: boolean;
  readonly rows: readonly {
    readonly at: string;
    readonly what: string;
    readonly label: string;
    readonly lane: LifeLane;
    /** Whose word the moment is. */
    readonly by: 'operator' | 'timestamp';
    readonly gap: string | null;
    readonly use?: Use;
    readonly access?: Access;
  }[];
  readonly spans: readonly {
    readonly what: string;
    readonly label: string;
    readonly from: string;
    readonly until: string | null;
    readonly fromRow: number;
    readonly untilRow: number;
  }[];
}

export interface LetterDetail extends Letter {
  readonly purpose: string;
  readonly uses: readonly Use[];
  readonly accesses: readonly Access[];
  /** Where the next page begins; null: nothing is left out. */
  readonly next: { readonly uses: string | null; readonly accesses: number | null };
  readonly timeline: Life;
}

export const searchLetters = (
  client: DeskClient,
  asked: { purpose: SearchPurpose; caseNumber?: string; criterion: Criterion; before?: string },
): Promise<Found> => client.post('/searches', asked);

export const institutions = (
  client: DeskClient,
): Promise<{ readonly items: readonly Institution[] }> => client.get('/institutions');

export const readLetter = (
  client: DeskClient,
  id: string,
  language: 'zh' | 'en',
  before: { readonly usesBefore?: string; readonly accessesBefore?: number } = {},
): Promise<LetterDetail> =>
  client.get(
    `/letters/${id}?language=${language}${Object.entries(before)
      .map(([name, value]) => `&${name}=${value}`)
      .join('')}`,
  );
