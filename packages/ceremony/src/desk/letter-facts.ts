import type { State } from '@mandate/core';

/** What the desk knows of letters without opening anything. */
export interface LetterReads {
  /** In no order; unknown ids are left out. */
  letterFacts(ids: readonly string[]): Promise<readonly LetterFacts[]>;
  /** Uses, the newest first: when, by whom, from whom, what for; `before`: older than the one of that id. */
  usesOf(
    authorizationId: string,
    p: { before?: string | undefined; limit: number },
  ): Promise<readonly UseFacts[]>;
  /** Openings of the personal data, of whatever purpose, the newest first; `before`: of a lower ordinal. */
  accessesOf(
    authorizationId: string,
    p: { before?: number | undefined; limit: number },
  ): Promise<readonly { readonly ordinal: number; readonly body: string }[]>;
  /** When long-term forms were made. */
  archivedAt(authorizationId: string): Promise<readonly Date[]>;
  freezes(
    authorizationId: string,
  ): Promise<
    readonly { readonly from: Date; readonly until: Date | null; readonly reason: string }[]
  >;
  /** By name; of that one, or null: all. */
  institutionNames(
    id: string | null,
  ): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Names by credit code, of institutions and of the registry; unknown ones are left out. */
  partyNames(creditCodes: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface LetterFacts {
  readonly id: string;
  readonly institutionId: string;
  readonly institution: string;
  readonly letterNumber: string;
  readonly businessReference: string;
  readonly templateId: string;
  readonly templateVersion: number;
  readonly state: State;
  readonly createdAt: Date;
  readonly endAt: Date;
  readonly withdrawnAt: Date | null;
  readonly withdrawnBy: string | null;
  /** Of a dispute that is open, or was upheld. */
  readonly frozenAt: Date | null;
  readonly frozenWhy: string | null;
  readonly endedAt: Date | null;
  readonly erasedAt: Date | null;
}

export interface UseFacts {
  readonly id: string;
  readonly at: Date;
  readonly state: 'reserved' | 'confirmed' | 'released';
  readonly purpose: string;
  /** Credit codes. */
  readonly source: string;
  readonly recipient: string;
  readonly items: readonly string[];
}
