import type {
  IdentityCheck,
  IdentityOutcome,
  IdentityReceipt,
  Measure,
  PasskeyEnd,
  PasskeyKind,
} from '@mandate/core';
import type { Generated } from 'kysely';
import type { Fixed } from './fixed.js';

/** Who the person is: answers of providers, passkeys. */
export interface IdentityTables {
  identityAnswers: {
    digest: Fixed<string>;
    checkName: Fixed<IdentityCheck>;
    provider: Fixed<string>;
    operator: Fixed<string>;
    simulated: Fixed<boolean>;
    outcome: Fixed<IdentityOutcome>;
    reference: Fixed<string>;
    suite: Fixed<IdentityReceipt['suite']>;
    subjectKey: Fixed<Uint8Array>;
    checkedAt: Fixed<Date>;
    receivedAt: Fixed<Date>;
    freshUntil: Fixed<Date>;
  };
  identityResults: {
    authorizationId: Fixed<string>;
    digest: Fixed<string>;
    box: Fixed<Uint8Array>;
  };
  identityPolicies: {
    policy: Fixed<string>;
    requirements: Fixed<unknown>;
    freshSeconds: Fixed<number>;
  };
  passkeys: {
    id: Fixed<string>;
    subjectKey: Fixed<Uint8Array>;
    credentialId: Fixed<Uint8Array>;
    publicKey: Fixed<Uint8Array>;
    counter: number;
    transports: Fixed<readonly string[]>;
    salt: Fixed<Uint8Array>;
    entryDigest: Fixed<string>;
    authorizationId: Fixed<string>;
    challengeDigest: Fixed<string>;
    provenBy: Fixed<readonly Measure[]>;
    kind: Fixed<PasskeyKind>;
    createdAt: Fixed<Date>;
    lastUsedAt: Date | null;
    revokedAt: Date | null;
    revokedWhy: PasskeyEnd | null;
    tells: Generated<number>;
  };
}
