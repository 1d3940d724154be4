import { html, LitElement, nothing, type TemplateResult } from 'lit';
import {
  SEARCH_KINDS,
  SEARCH_PURPOSES,
  type Criterion,
  type Institution,
  type SearchKind,
  type SearchPurpose,
} from '../api/searches.js';
import type { Desk, Language } from '../desk-view.js';
import { dateField } from '../ui/date-field.js';
import { choiceField, longField } from '../ui/fields.js';
import { lineField } from '../ui/line-field.js';
import { en as casesEn } from '../words/en-cases.js';
import { en } from '../words/en-search.js';
import { wordsFor } from '../words/words-for.js';
import { zh as casesZh } from '../words/zh-cases.js';
import { zh } from '../words/zh-search.js';

/** What is asked for; the event `search` carries it. */
export interface Asked {
  readonly purpose: SearchPurpose;
  readonly caseNumber?: string;
  readonly criterion: Criterion;
}

const MOST = 1000;
const BEIJING = 'T00:00:00+08:00';

/** Why, by what, and what for: what people type stays as it is until they search again. */
class SearchForm extends LitElement {
  static override properties = {
    desk: { attribute: false },
    language: { attribute: false },
    institutions: { attribute: false },
    disabled: { attribute: false },
    purpose: { state: true },
    caseNumber: { state: true },
    by: { state: true },
    text: { state: true },
    institution: { state: true },
    from: { state: true },
    until: { state: true },
    letterState: { state: true },
    wrong: { state: true },
  };
  declare desk: Desk;
  declare language: Language;
  declare institutions: readonly Institution[];
  declare disabled: boolean;
  declare private purpose: SearchPurpose;
  declare private caseNumber: string;
  declare private by: SearchKind;
  declare private text: string;
  declare private institution: string;
  declare private from: string;
  declare private until: string;
  declare private letterState: string;
  declare private wrong:
    'empty' | 'wrongCase' | 'tooMany' | 'fileTooBig' | 'fileUnread' | undefined;

  constructor() {
    super();
    this.institutions = [];
    this.disabled = false;
    this.purpose = 'complaint';
    this.by = 'letter-number';
    this.caseNumber = this.text = this.institution = this.from = this.until = '';
    this.letterState = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  get #audits(): boolean {
    return this.desk.session?.roles.includes('auditor') ?? false;
  }

  protected override render(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const purposes = SEARCH_PURPOSES.filter((purpose) => (purpose === 'audit') === this.#audits);
    const ofInstitution = this.by === 'references' || this.by === 'period';
    return html`<form class="form search-form" data-form="search" @submit=${this.#submit}>
      <div class="side-by-side">
        ${choiceField({
          ...{ id: 'purpose', label: words.purpose, value: this.#audits ? 'audit' : this.purpose },
          options: purposes.map((purpose) => [purpose, words.purposes[purpose]] as const),
          choose: (value) => (this.purpose = value),
        })}
        ${
          this.purpose === 'case'
            ? lineField({
                ...{ id: 'case-number', label: words.caseNumber, hint: words.caseHint },
                ...{ value: this.caseNumber, maximum: 20 },
                input: (value) => (this.caseNumber = value),
              })
            : nothing
        }
        ${choiceField({
          ...{ id: 'by', label: words.by, value: this.by },
          options: SEARCH_KINDS.map((kind) => [kind, words.kinds[kind]] as const),
          choose: (value) => {
            this.by = value;
            this.text = '';
          },
        })}
        ${
          ofInstitution
            ? choiceField({
                ...{ id: 'institution', label: words.institution, value: this.#institution() },
                options: this.institutions.map(({ id, name }) => [id, name] as const),
                choose: (value) => (this.institution = value),
              })
            : nothing
        }
      </div>
      ${this.#value()}
      <p class="obstacle" role="alert">${this.wrong ? words[this.wrong] : ''}</p>
      <button class="button" data-action="search" ?disabled=${this.disabled}>
        ${words.submit}
      </button>
    </form>`;
  }

  #institution = (): string => this.institution || (this.institutions[0]?.id ?? '');

  #value(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { states } = wordsFor(this.language, casesZh, casesEn);
    const label = words.kinds[this.by];
    const hint = words.hints[this.by];
    const input = (value: string): void => void (this.text = value);
    if (this.by === 'period')
      return html`<div class="side-by-side">
        ${dateField({ id: 'from', label: words.from, value: this.from, input: (v) => (this.from = v) })}
        ${dateField({ id: 'until', label: words.until, value: this.until, input: (v) => (this.until = v) })}
        ${choiceField({
          ...{ id: 'state', label: words.state, value: this.letterState },
          options: [['', words.anyState] as const, ...Object.entries(states)],
          choose: (value) => (this.letterState = value),
        })}
      </div>`;
    if (this.by === 'references')
      return html`${longField({ id: 'value', label, hint, value: this.text, maximum: 100_000, input })}
        <div class="field">
          <label for="file">${words.file}</label>
          <input
            id="file"
            type="file"
            accept=".txt,.csv,text/plain,text/csv"
            aria-describedby="file-hint"
            @change=${this.#read}
          />
          <p id="file-hint" class="soft">${words.fileHint}</p>
        </div>`;
    return lineField({ id: 'value', label, hint, value: this.text, maximum: 64, input });
  }

