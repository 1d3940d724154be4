import { html, LitElement, type TemplateResult } from 'lit';
import type { VerificationView } from '../src/pages/verification-view.js';
import { problemText, wordsOf, type Language } from '../src/pages/words/index.js';
import {
  applyPrint,
  browserLanguage,
  chosenLanguage,
  rememberLanguage,
} from '@mandate/pages/browser/preferences';
import { asProblem, Problem } from '@mandate/pages/browser/problem';
import { problemOf } from '@mandate/pages/browser/problem-response';
import { pageBar } from '@mandate/pages/browser/ui/page-bar';
import { verdictView } from './verdict-view.js';

/** Files at a time, the one under test included; the server has the same limit. */
const MOST_FILES = 5;
/** Questions that another file answers. */
const ANSWERABLE: readonly string[] = [
  'receipt-letter',
  'receipt-status',
  'receipt-ledger',
  'proof-subject',
  'report-content',
];
/** Far above any letter; the server has its own limit. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** The verification page: one file in, the verdict in words out. */
class VerificationPage extends LitElement {
  static override properties = {
    language: { state: true },
    files: { state: true },
    busy: { state: true },
    problem: { state: true },
    result: { state: true },
    dragging: { state: true },
  };
  declare private language: Language;
  /** The file under test, then what it is compared with. */
  declare private files: readonly File[];
  declare private busy: boolean;
  declare private problem: Problem | undefined;
  declare private result: VerificationView | undefined;
  declare private dragging: boolean;
  readonly #lookupCode = /^#([A-Z0-9-]{8,40})$/i.exec(location.hash)?.[1];

  constructor() {
    super();
    this.language = chosenLanguage() ?? browserLanguage();
    this.busy = this.dragging = false;
    this.files = [];
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
          ${
            this.result
              ? verdictView(
                  words,
                  this.result,
                  this.files.map(({ name }) => name).join(' + '),
                  this.#lookupCode,
                )
              : ''
          }
        </div>
        ${this.#companions()}
        <p class="soft">${verify.privacy}</p>
        ${this.#offline()}
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
        ?disabled=${this.busy}
        @change=${this.#choose}
      />
      <span class="soft">${verify.drop}</span>
    </div>`;
  }

  /** Offered where another file would answer what is open. */
  #companions(): TemplateResult | '' {
    const { verify } = wordsOf(this.language);
    const open = this.result?.verification.notChecked.some((id) => ANSWERABLE.includes(id));
    if (!open) return '';
    return html`<div class="drop">
      <label class="button secondary" for="beside">${verify.together}</label>
      <input
        id="beside"
        class="visually-hidden"
        type="file"
        multiple
        ?disabled=${this.busy}
        @change=${this.#add}
      />
      <span class="soft">${verify.togetherText}</span>
    </div>`;
  }

  /** How to do the same without sending anything. */
  #offline(): TemplateResult {
    const { verify } = wordsOf(this.language);
    const { origin } = location;
    return html`<details class="card" data-part="offline">
      <summary>${verify.offline}</summary>
      <p class="soft">${verify.offlineText}</p>
      <pre class="commands" tabindex="0"><code>${[
        `curl -O ${origin}/pki/mandate-verify.mjs`,
        `curl -O ${origin}/pki/anchors.zip && unzip anchors.zip`,
        `node mandate-verify.mjs ${verify.offlineFile} --trust anchors`,
      ].join('\n')}</code></pre>
    </details>`;
  }

  #drag = (event: DragEvent): void => {
    event.preventDefault();
    this.dragging = true;
  };

  #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.dragging = false;
    const file = event.dataTransfer?.files[0];
    if (file && !this.busy) void this.#check([file]);
  };

  #choose = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    // So that choosing the same file again checks it again.
    if (file) void this.#check([file]).then(() => (input.value = ''));
  };

  #add = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const more = [...(input.files ?? [])].slice(0, MOST_FILES - 1);
    if (more.length > 0) void this.#check([this.files[0]!, ...more]).then(() => (input.value = ''));
  };

  async #check(files: readonly File[]): Promise<void> {
    this.files = files;
    this.problem = this.result = undefined;
    this.busy = true;
    try {
      this.result = await verifyFiles(files, this.language);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
    this.busy = false;
  }

  #switchLanguage = (): void => {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    rememberLanguage(this.language);
    // The words of the findings come from the server, in the language they were asked in.
    if (this.result) void this.#check(this.files);
  };
}

async function verifyFiles(files: readonly File[], language: Language): Promise<VerificationView> {
  if (files.reduce((sum, { size }) => sum + size, 0) > MAXIMUM_BYTES)
    throw new Problem('payload-too-large');
  const body = new Blob([...files]);
  const sizes = files.length > 1 ? `&sizes=${files.map(({ size }) => size).join(',')}` : '';
  let response: Response;
  try {
    response = await fetch(`/verify?language=${language}${sizes}`, {
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
