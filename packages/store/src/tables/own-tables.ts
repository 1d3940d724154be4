import type { OwnChallengeRow, OwnLinkRow, OwnVisitRow, SubjectIndexRow } from '@mandate/ceremony';
import type { Generated } from 'kysely';
import type { Fixed } from './fixed.js';

/** A person’s own authorizations: how they are found and entered. */
export interface OwnTables {
  subjectSearch: {
    authorizationId: Fixed<string>;
    institutionId: Fixed<string>;
    key: Fixed<Uint8Array>;
  };
  subjectIndex: { [K in keyof SubjectIndexRow]: Fixed<SubjectIndexRow[K]> };
  ownChallenges: {
    [K in keyof OwnChallengeRow]: K extends 'tries' | 'codeOrdinal'
      ? Generated<number>
      : K extends 'deadAt' | 'sealedCode' | 'codeMac' | 'codeGateway'
        ? OwnChallengeRow[K]
        : Fixed<OwnChallengeRow[K]>;
  } & { sends: Generated<number> };
  ownLinks: { [K in keyof OwnLinkRow]: Fixed<OwnLinkRow[K]> } & { usedAt: Date | null };
  ownVisits: {
    [K in keyof OwnVisitRow]: K extends 'expiresAt' ? Date : Fixed<OwnVisitRow[K]>;
  };
}