  /** The first column of each line, quotes off. */
  #read = async (event: Event): Promise<void> => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    // a list that is not this file's is never searched in its place
    this.text = '';
    const read = file.size > 1_000_000 ? null : decoded(await file.arrayBuffer());
    this.wrong = file.size > 1_000_000 ? 'fileTooBig' : read === null ? 'fileUnread' : undefined;
    if (read === null) return;
    const lines = read.split(/\r?\n/);
    this.text = lines
      .map((line) => {
        const [, quoted, plain] = /^\s*"((?:[^"]|"")*)"|^([^,;\t]*)/.exec(line) ?? [];
        return (quoted?.replaceAll('""', '"') ?? plain ?? '').trim();
      })
      .filter((reference) => reference !== '')
      .join('\n');
  };

  #submit = (event: Event): void => {
    event.preventDefault();
    const criterion = this.#criterion();
    const caseNumber = this.caseNumber.trim().toUpperCase();
    const purpose = this.#audits ? 'audit' : this.purpose;
    this.wrong =
      criterion === undefined
        ? 'empty'
        : purpose === 'case' && !/^C-\d{4}-\d{6,}$/.test(caseNumber)
          ? 'wrongCase'
          : (criterion['references'] as string[] | undefined)?.[MOST] === undefined
            ? undefined
            : 'tooMany';
    if (this.wrong || !criterion) return;
    const detail: Asked = { purpose, criterion, ...(purpose === 'case' ? { caseNumber } : {}) };
    this.dispatchEvent(new CustomEvent('search', { detail }));
  };

  #criterion(): Criterion | undefined {
    const { by } = this;
    const institution = this.#institution();
    const text = this.text.trim();
    if (by === 'period') {
      if (!institution) return undefined;
      const next = (day: string): Date => new Date(Date.parse(`${day}${BEIJING}`) + 86_400_000);
      return {
        ...{ by, institution },
        ...(this.from ? { from: new Date(`${this.from}${BEIJING}`).toISOString() } : {}),
        ...(this.until ? { until: next(this.until).toISOString() } : {}),
        ...(this.letterState ? { state: this.letterState } : {}),
      };
    }
    if (text === '') return undefined;
    switch (by) {
      case 'letter-number':
        return { by, number: text };
      case 'lookup-code':
        return { by, code: text };
      case 'id-number':
        return { by, idNumber: text };
      case 'phone':
        return { by, phone: text };
      case 'authorization':
        return { by, id: text };
      case 'references': {
        const references = text.split(/\s*\n\s*/).filter((line) => line !== '');
        return institution ? { by, institution, references: [...new Set(references)] } : undefined;
      }
    }
  }
}
/** UTF-8, or what spreadsheets write in China; null: neither. */
function decoded(bytes: ArrayBuffer): string | null {
  for (const encoding of ['utf-8', 'gb18030'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      continue;
    }
  return null;
}
customElements.define('desk-search-form', SearchForm);
