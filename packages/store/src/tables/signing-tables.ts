import type { AttemptState, KeyOrigin } from '@mandate/core';
import type { Fixed } from './fixed.js';

/** Attempts to sign, and what grows of a signed letter. */
export interface SigningTables {
  attempts: {
    id: Fixed<string>;
    authorizationId: Fixed<string>;
    challengeId: Fixed<string>;
    state: AttemptState;
    keyOrigin: Fixed<KeyOrigin>;
    profile: Fixed<string>;
    serial: Fixed<Uint8Array>;
    keyDigest: Fixed<Uint8Array>;
    tbsDigest: Fixed<Uint8Array>;
    trailVersion: Fixed<number>;
    notBefore: Fixed<Date>;
    notAfter: Fixed<Date>;
    createdAt: Fixed<Date>;
    voidedAt: Date | null;
    voidReason: string | null;
  };
  attemptJournal: {
    attemptId: Fixed<string>;
    step: Fixed<string>;
    box: Fixed<Uint8Array>;
    at: Fixed<Date>;
  };
  archives: {
    authorizationId: Fixed<string>;
    generation: Fixed<number>;
    level: Fixed<'B-LTA'>;
    object: Fixed<string>;
    digest: Fixed<string>;
    madeAt: Fixed<Date>;
    renewFrom: Fixed<Date>;
    renewBy: Fixed<Date>;
  };
  bundleGenerations: {
    authorizationId: Fixed<string>;
    generation: Fixed<number>;
    object: Fixed<string>;
    digest: Fixed<string>;
    ledgerSize: Fixed<number>;
    accesses: Fixed<number>;
    archiveGeneration: Fixed<number>;
    madeAt: Fixed<Date>;
    renewFrom: Fixed<Date>;
    renewBy: Fixed<Date>;
  };
  bundleChanges: {
    authorizationId: Fixed<string>;
    changes: Fixed<number>;
    told: number;
    changedAt: Fixed<Date>;
  };
}
