import type { CodeChannel, SmsFault, SmsOutcome, SmsReceipt } from '@mandate/core';
import type { ColumnType, Generated } from 'kysely';
import type { Fixed } from './fixed.js';

/** The subject’s steps: links, visits, challenges, messages, confirmations. */
export interface CeremonyTables {
  signingLinks: {
    id: Fixed<string>;
    authorizationId: Fixed<string>;
    kind: Fixed<'link' | 'ticket'>;
    tokenDigest: Fixed<Uint8Array>;
    origins: Fixed<string[]>;
    createdAt: Fixed<Date>;
    expiresAt: Fixed<Date>;
    usedAt: Date | null;
    returnUrl: Fixed<string | null>;
    returnState: Fixed<string | null>;
    handedOverFrom: Fixed<string | null>;
  };
  visits: {
    id: Fixed<string>;
    authorizationId: Fixed<string>;
    cookieDigest: Fixed<Uint8Array>;
    createdAt: Fixed<Date>;
    expiresAt: Fixed<Date>;
    identifiedAt: Date | null;
    gate: 'last-six' | 'institution' | null;
    linkId: Fixed<string | null>;
    continues: Fixed<string | null>;
    framed: Fixed<boolean>;
    handOverDigest: Fixed<Uint8Array | null>;
  };
  challenges: {
    id: Fixed<string>;
    authorizationId: Fixed<string>;
    ordinal: Fixed<number>;
    digest: Fixed<string>;
    scene: Fixed<string>;
    sceneDigest: Fixed<string>;
    serverNonce: Fixed<string>;
    codeMac: Uint8Array | null;
    withCode: ColumnType<boolean, never, never>;
    channel: Fixed<CodeChannel>;
    sealedCode: Uint8Array | null;
    madeAt: Fixed<Date>;
    expiresAt: Fixed<Date>;
    tries: Generated<number>;
    sends: Generated<number>;
    deadAt: Date | null;
    setChallenges: Fixed<readonly string[] | null>;
    codeOrdinal: Generated<number>;
    codeGateway: string | null;
    prefixKey: Fixed<Uint8Array | null>;
  };
  smsSends: {
    id: Generated<number>;
    about: Fixed<string>;
    ordinal: Fixed<number>;
    gateway: Fixed<string>;
    outcome: Fixed<SmsOutcome['outcome']>;
    fault: Fixed<SmsFault | null>;
    code: Fixed<string | null>;
    messageIds: Fixed<readonly string[]>;
    at: Fixed<Date>;
  };
  smsReceipts: {
    gateway: Fixed<string>;
    messageId: Fixed<string>;
    status: Fixed<SmsReceipt['status']>;
    code: Fixed<string>;
    receivedAt: Fixed<Date>;
    heardBy: Generated<string>;
  };
  sandboxMessages: {
    id: Generated<string>;
    reference: Fixed<string>;
    phone: Fixed<string>;
    text: Fixed<string>;
    createdAt: Fixed<Date>;
    shownAt: Fixed<Date | null>;
  };
  confirmations: {
    authorizationId: Fixed<string>;
    challengeId: Fixed<string>;
    visitId: Fixed<string>;
    parts: Fixed<string>;
    evidenceRoot: Fixed<string>;
    codeRecord: Fixed<string | null>;
    passkey: Fixed<string | null>;
    delivery: Fixed<string | null>;
    publicKey: Fixed<Uint8Array>;
    proof: Fixed<Uint8Array>;
    trailVersion: Fixed<number>;
    confirmedAt: Fixed<Date>;
    goodUntil: Fixed<Date>;
  };
  pauses: {
    subjectKey: Fixed<Uint8Array>;
    ownerKey: Fixed<Uint8Array>;
    authorizationId: Fixed<string>;
    at: Fixed<Date>;
  };
}
