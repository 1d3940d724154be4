/**
 * The disputes desk's page. How a view is added:
 *
 *  1. `views/<topic>-view.ts`: one custom element that extends `DeskView` (desk-view.ts). It overrides `load()` (what
 *     it needs from the server; called on arrival, again by `reload()`) and `content()` (what stands on the page, with
 *     exactly one `<h1 tabindex="-1">`). What people do goes through `this.act(async () => …)`: one thing at a time,
 *     problems shown above the content, an ended session handled. Light DOM, styles of packages/pages and
 *     styles/views.css; tables by `ui/record-table.ts`, fields by `ui/fields.ts`, moments by `moments.ts`.
 *  2. `api/<topic>.ts`: what the server answers there, as types, and one function a call over `DeskClient`.
 *  3. `words/zh-<topic>.ts` (its type is the topic's vocabulary), `words/en-<topic>.ts`, and in the view
 *     `wordsFor(this.language, zh, en)`. Problem codes of new routes: `words/{zh,en}-problems.ts`.
 *  4. one line in `views/index.ts`: address, title, who may, and whether it stands in the menu. The view is fetched
 *     when somebody goes there. Links are plain `<a href="/desk/…">`. What belongs into a case (its authorizations'
 *     life, its reports) is an element of its own that stands in views/case-slots.ts.
 *
 * The server checks everything again; roles here only decide what is offered.
 */
import {
  applyPrint,
  browserLanguage,
  chosenLanguage,
  rememberLanguage,
} from '@mandate/pages/browser/preferences';
import { asProblem, Problem } from '@mandate/pages/browser/problem';
import { pageBar } from '@mandate/pages/browser/ui/page-bar';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { html as named, unsafeStatic } from 'lit/static-html.js';
import { shellWordsOf } from '../src/pages/shell-words.js';
import { signOut, whoIsHere, type Session } from './api/sign-in.js';
import { DeskClient } from './desk-client.js';
import type { Desk, Language } from './desk-view.js';
import { SessionWatch } from './session-watch.js';
import { forgetTyped, keepTyped, somethingKept, somethingTyped } from './typed-texts.js';
import { problemNote } from './ui/problem-note.js';
import { menuOf, viewAt, type Found, type View } from './views/index.js';
import './views/invitation-view.js';
import './views/sign-in-view.js';
import { en } from './words/en-frame.js';
import { zh } from './words/zh-frame.js';
import { wordsFor } from './words/words-for.js';

/** Frame, menu and router; who is here. */
class DeskPage extends LitElement implements Desk {
  static override properties = {
    language: { state: true },
    session: { state: true },
    opened: { state: true },
    found: { state: true },
    note: { state: true },
    problem: { state: true },
  };
  declare language: Language;
  declare session: Session | undefined;
  /** Whether it is known who is here. */
  declare private opened: boolean;
  declare private found: Found | undefined;
  declare private note: 'over' | 'left' | undefined;
  declare private problem: Problem | undefined;
  readonly client = new DeskClient(() => this.over('over'));
  readonly #watch = new SessionWatch(this.client, (note, signsOut) => this.over(note, signsOut));
  /** Views that have been fetched. */
  readonly #fetched = new Set<View>();
  readonly providerSignIn: boolean;
  /** Counts arrivals, so that the same view at another address is a new one. */
  #arrival = 0;
  /** Address of what is shown. */
  #at = '';

