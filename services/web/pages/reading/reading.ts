import type { SigningView } from '../signing-view.js';
import { keepReading, keptReading } from './kept-readings.js';
import { ReadingClock } from './reading-clock.js';

/** Places within the server's step `read`, in their order. */
export const READING_PLACES = ['terms', 'letter', 'clauses'] as const;
export type ReadingPlace = (typeof READING_PLACES)[number];

/** How the letter was shown. */
export type LetterForm = 'text' | 'pages';

/** What was on screen, for how long, and what was chosen: an indication, never "understood". */
export interface ReadingRecord {
  readonly language: 'zh' | 'en';
  /** Digest of the build this page came from, as the page's head says; null when it says none. */
  readonly pageBuild: string | null;
  readonly secondsOpen: number;
  readonly clauses: readonly {
    readonly id: string;
    readonly visibleMilliseconds: number;
    readonly acknowledgedAfterMilliseconds: number;
  }[];
  readonly reachedEnd: boolean;
  readonly alternative: 'pages' | 'text' | 'both';
  readonly readAloud: boolean;
  readonly largePrint: boolean;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly choices: { readonly items: readonly string[]; readonly recipients: readonly string[] };
  /** Digest of the institution's logo, if it was loaded. */
  readonly logo?: string;
}

/**
 * One reading of one letter. Kept for this tab, beside those of the other letters of a set, so that a
 * reload or an expired visit loses nothing the subject did and no time that was read. What is kept
 * names clauses and codes, no person. Gone once it was handed in.
 */
export class Reading {
  place: ReadingPlace = 'terms';
  reachedEnd = false;
  readAloud = false;
  #logo: string | undefined;
  readonly seen = new Set<LetterForm>();
  readonly #clock = new ReadingClock();
  readonly #visible = new Map<string, number>();
  /** Clause id → milliseconds from opening to the tap. */
  readonly #acknowledged = new Map<string, number>();
  /** `item:<code>` or `recipient:<credit code>` → yes or no; absent while undecided. */
  readonly #decided = new Map<string, boolean>();

  constructor(readonly letterDigest: string) {
    addEventListener('pagehide', this.#keepNow);
    document.addEventListener('visibilitychange', this.#keepHidden);
    const kept = keptReading(letterDigest);
    if (!kept) {
      this.#clock.start();
      return;
    }
    this.place = kept.place;
    this.reachedEnd = kept.reachedEnd;
    this.readAloud = kept.readAloud;
    this.#logo = kept.logo;
    for (const form of kept.seen) this.seen.add(form);
    for (const [id, time] of kept.visible) this.#visible.set(id, time);
    for (const [id, time] of kept.acknowledged) this.#acknowledged.set(id, time);
    for (const [id, yes] of kept.decided) this.#decided.set(id, yes);
    this.#clock.start(kept.milliseconds);
  }

  get seconds(): number {
    return this.#clock.seconds;
  }

  wasVisible(clause: string, milliseconds: number): void {
    this.#visible.set(clause, (this.#visible.get(clause) ?? 0) + milliseconds);
  }

  sawLogo(digest: string): void {
    this.#logo = digest;
    this.keep();
  }

  acknowledge(clause: string, yes: boolean): void {
    if (yes) this.#acknowledged.set(clause, this.#clock.milliseconds);
    else this.#acknowledged.delete(clause);
    this.keep();
  }

  isAcknowledged(clause: string): boolean {
    return this.#acknowledged.has(clause);
  }

  decide(key: `item:${string}` | `recipient:${string}`, yes: boolean): void {
    this.#decided.set(key, yes);
    this.keep();
  }

  decision(key: `item:${string}` | `recipient:${string}`): boolean | undefined {
    return this.#decided.get(key);
  }

  /** What is to be handed in, once every clause is acknowledged and every question answered. */
  record(view: SigningView, language: 'zh' | 'en', largePrint: boolean): ReadingRecord {
    const accepted = (kind: 'item' | 'recipient', codes: readonly string[]): string[] =>
      codes.filter((code) => this.#decided.get(`${kind}:${code}`) === true).sort();
    return {
      language,
      pageBuild: pageBuild(),
      secondsOpen: this.seconds,
      clauses: (view.clauses ?? []).map(({ id }) => ({
        id,
        visibleMilliseconds: Math.round(this.#visible.get(id) ?? 0),
        acknowledgedAfterMilliseconds: this.#acknowledged.get(id) ?? 0,
      })),
      reachedEnd: this.reachedEnd,
      alternative: this.seen.size === 2 ? 'both' : this.seen.has('text') ? 'text' : 'pages',
      readAloud: this.readAloud,
      largePrint,
      viewport: { width: Math.round(innerWidth), height: Math.round(innerHeight) },
      choices: {
        items: accepted(
          'item',
          optionalItems(view).map(({ code }) => code),
        ),
        recipients: accepted(
          'recipient',
          thirdParties(view).map(({ creditCode }) => creditCode),
        ),
      },
      ...(this.#logo === undefined ? {} : { logo: this.#logo }),
    };
  }

  keep(): void {
    keepReading(this.letterDigest, {
      milliseconds: this.#clock.milliseconds,
      place: this.place,
      visible: [...this.#visible],
      acknowledged: [...this.#acknowledged],
      decided: [...this.#decided],
      seen: [...this.seen],
      reachedEnd: this.reachedEnd,
      readAloud: this.readAloud,
      ...(this.#logo === undefined ? {} : { logo: this.#logo }),
    });
  }

  /** A page may end without another word: by a reload, or in the background. */
  readonly #keepNow = (): void => this.keep();
  readonly #keepHidden = (): void => {
    if (document.visibilityState === 'hidden') this.keep();
  };

  /** Runs while the letter is before the subject, not while a code is waited for. */
  follow(open: boolean): void {
    const { milliseconds } = this.#clock;
    this.#clock.stop();
    this.keep();
    if (open) this.#clock.start(milliseconds);
  }

  /** Over: nothing is kept any more. */
  close(): void {
    this.#clock.stop();
    removeEventListener('pagehide', this.#keepNow);
    document.removeEventListener('visibilitychange', this.#keepHidden);
  }
}

/** Each is a question of its own; what is necessary stands in the letter and is not asked. */
export const optionalItems = (view: SigningView) =>
  (view.items ?? []).filter((item) => !item.necessary);

export const thirdParties = (view: SigningView) =>
  (view.recipients ?? []).filter((recipient) => recipient.thirdParty);

const pageBuild = (): string | null =>
  document.querySelector<HTMLMetaElement>('meta[name=mandate-page-build]')?.content ?? null;
