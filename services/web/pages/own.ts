import { firstToken, takeToken } from './take-token.js';
import { html, LitElement, type TemplateResult } from 'lit';
import { problemText, wordsOf, type Language } from '../src/pages/words/index.js';
import { ownWordsOf, type OwnWords } from '../src/pages/words/own-words.js';
import './own/code-form.js';
import { detailView } from './own/detail-view.js';
import './own/enter-form.js';
import { listView } from './own/list-view.js';
import { OwnClient } from './own/own-client.js';
import type {
  IdImageSide,
  OwnDetail,
  OwnIdImage,
  OwnList,
  OwnPasskey,
  OwnPerson,
} from './own/own-view.js';
import './own/question.js';
import { askPasskey } from '@mandate/pages/browser/passkeys';
import {
  applyPrint,
  browserLanguage,
  chosenLanguage,
  rememberLanguage,
} from '@mandate/pages/browser/preferences';
import { asProblem, type Problem } from '@mandate/pages/browser/problem';
import { clockTime } from './step-element.js';
import { pageBar } from '@mandate/pages/browser/ui/page-bar';

type Place = 'opening' | 'enter' | 'code' | 'list' | 'detail';
type Activity = keyof OwnWords['busy'];

/** As the server lets a visit lie unused; it is the server's word that counts. */
const IDLE_MILLISECONDS = 15 * 60_000;
/** When to look for the proof of a withdrawal; each look is an opening that is written down. */
const PROOF_AFTER = [3_000, 9_000];

/** "My authorizations": enter, list, one of them, withdraw, dispute. */
class OwnPage extends LitElement {
  static override properties = {
    language: { state: true },
    place: { state: true },
    activity: { state: true },
    problem: { state: true },
    note: { state: true },
    list: { state: true },
    detail: { state: true },
    question: { state: true },
    leaving: { state: true },
    ending: { state: true },
  };
  declare private language: Language;
  declare private place: Place;
  declare private activity: Activity | undefined;
  declare private problem: Problem | undefined;
  declare private note: 'over' | 'left' | 'removed' | undefined;
  declare private list: OwnList | undefined;
  declare private detail: OwnDetail | undefined;
  declare private question: 'withdraw' | 'dispute' | 'erase' | undefined;
  /** The passkey that is asked about before it goes. */
  declare private leaving: OwnPasskey | undefined;
  /** The picture that is asked about before it is destroyed. */
  declare private ending: OwnIdImage | undefined;
  readonly #client = new OwnClient();
  #codeUntil = '';
  /** Milliseconds by the server's clock; what is shown is gone from the page then. */
  #over = 0;
  #focusNext = false;

  constructor() {
    super();
    this.language = chosenLanguage() ?? browserLanguage();
    this.place = 'opening';
  }

  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#start(firstToken);
    addEventListener('hashchange', () => {
      const token = takeToken();
      if (token) void this.#start(token);
    });
    addEventListener('popstate', () => {
      if (this.place === 'detail') void this.#back();
    });
    setInterval(() => {
      if (this.list && this.#client.serverNow() >= this.#over) this.#forget('over');
    }, 1000);
  }

