import { LitElement, type PropertyValues } from 'lit';
import { wordsOf, type Language, type Words } from '../src/pages/words/index.js';
import type { Ceremony } from './ceremony.js';

/**
 * A part of the signing page that follows the ceremony. Renders into the page itself (no shadow
 * root): one style sheet, plain labels, and one-time-code autofill that works in WebViews.
 */
export abstract class StepElement extends LitElement {
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

  /** A new step starts at its heading, for eyes and for screen readers. */
  protected override firstUpdated(_changed: PropertyValues): void {
    scrollTo({ top: 0 });
    this.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }
}

/** Hours and minutes in the subject's own time zone. */
export const clockTime = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(wordsOf(language).htmlLang, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
