import type { Language } from '../moments.js';

export type Severity = 'error' | 'warning';

/** The same in both languages of a letter. */
export type Both<T> = Readonly<Record<Language, T>>;

/**
 * A construction of words: source of a regular expression over folded text (see `foldText`: ASCII
 * punctuation and lower-case Latin letters). Every quantifier is bounded, so that time grows with the text
 * and with nothing else; a test holds every pack to it.
 */
export interface Phrase {
  readonly match: string;
  /** What may not stand right before it: 合 before 同 makes another word of 同等. */
  readonly notAfter?: string;
  /** What may not follow it. */
  readonly notBefore?: string;
  /** True: it counts in a denial as well; 不得 before 关联方 otherwise makes a good sentence of it. */
  readonly evenDenied?: boolean;
}

/** One kind of item that may be asked for only with a word about its consequences. */
export interface NoticeFamily {
  readonly id: string;
  readonly words: Both<string>;
}

/** Where a field stands in template or terms, without index and language: `clauses.text`; `text` of a bare text. */
export type Role = string;

export type Matcher =
  /** Words that may not stand anywhere, or only where `roles` says. */
  | {
      readonly kind: 'phrases';
      readonly roles?: readonly Role[];
      readonly phrases: Both<readonly Phrase[]>;
    }
  /** A member of template or terms that must say all of these. */
  | { readonly kind: 'must-say'; readonly role: Role; readonly all: Both<readonly string[]> }
  /** A kind of item, wherever asked for, needs one clause with `notice` and its own or a `generic` name. */
  | {
      readonly kind: 'notice';
      readonly families: readonly NoticeFamily[];
      readonly notice: Both<string>;
      readonly generic: Both<string>;
      /** In a bare text: what makes it a request for the item, before its name. */
      readonly request: Both<string>;
    }
  /** Sensitive items need a clause that matches `consent`; with `named`, the clause must name each of them. */
  | { readonly kind: 'sensitive-clause'; readonly consent: Both<string>; readonly named: boolean }
  /** Each recipient's purpose is its own: longer than so many characters, and no reference to another. */
  | {
      readonly kind: 'recipient-purpose';
      readonly atLeast: Both<number>;
      readonly reference: Both<string>;
    }
  /** A necessary recipient: only where the purpose is giving to it, and `refusal` says that refusing it refuses the letter. */
  | {
      readonly kind: 'necessary-recipient';
      readonly purposes: readonly string[];
      readonly refusal: Both<string>;
    }
  /** The purpose in words names at least what its code names. */
  | {
      readonly kind: 'purpose-words';
      readonly atLeast: Both<number>;
      readonly anchors: Readonly<Record<string, Both<string>>>;
    }
  /** Numbers with a unit, dates, credit codes and digit groups stand in both languages. */
  | { readonly kind: 'same-figures' };

export interface Rule {
  /** Kebab-case, never used again for something else. */
  readonly id: string;
  /** Law and articles, as `个人信息保护法 23/29`. */
  readonly articles: readonly string[];
  readonly severity: Severity;
  /** What is wrong and what to write instead. */
  readonly message: Both<string>;
  readonly matcher: Matcher;
}

/** Rules of one edition, as data. A published edition is never edited. */
export interface RulePack {
  readonly version: string;
  /** What denies all that follows in its part of the sentence: 不得向, `shall not`. */
  readonly denial: Both<string>;
  readonly rules: readonly Rule[];
}

export interface LintFinding {
  readonly rule: string;
  readonly severity: Severity;
  /** The rule's articles, joined by `; `. */
  readonly article: string;
  readonly message: Both<string>;
  /** `clauses[2].text.zh`; empty for a bare text. */
  readonly path: string;
  /** UTF-16 offsets in the field; a finding about a whole field spans it. */
  readonly start: number;
  readonly end: number;
  /** The words found, at most 60 UTF-16 units. */
  readonly excerpt: string;
}
