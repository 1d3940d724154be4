import type { DeskIndex, EventType, Scene, State, Topic } from '@mandate/core';

/** Who asserts that the visitor is the subject before personal data is shown. */
export type Gate = Scene['gate'];

export interface Institution {
  readonly id: string;
  readonly name: string;
  readonly creditCode: string;
  readonly contact: string;
  readonly complaints: string;
}

export interface TemplateVersion {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  /** Canonical JSON of the template body. */
  readonly body: string;
}

export interface AuthorizationRow {
  readonly id: string;
  readonly institutionId: string;
  readonly templateId: string;
  readonly templateVersion: number;
  readonly businessReference: string;
  readonly letterNumber: string;
  readonly language: string;
  readonly termsDigest: string;
  readonly letterDigest: string;
  readonly letterSize: number;
  readonly state: State;
  readonly version: number;
  /** Digest of the newest trail event. */
  readonly head: string;
  readonly endAt: Date;
  readonly signBy: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One trail event on top of a known version; `version-conflict` when somebody else was first. */
export interface Step {
  readonly authorization: Pick<AuthorizationRow, 'id' | 'version' | 'head'>;
  /** The new state; absent when the event changes none. */
  readonly to?: State;
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
  readonly outbox?: readonly { topic: Topic; ref: string }[];
}

/** One `presented` event with its record, which is ciphertext. */
export interface PresentationRow {
  /** Of the event. */
  readonly version: number;
  /** `kindDigest('presentation', record)`, hex, as the event names it. */
  readonly digest: string;
  readonly at: Date;
  readonly box: Uint8Array;
}

/** What `requested` writes. */
export interface NewAuthorization {
  readonly row: Omit<AuthorizationRow, 'state' | 'version' | 'head' | 'updatedAt'>;
  /** Of the event. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly termsBox: Uint8Array;
  /** By what its institution finds it when it knows the person. */
  readonly searchKey: Uint8Array;
  /** By what the disputes desk finds it. */
  readonly deskIndex?: DeskIndex;
}

/** What a list is narrowed to; everything given must hold. */
export interface AuthorizationFilter {
  readonly state?: State | undefined;
  /** Id or name. */
  readonly template?: string | undefined;
  readonly businessReference?: string | undefined;
  readonly letterNumber?: string | undefined;
  readonly createdFrom?: Date | undefined;
  /** Not included. */
  readonly createdTo?: Date | undefined;
  readonly searchKey?: Uint8Array | undefined;
}

/** Reads every role with a ceremony step has. */
export interface CommonReads {
  /** Throws `not-found`. */
  authorization(id: string): Promise<AuthorizationRow>;
  /** Events 1..upTo as stored, canonical JSON with their digests. */
  trail(id: string, upTo?: number): Promise<readonly { body: string; digest: string }[]>;
  /** All presentations up to that version of the trail, oldest first. */
  presentations(id: string, upTo?: number): Promise<readonly PresentationRow[]>;
  template(id: string, version: number): Promise<TemplateVersion>;
  institution(id: string): Promise<Institution>;
}
