import type { LetterSection } from '../signing-view.js';
import type { Logo } from '../ui/logo-image.js';
import type { OwnWords } from '../../src/pages/words/own-words.js';

/** What `/v1/own` answers, as the page reads it. */
export interface OwnPerson {
  readonly phone: string;
  readonly name: string;
  readonly idType: string;
  readonly idNumber: string;
}

type InBoth = { readonly zh: string; readonly en: string };
export type Condition = keyof OwnWords['conditions'];

export interface OwnRow {
  readonly id: string;
  readonly letterNumber: string;
  readonly title: InBoth;
  readonly institution: string;
  readonly logo?: Logo;
  /** What the institution may do: ask a source, or report what it has itself. */
  readonly act: keyof OwnWords['acts'];
  readonly purpose: InBoth;
  readonly data: InBoth;
  readonly condition: Condition;
  readonly requestedAt: string;
  readonly until: string;
  readonly usesLeft?: number;
  readonly usesTotal?: number;
  readonly per?: 'month' | 'quarter' | 'year' | null;
}

export interface OwnList {
  readonly means: 'code' | 'passkey' | 'own-link';
  readonly expiresAt: string;
  readonly endsAt: string;
  readonly authorizations: readonly OwnRow[];
  readonly passkeys: readonly OwnPasskey[];
}

export interface OwnPasskey {
  readonly id: string;
  readonly institution: string;
  readonly letterNumber: string;
  readonly kind: keyof OwnWords['passkeys']['kinds'];
  readonly registeredAt: string;
  readonly lastUsedAt: string | null;
  readonly removed: { readonly at: string; readonly why: keyof OwnWords['passkeys']['why'] } | null;
  readonly here: boolean;
}

interface Sealed {
  readonly receipt: string | null;
  readonly stamped: boolean;
}

export interface OwnUse {
  readonly at: string;
  readonly state: keyof OwnWords['detail']['useStates'];
  readonly number: number;
  readonly of: number;
  readonly period?: string;
  readonly source: string;
  readonly recipient: string;
  readonly items: readonly string[];
  readonly operator: string;
  readonly approved: boolean;
}

export interface OwnAccess {
  readonly at: string;
  readonly purpose: keyof OwnWords['purposes'];
  readonly by: keyof OwnWords['by'] | 'vouched';
  /** Who let somebody in that lost the number. */
  readonly vouched?: { readonly institution: string; readonly by: string; readonly how: string };
}

export type IdImageSide = keyof OwnWords['images']['sides'];

export interface OwnIdImage {
  readonly id: string;
  readonly by: keyof OwnWords['images']['by'];
  readonly reason: keyof OwnWords['images']['reasons'];
  readonly side: IdImageSide;
  readonly keptAt: string;
  readonly keepUntil: string;
  readonly destroyed: {
    readonly at: string;
    readonly why: keyof OwnWords['images']['why'];
  } | null;
}

export interface OwnDetail extends OwnRow {
  readonly language: 'zh' | 'en';
  readonly contact: string;
  readonly complaints: string;
  readonly creditCode: string;
  readonly checkCode: string;
  readonly keyTerms: readonly {
    readonly id: string;
    readonly label: string;
    readonly text: string;
  }[];
  readonly items: readonly { readonly name: string; readonly accepted: boolean }[];
  readonly recipients: readonly {
    readonly name: string;
    readonly purpose: string;
    readonly accepted: boolean;
  }[];
  readonly letterSections: readonly LetterSection[];
  readonly uses: readonly OwnUse[];
  readonly accesses: readonly OwnAccess[];
  readonly timeline: readonly { readonly at: string; readonly type: string }[];
  readonly withdrawal:
    | ({
        readonly id: string;
        readonly at: string;
        readonly by: string;
        readonly channel: string;
      } & Sealed)
    | null;
  readonly holds: readonly ({
    readonly id: string;
    readonly at: string;
    readonly by: string;
    readonly reason: string;
    readonly outcome: keyof OwnWords['dispute']['outcomes'] | null;
  } & Sealed)[];
  readonly may: {
    readonly withdraw: boolean;
    readonly dispute: boolean;
    readonly download: boolean;
    readonly erase: boolean;
    readonly keepIdImage: boolean;
    readonly openIdImages: boolean;
  };
  readonly idImages: readonly OwnIdImage[];
  readonly privacy: {
    readonly restrictedAt: string | null;
    readonly retention: {
      readonly keptUntil: string;
      readonly basis: string;
      readonly byLaw: boolean;
    } | null;
  };
}
