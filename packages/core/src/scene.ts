import type { SceneIdentity } from './identity-evidence.js';

export type KeyOrigin = 'browser' | 'hsm' | 'software';
export type Measure = 'sms-code' | 'passkey';

/**
 * What the subject accepted beyond what the letter needs: codes of optional items and credit codes of
 * third-party recipients, each sorted. What is absent was refused: nothing is accepted by default.
 */
export interface Choices {
  readonly items: readonly string[];
  readonly recipients: readonly string[];
}

/** How the page was used, as the page says: an *indication*, never "understood". Kept encrypted. */
export interface PresentationRecord {
  readonly format: 'mandate-presentation/v1';
  readonly letterDigest: string;
  /** Of the page, which may differ from the letter's. */
  readonly language: 'zh' | 'en';
  /** Digest of the page build that showed it; null when it was not our page, or not its current build. */
  readonly pageBuild: string | null;
  /** RFC 3339, UTC, seconds; by the server's clock. */
  readonly openedAt: string;
  /** Seconds the letter was in front of somebody. */
  readonly secondsOpen: number;
  /** In the order of the letter. Milliseconds; `acknowledgedAfter…` counts from the opening. */
  readonly clauses: readonly {
    readonly id: string;
    readonly visibleMilliseconds: number;
    readonly acknowledgedAfterMilliseconds: number;
  }[];
  readonly reachedEnd: boolean;
  /** What was looked at: the PDF's pages, the letter as text, or both. */
  readonly alternative: 'pages' | 'text' | 'both';
  readonly readAloud: boolean;
  readonly largePrint: boolean;
  /** CSS pixels. */
  readonly viewport: { readonly width: number; readonly height: number };
  readonly choices: Choices;
  /** SHA-256 of the institution's logo (PNG) that was seen beside its name, hex; absent: none was. */
  readonly logo?: string;
}

/**
 * Who, what and which measures, for one signing act; frozen before the challenge.
 * Parties are salted commitments (salt of the terms), so the scene itself may be shown to anybody.
 */
export interface Scene {
  readonly format: 'mandate-scene/v1';
  readonly authorization: string;
  readonly institution: { readonly id: string; readonly name: string; readonly creditCode: string };
  /** Hex `commitment(salt, field, value)`. */
  readonly subject: {
    readonly name: string;
    readonly idNumber: string;
    readonly phone: string;
  };
  readonly termsDigest: string;
  readonly letterDigest: string;
  readonly measures: readonly Measure[];
  readonly keyOrigins: readonly KeyOrigin[];
  /** Who asserts that the visitor is the subject before personal data is shown. */
  readonly gate: 'last-six' | 'institution';
  readonly choices: Choices;
  /** `kindDigest('presentation', PresentationRecord)` of the presentation this scene follows. */
  readonly presentation: string;
  /** As in the presentation record. */
  readonly pageBuild: string | null;
  readonly ledgerOrigin: string;
  readonly frozenAt: string;
  /** Only in a signing set: digests of all letters accepted in this sitting, in their order, this one among them. */
  readonly set?: { readonly id: string; readonly letters: readonly string[] };
  /** Only where the template's policy asks who somebody is; frozen as it was at that moment. */
  readonly identity?: SceneIdentity;
}