  async #start(token: string | undefined): Promise<void> {
    if (token !== undefined) {
      this.#go('enter');
      return this.#do('opening', async () => this.#enter(await this.#client.open(token)));
    }
    try {
      this.#enter(await this.#client.list());
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.code !== 'visit-invalid') this.problem = problem;
      this.#go('enter');
    }
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.language);
    const own = ownWordsOf(this.language);
    document.documentElement.lang = words.htmlLang;
    document.title = own.title;
    return html`
      ${pageBar(words, this.#switchLanguage, () => this.requestUpdate())}
      <main id="main" class="page" tabindex="-1" data-place=${this.place}>
        ${this.list ? this.#visitBar(own) : ''}
        <div role="alert">${this.#problemView(own)}</div>
        ${
          this.note === 'removed'
            ? html`<p class="callout good" role="status">${own.passkeys.done}</p>`
            : ''
        }
        ${this.#content(own)}
      </main>
      ${
        this.leaving || this.ending || (this.question && this.detail)
          ? html`<mandate-own-question
              .language=${this.language}
              .what=${this.leaving ? 'passkeys' : this.ending ? 'images' : this.question}
              .authorization=${this.detail}
              @own-yes=${this.leaving ? this.#remove : this.ending ? this.#destroyImage : this.#decide}
              @own-no=${() => (this.question = this.leaving = this.ending = undefined)}
            ></mandate-own-question>`
          : ''
      }
      <div class="toast" role="status">
        ${
          this.activity
            ? html`<p>
                <span class="spinner" aria-hidden="true"></span>
                <span>${own.busy[this.activity]}</span>
              </p>`
            : ''
        }
      </div>
    `;
  }

  #content(own: OwnWords): TemplateResult {
    const busy = this.activity !== undefined;
    if (this.place === 'list' && this.list)
      return listView(
        this.language,
        this.list,
        (id) => void this.#open(id),
        (passkey) => (this.leaving = passkey),
      );
    if (this.place === 'detail' && this.detail)
      return detailView(this.language, this.detail, (what) => (this.question = what), {
        give: this.#giveImage,
        destroy: (image) => (this.ending = image),
      });
    if (this.place === 'code')
      return html`<h1 tabindex="-1">${own.code.heading}</h1>
        <mandate-own-code
          .language=${this.language}
          .busy=${busy}
          .problem=${this.problem}
          .expiresAt=${this.#codeUntil}
          @own-code=${this.#confirm}
          @own-again=${() => this.#go('enter')}
        ></mandate-own-code>`;
    if (this.place === 'opening')
      return html`<h1>${own.title}</h1>
        <p>${own.opening}</p>`;
    return html`<h1 tabindex="-1">${own.title}</h1>
      <p class="lead">${own.lead}</p>
      ${this.note && this.note !== 'removed' ? html`<p class="callout" role="status">${own.visit[this.note]}</p>` : ''}
      <h2>${own.enter.heading}</h2>
      <mandate-own-enter
        .language=${this.language}
        .busy=${busy}
        @own-enter=${this.#ask}
        @own-passkey=${this.#passkey}
      ></mandate-own-enter>`;
  }

  #visitBar(own: OwnWords): TemplateResult {
    return html`<div class="visit-bar">
      ${
        this.place === 'detail'
          ? html`<button
              type="button"
              class="button quiet"
              data-action="back"
              @click=${() => history.back()}
            >
              ← ${own.detail.back}
            </button>`
          : html`<span class="soft"
              >${own.visit.ends(clockTime(this.list!.endsAt, this.language))}</span
            >`
      }
      <button type="button" class="button quiet" data-action="leave" @click=${this.#leave}>
        ${own.visit.leave}
      </button>
    </div>`;
  }

  #problemView(own: OwnWords): TemplateResult | '' {
    const { problem } = this;
    if (!problem || (problem.code === 'code-wrong' && this.place === 'code')) return '';
    const words = wordsOf(this.language);
    return html`<div class="callout bad" data-problem=${problem.code}>
      <strong>${words.problemTitle}</strong>
      <p>${own.problems[problem.code] ?? problemText(words, problem.code)}</p>
    </div>`;
  }

  /** One thing at a time; whoever is out is asked to enter again. */
  async #do(activity: Activity, work: () => Promise<void>): Promise<void> {
    if (this.activity) return;
    this.activity = activity;
    this.problem = this.note = undefined;
    try {
      await work();
      const ends = this.list ? Date.parse(this.list.endsAt) : 0;
      this.#over = Math.min(this.#client.serverNow() + IDLE_MILLISECONDS, ends);
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.code === 'visit-invalid') this.#forget('over');
      else this.problem = problem;
    }
    this.activity = undefined;
  }

  #ask = ({ detail }: CustomEvent<OwnPerson>): void =>
    void this.#do('entering', async () => {
      this.#codeUntil = (await this.#client.enter(detail)).expiresAt;
      this.#go('code');
    });

  #confirm = ({ detail }: CustomEvent<string>): void =>
    void this.#do('confirming', async () =>
      this.#enter(await this.#client.confirm({ code: detail })),
    );

  #passkey = (): void =>
    void this.#do('passkey', async () => {
      const { request } = await this.#client.passkeyOptions();
      const passkey = await askPasskey(request, request.challenge);
      this.#enter(await this.#client.confirm({ passkey }));
    });

  #enter(list: OwnList): void {
    this.list = list;
    this.#over = Math.min(this.#client.serverNow() + IDLE_MILLISECONDS, Date.parse(list.endsAt));
    this.#go('list');
  }

  #open = (id: string): Promise<void> =>
    this.#do('loading', async () => {
      this.detail = await this.#client.detail(id);
      history.pushState({ detail: true }, '');
      this.#go('detail');
    });

  /** The list again, as it stands by now. */
  #back = (): Promise<void> =>
    this.#do('loading', async () => {
      this.#enter(await this.#client.list());
      this.detail = undefined;
    });

  #decide = ({ detail: reason }: CustomEvent<string>): void => {
    const [what, { id }] = [this.question, this.detail!];
    this.question = undefined;
    if (what === 'dispute')
      void this.#do('disputing', async () => this.#show(await this.#client.dispute(id, reason)));
    else if (what === 'erase')
      void this.#do('erasing', async () => {
        await this.#client.erase(id);
        this.#show(await this.#client.detail(id));
      });
    else
      void this.#do('withdrawing', async () => {
        this.#show(await this.#client.withdraw(id));
        for (const after of PROOF_AFTER) setTimeout(() => void this.#look(id), after);
      });
  };

  #remove = (): void => {
    const { id } = this.leaving!;
    this.leaving = undefined;
    void this.#do('removing', async () => {
      this.#enter(await this.#client.removePasskey(id));
      this.note = 'removed';
    });
  };

  #giveImage = (side: IdImageSide, file: File): void => {
    const { id } = this.detail!;
    void this.#do('sending', async () => {
      this.detail = await this.#client.giveIdImage(id, side, file);
    });
  };

  #destroyImage = (): void => {
    const [{ id }, image] = [this.detail!, this.ending!.id];
    this.ending = undefined;
    void this.#do('destroying', async () => {
      this.detail = await this.#client.destroyIdImage(id, image);
    });
  };

  #show(detail: OwnDetail): void {
    this.detail = detail;
    this.#focusNext = true;
  }

  /** Whether the proof has come; quietly, and only if it is still what is looked at. */
  async #look(id: string): Promise<void> {
    const here = () => this.detail?.id === id && this.place === 'detail' && !this.activity;
    if (!here() || this.detail?.withdrawal?.stamped) return;
    const detail = await this.#client.detail(id).catch(() => undefined);
    if (detail && here()) this.detail = detail;
  }

  #leave = (): void =>
    void this.#do('leaving', async () => {
      await this.#client.leave();
      this.#forget('left');
    });

  /** Nothing of the visit stays on the page. */
  #forget(note: 'over' | 'left'): void {
    this.list = this.detail = this.question = this.leaving = this.ending = undefined;
    this.#go('enter');
    this.note = note;
  }

  #go(place: Place): void {
    this.problem = this.note = undefined;
    this.place = place;
    this.#focusNext = true;
  }

  protected override updated(): void {
    if (!this.#focusNext || this.activity) return;
    this.#focusNext = false;
    scrollTo({ top: 0 });
    this.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }

  #switchLanguage = (): void => {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    rememberLanguage(this.language);
  };
}

applyPrint();
customElements.define('mandate-own', OwnPage);
