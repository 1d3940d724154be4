import type { State } from '../authorization.js';

/** Why somebody of the desk looks for a letter. `case` names its case, `audit` is the auditors' alone. */
export const SEARCH_PURPOSES = [
  'case',
  'complaint',
  'subject-request',
  'authority-request',
  'quality-review',
  'audit',
] as const;
export type SearchPurpose = (typeof SEARCH_PURPOSES)[number];

/** By what is searched: exact matches only. `institution` where it is the institution's own name for something. */
export type SearchCriterion =
  | { readonly by: 'authorization'; readonly id: string }
  | { readonly by: 'letter-number'; readonly number: string }
  | { readonly by: 'lookup-code'; readonly code: string }
  | { readonly by: 'id-number'; readonly idNumber: string }
  | { readonly by: 'phone'; readonly phone: string }
  | {
      readonly by: 'references';
      readonly institution: string;
      /** 1 to `MOST_SEARCHED`. */
      readonly references: readonly string[];
    }
  | {
      readonly by: 'period';
      readonly institution: string;
      /** RFC 3339; `until` is not included. */
      readonly from?: string | undefined;
      readonly until?: string | undefined;
      readonly state?: State | undefined;
    };
export const SEARCH_KINDS = [
  'authorization',
  'letter-number',
  'lookup-code',
  'id-number',
  'phone',
  'references',
  'period',
] as const satisfies readonly SearchCriterion['by'][];

/** References in one list. */
export const MOST_SEARCHED = 1000;

/** What staff see of a subject without opening anything; null: erased since, or older than the desk's index. */
export interface SubjectMasks {
  readonly name: string;
  readonly idNumber: string;
  readonly phone: string;
}

export interface SearchResult {
  /** Id of the search's entry in the access register. */
  readonly search: string;
  /** Newest first; of references in the order asked. */
  readonly found: readonly {
    readonly authorizationId: string;
    readonly masks: SubjectMasks | null;
    /** What it is found by is not what role vault made: it may be somebody else's letter. */
    readonly altered: boolean;
  }[];
  /** Of references, on the first page: those of the whole list that have no letter. */
  readonly missing: readonly string[];
  /** There are more: ask again with this as `before`. */
  readonly next: string | null;
}

/** A part of role vault: whoever searches is in the register before they see anything. */
export interface DeskSearch {
  /**
   * Staff of an institution find its letters alone. Throws `session-ended`, `forbidden`, `not-found` for a case or an
   * institution that is none of theirs, `invalid-request`, `rate-limited`.
   */
  search(request: {
    secret: Uint8Array;
    purpose: SearchPurpose;
    /** Number of the case, as people write it. */
    caseNumber?: string | undefined;
    criterion: SearchCriterion;
    /** Authorization id: only older ones. */
    before?: string | undefined;
  }): Promise<SearchResult>;
}
