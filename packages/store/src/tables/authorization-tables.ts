import type { EventType, State } from '@mandate/core';
import type { Fixed } from './fixed.js';

/** Authorizations with their trail, sets of them, and reports made of them. */
export interface AuthorizationTables {
  authorizations: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    templateId: Fixed<string>;
    templateVersion: Fixed<number>;
    businessReference: Fixed<string>;
    letterNumber: Fixed<string>;
    language: Fixed<string>;
    termsDigest: Fixed<string>;
    letterDigest: Fixed<string>;
    letterSize: Fixed<number>;
    state: State;
    version: number;
    head: string;
    endAt: Fixed<Date>;
    signBy: Fixed<Date>;
    createdAt: Fixed<Date>;
    updatedAt: Date;
  };
  signingSets: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    size: Fixed<number>;
    createdAt: Fixed<Date>;
  };
  setMembers: {
    setId: Fixed<string>;
    position: Fixed<number>;
    authorizationId: Fixed<string>;
    optional: Fixed<boolean>;
    refusedAt: Date | null;
  };
  events: {
    stream: Fixed<string>;
    version: Fixed<number>;
    type: Fixed<EventType>;
    body: Fixed<string>;
    previous: Fixed<string>;
    digest: Fixed<string>;
  };
  scopes: {
    authorizationId: Fixed<string>;
    digest: Fixed<string>;
    purpose: Fixed<string>;
    items: Fixed<string[]>;
    sources: Fixed<string[]>;
    recipients: Fixed<string[]>;
    fromAt: Fixed<Date>;
    endAt: Fixed<Date>;
    endEvent: Fixed<string | null>;
    maxUses: Fixed<number>;
    per: Fixed<'month' | 'quarter' | 'year' | null>;
    sealed: Fixed<Uint8Array>;
  };
  reports: { id: Fixed<string>; authorizationId: Fixed<string>; createdAt: Fixed<Date> };
}
