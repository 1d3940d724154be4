import { LitElement, type PropertyValues } from 'lit';
import { wordsOf, type Language, type Words } from '../src/pages/words/index.js';
import type { Ceremony } from './ceremony.js';

/** A part of the signing page that follows the ceremony. Renders into the page itself (no shadow
 * root): one style sheet, plain labels, and one-time-code autofill that works in WebViews.
 */
export abstract class CeremonyElement extends LitElement {
  static override properties = {
    ceremony: { attribute: false },
    language: { attribute: false },
  };
  declare ceremony: Ceremony;
  declare language: Language;
  #unsubscribe: (() => void) | undefined;

  get words(): Words {
    return wordsOf(this.language);
  }

  /** For texts in the letter's language on a page in the other one. */
  get letterLang(): string {
    return wordsOf(this.ceremony.view?.language ?? this.language).htmlLang;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.ceremony.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }
}

/** One step; `place` stands in `data-step`, for style, tests and the frame around us. */
export abstract class StepElement extends CeremonyElement {
  protected abstract readonly place: string;

  override connectedCallback(): void {
    super.connectedCallback();
    this.dataset['step'] = this.place;
  }

  /** A new step starts at its heading, for eyes and for screen readers. */
  protected override firstUpdated(_changed: PropertyValues): void {
    scrollTo({ top: 0 });
    this.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    markReady();
  }
}

/** The moment the subject can act for the first time. */
function markReady(): void {
  if (performance.getEntriesByName('mandate-ready').length === 0) performance.mark('mandate-ready');
}

/** Hours and minutes in the subject's own time zone. */
export const clockTime = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(wordsOf(language).htmlLang, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
