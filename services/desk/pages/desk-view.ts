import { asProblem, type Problem } from '@mandate/pages/browser/problem';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Session } from './api/sign-in.js';
import type { DeskClient } from './desk-client.js';
import { keptTyped, watchTyped } from './typed-texts.js';
import { problemNote } from './ui/problem-note.js';
import { en } from './words/en-frame.js';
import { wordsFor } from './words/words-for.js';
import { zh } from './words/zh-frame.js';

export type Language = 'zh' | 'en';

/** What the frame gives each view. */
export interface Desk {
  readonly client: DeskClient;
  /** Undefined only in views that nobody needs to be signed in for. */
  readonly session: Session | undefined;
  /** The organisation's own sign-in is connected. */
  readonly providerSignIn: boolean;
  /** To another view; `path` begins with `/desk`. */
  go(path: string): void;
  /** `path`: where to go on; where one stands, unless said. */
  signedIn(session: Session, path?: string): void;
  over(note: 'over' | 'left'): void;
}

/** A view: what it loads, what it shows, and one thing at a time that is done in it. */
export abstract class DeskView extends LitElement {
  static override properties = {
    desk: { attribute: false },
    language: { attribute: false },
    params: { attribute: false },
    busy: { state: true },
    ready: { state: true },
    problem: { state: true },
    done: { state: true },
  };
  declare desk: Desk;
  declare language: Language;
  /** Pieces of the address, by their names in the view's path. */
  declare params: Readonly<Record<string, string>>;
  declare protected busy: boolean;
  /** `load` has come to an end. */
  declare protected ready: boolean;
  declare protected problem: Problem | undefined;
  /** A sentence about what was just done, told to screen readers; gone with the next act. */
  declare protected done: string;
  #focused = false;
  #unwatch: () => void = () => undefined;

  constructor() {
    super();
    this.params = {};
    this.busy = this.ready = false;
    this.done = '';
  }

  /** What the view needs. Throws `Problem`. */
  protected load(): Promise<void> {
    return Promise.resolve();
  }
  /**
   * What was typed and not sent; undefined: nothing. Asked about before it is lost, and kept over the end of a session
   * for the same person's next one.
   */
  get typed(): unknown {
    return undefined;
  }
  /** Puts what `typed` was back, once what the view needs is loaded; false: there is no place for it any more. */
  protected putBack(_typed: unknown): boolean {
    return false;
  }

  /** What was typed before stands in the form again, which is therefore open until it is sent. */
  protected back = false;

  /** What stands on the page once it is loaded. */
  protected abstract content(): TemplateResult;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watchTyped(this);
    void this.#arrive();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch();
  }

  async #arrive(): Promise<void> {
    // what the frame gives stands only then, where the element came before its module
    await this.updateComplete;
    await this.act(() => this.load());
    this.ready = this.problem === undefined;
    const typed = this.ready && this.desk.session && keptTyped(this, this.desk.session.staff);
    this.back = Boolean(typed) && this.putBack(typed);
    if (this.back) this.done = wordsFor(this.language, zh, en).putBack;
  }

  protected reload = (): Promise<void> => this.act(() => this.load());

  /** One thing at a time; a problem is shown. True when it went well. */
  protected async act(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    this.done = '';
    try {
      await work();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`
      <div role="alert">${this.problem ? problemNote(this.language, this.problem) : nothing}</div>
      ${this.ready ? this.content() : this.problem ? this.#without(this.problem) : nothing}
      <div role="status">
        ${this.done ? html`<p class="callout good">${this.done}</p>` : nothing}
      </div>
      <div class="toast" role="status">
        ${
          this.busy
            ? html`<p>
                <span class="spinner" aria-hidden="true"></span><span>${words.busy}</span>
              </p>`
            : nothing
        }
      </div>
    `;
  }

  /** Nothing could be loaded: whether trying again may help, and the way home. */
  #without({ code }: Problem): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const final = code === 'not-found' || code === 'forbidden';
    const title = final ? words.nothingHere : words.notNow;
    return html`${this.parentElement?.id === 'main' ? html`<h1 tabindex="-1">${title}</h1>` : nothing}
      <div class="onward">
        ${
          final
            ? nothing
            : html`<button
                type="button"
                class="button"
                data-action="again"
                ?disabled=${this.busy}
                @click=${() => void this.#arrive()}
              >
                ${words.again}
              </button>`
        }
        <a class="button secondary" href="/desk">${words.home}</a>
      </div>`;
  }

  /** A new view starts at its heading, for eyes and for screen readers. */
  protected override updated(_changed: PropertyValues): void {
    if (this.#focused || !this.ready) return;
    this.#focused = true;
    this.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }
}