  constructor() {
    super();
    this.language = chosenLanguage() ?? browserLanguage();
    this.opened = false;
    this.providerSignIn = this.dataset['provider'] === 'yes';
  }

  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('popstate', () => {
      if (this.#leaves()) return void this.#arrive();
      // the browser is there already: back to what stays
      history.pushState(null, '', this.#at);
    });
    addEventListener('beforeunload', (event) => {
      // also on the way to an organisation's sign-in: what is kept is kept by this page alone
      if (somethingTyped() || somethingKept()) event.preventDefault();
    });
    addEventListener('click', this.#follow);
    void this.#start();
  }

  async #start(): Promise<void> {
    try {
      this.session = await whoIsHere(this.client);
      if (this.session) this.#watch.begin(this.session);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
    this.opened = true;
    await this.#arrive();
  }

  /** Nothing that was typed is lost unasked. */
  #leaves(): boolean {
    return !somethingTyped() || confirm(wordsFor(this.language, zh, en).leave);
  }

  go(path: string): void {
    if (!this.#leaves()) return;
    history.pushState(null, '', path);
    void this.#arrive();
  }

  signedIn(session: Session, path?: string): void {
    this.session = session;
    this.#watch.begin(session);
    this.note = undefined;
    if (path) history.replaceState(null, '', path);
    void this.#arrive();
  }

  /** Nothing of the session stays on the page; what was typed waits out of sight. */
  over(note: 'over' | 'left', signsOut = false): void {
    if (!this.session) return;
    this.client.abandon();
    // without an answer it idles out at the server
    if (signsOut) void signOut(this.client).catch(() => undefined);
    this.#watch.end();
    keepTyped(this.session.staff);
    this.session = undefined;
    this.note = note;
    void this.#arrive();
  }

  async #arrive(): Promise<void> {
    this.#at = location.pathname + location.search;
    const path = location.pathname.replace(/^\/desk\/?/, '/');
    const found = viewAt(path);
    this.problem = undefined;
    this.#arrival++;
    if (found && (found.view.roles === 'nobody' || this.session)) {
      try {
        await found.view.load();
        this.#fetched.add(found.view);
      } catch {
        // a file of an older build, or no connection
        this.problem = new Problem('offline');
      }
    }
    this.found = found;
    scrollTo({ top: 0 });
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const shell = shellWordsOf(this.language);
    document.documentElement.lang = shell.htmlLang;
    const title = this.found?.view.title[this.language];
    document.title = title ? `${title} · ${shell.product}` : shell.product;
    return html`
      ${pageBar(shell, this.#switchLanguage, () => this.requestUpdate())}
      ${this.session ? this.#menu(this.session) : nothing}
      <main id="main" class="page desk" tabindex="-1">
        ${this.problem ? problemNote(this.language, this.problem) : nothing}
        ${this.#place(shell.opening)}
      </main>
    `;
  }

  #place(opening: string): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { found, session } = this;
    if (!this.opened) return html`<p role="status">${opening}</p>`;
    if (!session && found?.view.roles !== 'nobody')
      return html`<desk-sign-in
        .desk=${this}
        .language=${this.language}
        .note=${this.note}
      ></desk-sign-in>`;
    // a recovery code is for a new passkey, and for nothing else
    if (session?.means === 'recovery-code')
      return html`<desk-invitation .desk=${this} .language=${this.language}></desk-invitation>`;
    const may =
      found &&
      (found.view.roles === 'nobody' || found.view.roles === 'any' || !session
        ? true
        : found.view.roles.some((role) => session.roles.includes(role)));
    if (!found || !may)
      return html`<h1 tabindex="-1">${words.nothingHere}</h1>
        <p>${found ? words.notForYou : words.noSuchPage}</p>
        <p><a class="button secondary" href="/desk">${words.home}</a></p>`;
    if (!this.#fetched.has(found.view)) return html`<p role="status">${opening}</p>`;
    const tag = unsafeStatic(found.view.element);
    return html`${keyed(
      this.#arrival,
      named`<${tag} .desk=${this} .language=${this.language} .params=${found.params}></${tag}>`,
    )}`;
  }

  #menu(session: Session): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<nav class="menu" aria-label=${words.menu}>
      <ul>
        ${menuOf(session.roles).map(
          (view) =>
            html`<li>
              <a
                href="/desk${view.path === '/' ? '' : view.path}"
                aria-current=${this.found?.view === view ? 'page' : 'false'}
                >${view.title[this.language]}</a
              >
            </li>`,
        )}
      </ul>
      <p class="who-is-here">
        <span>${session.name}</span>
        ${session.roles.map((role) => html`<span class="badge">${words.roles[role]}</span>`)}
        ${session.outsourced ? html`<span class="badge warning">${words.outsourced}</span>` : nothing}
        <button type="button" class="button quiet" data-action="sign-out" @click=${this.#leave}>
          ${words.signOut}
        </button>
      </p>
    </nav>`;
  }

  #leave = async (): Promise<void> => {
    if (!this.#leaves()) return;
    try {
      await signOut(this.client);
      if (this.session) this.#watch.left(this.session.staff);
      this.over('left');
      // they were asked; in another tab nobody was
      forgetTyped();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  };

  /** Links between views change the view, not the page. */
  #follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (
      !link ||
      link.target !== '' ||
      link.hasAttribute('download') ||
      link.origin !== location.origin
    )
      return;
    if (!/^\/desk(?:\/|$)/.test(link.pathname) || link.hash !== '') return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };

  #switchLanguage = (): void => {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    rememberLanguage(this.language);
  };
}

applyPrint();
customElements.define('mandate-desk', DeskPage);
