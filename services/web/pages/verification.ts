import { html, LitElement, type TemplateResult } from 'lit';
import type { VerificationView } from '../src/pages/verification-view.js';
import { problemText, wordsOf, type Language } from '../src/pages/words/index.js';
import { applyPrint, browserLanguage, chosenLanguage, rememberLanguage } from './preferences.js';
import { asProblem, Problem } from './problem.js';
import { problemOf } from './problem-response.js';
import { pageBar } from './ui/page-bar.js';
import { verdictView } from './verdict-view.js';

/** Far above any letter; the server has its own limit. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** The verification page: one file in, the verdict in words out. */
class VerificationPage extends LitElement {
  static override properties = {
    language: { state: true },
    file: { state: true },
    busy: { state: true },
    problem: { state: true },
    result: { state: true },
    dragging: { state: true },
  };
  declare private language: Language;
  declare private file: File | undefined;
  declare private busy: boolean;
  declare private problem: Problem | undefined;
  declare private result: VerificationView | undefined;
  declare private dragging: boolean;
  readonly #lookupCode = /^#([A-Z0-9-]{8,40})$/i.exec(location.hash)?.[1];

  constructor() {
    super();
    this.language = chosenLanguage() ?? browserLanguage();
    this.busy = this.dragging = false;
  }

  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.language);
    const { verify } = words;
    document.documentElement.lang = words.htmlLang;
    document.title = verify.title;
    return html`
      ${pageBar(words, this.#switchLanguage, () => this.requestUpdate())}
      <main id="main" class="page" tabindex="-1">
        <h1 tabindex="-1">${verify.title}</h1>
        <p class="lead">${verify.lead}</p>
        ${
          this.#lookupCode
            ? html`<div class="card">
                <p>${verify.lookup} <strong class="check-code">${this.#lookupCode}</strong></p>
                <p class="soft">${verify.lookupText}</p>
              </div>`
            : ''
        }
        ${this.#chooser()}
        <div role="alert">
          ${
            this.problem
              ? html`<div class="callout bad" data-problem=${this.problem.code}>
                  <strong>${words.problemTitle}</strong>
                  <p>${problemText(words, this.problem.code)}</p>
                </div>`
              : ''
          }
        </div>
        <div aria-live="polite">
          ${this.result && this.file ? verdictView(words, this.result, this.file.name) : ''}
        </div>
        <p class="soft">${verify.privacy}</p>
        <p class="soft">${verify.honest}</p>
      </main>
    `;
  }

  #chooser(): TemplateResult {
    const { verify } = wordsOf(this.language);
    return html`<div
      class="drop ${this.dragging ? 'dragging' : ''}"
      @dragover=${this.#drag}
      @dragleave=${() => (this.dragging = false)}
      @drop=${this.#drop}
    >
      <label class="button ${this.result ? 'secondary' : ''}" for="file">
        ${this.busy ? verify.checking : this.result ? verify.another : verify.choose}
      </label>
      <input
        id="file"
        class="visually-hidden"
        type="file"
        accept=".pdf,.asice,application/pdf,application/vnd.etsi.asic-e+zip"
        ?disabled=${this.busy}
        @change=${this.#choose}
      />
      <span class="soft">${verify.drop}</span>
    </div>`;
  }

  #drag = (event: DragEvent): void => {
    event.preventDefault();
    this.dragging = true;
  };

  #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.dragging = false;
    const file = event.dataTransfer?.files[0];
    if (file && !this.busy) void this.#check(file);
  };

  #choose = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    // So that choosing the same file again checks it again.
    if (file) void this.#check(file).then(() => (input.value = ''));
  };

  async #check(file: File): Promise<void> {
    this.file = file;
    this.problem = this.result = undefined;
    this.busy = true;
    try {
      this.result = await verifyFile(file, this.language);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
    this.busy = false;
  }

  #switchLanguage = (): void => {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    rememberLanguage(this.language);
    // The words of the findings come from the server, in the language they were asked in.
    if (this.result && this.file) void this.#check(this.file);
  };
}

async function verifyFile(file: File, language: Language): Promise<VerificationView> {
  if (file.size > MAXIMUM_BYTES) throw new Problem('payload-too-large');
  const body = await file.arrayBuffer();
  let response: Response;
  try {
    response = await fetch(`/verify?language=${language}`, {
      method: 'POST',
      body,
      credentials: 'omit',
      headers: {
        'Content-Type': 'application/octet-stream',
        Accept: 'application/json',
        'X-Requested-With': 'mandate',
      },
    });
  } catch {
    throw new Problem('offline');
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as VerificationView;
}

applyPrint();
customElements.define('mandate-verification', VerificationPage);
