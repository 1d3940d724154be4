import type {
  DeskIndex,
  GrantRight,
  ReviewAct,
  SearchPurpose,
  SearchCriterion,
  State,
} from '@mandate/core';
import type { Limited } from '../ports.js';
import type { DeskFact } from './desk-facts.js';

/** A search as the database answers it: exact matches, by what is kept for that. */
export type IndexQuery =
  | { readonly by: 'authorization' | 'letter-number'; readonly text: string }
  | { readonly by: 'lookup-code' | 'id-number' | 'phone'; readonly key: Uint8Array }
  | { readonly by: 'references'; readonly references: readonly string[] }
  | {
      readonly by: 'period';
      readonly from?: Date | undefined;
      readonly until?: Date | undefined;
      readonly state?: State | undefined;
    };

export interface FoundLetter {
  readonly id: string;
  readonly businessReference: string;
  /** Null: erased, or older than the index. */
  readonly index: DeskIndex | null;
}

interface EntryHead {
  /** `acc_…`, in the order of openings. */
  readonly id: string;
  readonly staff: string;
  readonly at: string;
  /** Null: letters of several institutions, or of none that is known. */
  readonly institution: string | null;
  readonly case: string | null;
  /** Of the ids found, or that stayed closed; see `foundDigest`. */
  readonly found: string;
}

export interface SearchEntry extends EntryHead {
  readonly kind: 'search';
  readonly purpose: SearchPurpose;
  readonly by: SearchCriterion['by'];
  /** How many values were searched for. */
  readonly values: number;
  /** Keyed digest of them, hex. */
  readonly searched: string;
  readonly results: number;
}

/** Somebody read what was said in a case; `found`: what it is about. Once an hour. */
export interface CaseReadEntry extends EntryHead {
  readonly kind: 'case-read';
  readonly purpose: 'case' | 'audit';
}

export interface RefusalEntry extends EntryHead {
  readonly kind: 'refusal';
  /** As asked for. */
  readonly grant: string;
  readonly right: GrantRight;
  readonly why: string;
}

/** Many authorizations at once: a source's log, or a sample. */
export interface ReviewEntry extends EntryHead {
  readonly kind: 'reconciliation' | 'sample';
  readonly act: ReviewAct;
  /** Id of the reconciliation or sample. */
  readonly about: string;
}

export type DeskEntry = SearchEntry | CaseReadEntry | RefusalEntry | ReviewEntry;

/** Role vault: what the desk finds by, and who looked or was refused. */
export interface SearchRecord extends Pick<Limited, 'count'> {
  /** Newest first; of references in no order. `institutionId`: that one's only. */
  findLetters(
    query: IndexQuery,
    p: { institutionId: string | null; before?: string | undefined; limit: number },
  ): Promise<readonly FoundLetter[]>;
  /** Those of a list that have a letter at all. */
  knownReferences(
    references: readonly string[],
    institutionId: string | null,
  ): Promise<ReadonlySet<string>>;
  caseByNumber(number: string): Promise<{ id: string; institutionId: string } | null>;
  /** Whether that person stands in the register as reader of the case since then. */
  hasReadCase(p: { staffId: string; caseId: string; since: Date }): Promise<boolean>;
  institutionExists(id: string): Promise<boolean>;
  /** Continues that person's chain. `found`: authorization ids; `fact`: what the ledger gets to know at once. */
  addDeskEntry(entry: DeskEntry, found: readonly string[], fact?: DeskFact): Promise<void>;
}
