import type { Time } from './time.js';
import type { Proof } from './stop.js';
import type { Party } from './use.js';

/** Members of the subject that a use may hand on. */
export type SubjectField = 'name' | 'idType' | 'idNumber' | 'phone';

/** The subject's data for one use. */
export interface SealedRelease {
  readonly release: string;
  readonly authorization: string;
  readonly redemption: string;
  readonly recipient: Party;
  /** RFC 7638 thumbprint of the key that opens it. */
  readonly key: string;
  readonly fields: readonly string[];
  /** JWE compact, ECDH-ES (P-256) with A256GCM. */
  readonly sealed: string;
  /** Compact JWS, `typ` `mandate-release+jwt`. */
  readonly receipt: string;
  readonly timestamp: string | null;
  readonly at: Time;
}

export interface RestrictionRequest {
  readonly by?: 'subject' | 'institution';
  readonly proof: Proof;
}

/** What has become of the personal data, and what will. */
export interface Privacy {
  readonly authorization: string;
  readonly restrictedAt: Time | null;
  readonly erasedAt: Time | null;
  /** Null before anything is over. */
  readonly retention: {
    readonly runsFrom: Time;
    readonly keptUntil: Time;
    /** The article. */
    readonly basis: string;
    /** False: gone as soon as the subject asks. */
    readonly byLaw: boolean;
  } | null;
}

/** The subject's copy; its other parts are the record's own shapes. */
export interface DataExport extends Readonly<Record<string, unknown>> {
  readonly format: 'mandate-export/v1';
  readonly readable: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

export interface IdImageRequest {
  readonly reason: 'in-person' | 'source-demand';
  readonly side: 'front' | 'back';
  /** Credit code of the letter's source that demands it, with `source-demand`. */
  readonly source?: string;
  /** For how many days it is kept. */
  readonly days?: number;
}

/** A picture of an identity document, without the picture. */
export interface IdImage {
  readonly id: string;
  readonly authorization: string;
  readonly by: 'institution' | 'subject';
  readonly reason: string;
  readonly side: string;
  /** Who demands it. */
  readonly source: Party | null;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes of what is kept. */
  readonly size: number;
  readonly keptAt: Time;
  /** It is destroyed then at the latest. */
  readonly keepUntil: Time;
  readonly destroyed: { readonly at: Time; readonly why: string; readonly by: string } | null;
}

export interface IdImageAccess {
  readonly purpose: 'identity-check' | 'source-demand' | 'dispute' | 'subject-request';
  /** The case it is looked at for; no personal data. */
  readonly reference: string;
}
