import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { TemplateDetail, Templates, TemplateVersion, Waiver } from '../api/templates.js';
import type { Desk, Language } from '../desk-view.js';
import { agreeButton } from '../ui/agree-button.js';
import { lineField } from '../ui/line-field.js';
import { en } from '../words/en-templates.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-templates.js';

/** What `step` asks the view to do. */
export interface TemplateStep {
  readonly work: () => Promise<TemplateVersion>;
  readonly done: 'submitted' | 'published' | 'waived' | 'retired';
}

const idOf = (key: string): string => key.replace(/[^a-z0-9]+/gi, '-');

/** What may be done with a version as it stands: submitted, approved with or without waivers, retired. Fires `step`. */
class TemplateSteps extends LitElement {
  static override properties = {
    desk: { attribute: false },
    language: { attribute: false },
    detail: { attribute: false },
    templates: { attribute: false },
    disabled: { type: Boolean },
    reasons: { state: true },
  };
  declare desk: Desk;
  declare language: Language;
  declare detail: TemplateDetail;
  declare templates: Templates;
  declare disabled: boolean;
  /** By `rule path`. */
  declare private reasons: Readonly<Record<string, string>>;
  #assessment = '';

  constructor() {
    super();
    this.disabled = false;
    this.reasons = {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  #is = (role: 'template-author' | 'template-approver'): boolean =>
    this.desk.session?.roles.includes(role) ?? false;

  protected override render(): TemplateResult | typeof nothing {
    const { status } = this.detail;
    if (status === 'draft' && this.#is('template-author')) return this.#submit();
    if (status === 'in-review' && this.#is('template-approver')) return this.#approve();
    if (status === 'published' && this.#is('template-approver')) return this.#published();
    return nothing;
  }

  #fire = (step: TemplateStep): void => {
    this.dispatchEvent(new CustomEvent<TemplateStep>('step', { detail: step }));
  };

  #assessmentField(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return lineField({
      ...{ id: 'assessment', label: words.assessment, hint: words.assessmentHint, maximum: 100 },
      value: this.#assessment || (this.detail.assessment ?? ''),
      input: (value) => (this.#assessment = value.trim()),
    });
  }

  #submit(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const submit = (event: Event): void => {
      event.preventDefault();
      const { detail } = this;
      this.#fire({
        work: () => this.templates.submit(detail, this.#assessment),
        done: 'submitted',
      });
    };
    return html`<form class="card" novalidate @submit=${submit} aria-labelledby="next">
      <h2 id="next">${words.next}</h2>
      ${this.#assessmentField()}
      <p class="soft">${words.submitHint}</p>
      <button class="button" data-action="submit" ?disabled=${this.disabled}>
        ${words.submit}
      </button>
    </form>`;
  }

  #approve(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { detail } = this;
    const places = new Map(
      detail.findings
        .filter(({ severity }) => severity === 'error')
        .map(({ rule, path }) => [`${rule} ${path}`, { rule, path }]),
    );
    const waivers = [...places].flatMap(([key, place]): Waiver[] => {
      const reason = this.reasons[key]?.trim();
      return reason ? [{ ...place, reason }] : [];
    });
    const sentence = words.approving(detail.name, detail.version, waivers.length);
    const approve = (): void =>
      this.#fire({
        work: () =>
          this.templates.approve(detail, { assessment: this.#assessment, waivers }, sentence),
        done: 'published',
      });
    return html`<section class="card" aria-labelledby="next">
      <h2 id="next">${words.next}</h2>
      ${
        detail.mine
          ? html`<p class="callout warning">${words.own}</p>`
          : html`<p>${words.approveHint}</p>
              ${this.#assessmentField()}
              ${
                places.size === 0
                  ? nothing
                  : html`<h3>${words.waive}</h3>
                      <p class="soft">${words.waiveHint}</p>
                      ${[...places].map(([key, place]) => this.#reason(key, place))}`
              }
              ${agreeButton({
                ...{ language: this.language, id: 'approving', action: 'approve', sentence },
                ...{ label: words.approve, busy: this.disabled, agree: approve },
                means: this.desk.session?.means,
              })}`
      }
    </section>`;
  }

  #reason(key: string, { rule, path }: { rule: string; path: string }): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return lineField({
      ...{ id: `reason-${idOf(key)}`, label: words.reason(rule, path) },
      ...{ maximum: 200, value: this.reasons[key] ?? '' },
      input: (value) => (this.reasons = { ...this.reasons, [key]: value }),
    });
  }

  #published(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { detail } = this;
    const retire = (): void =>
      this.#fire({ work: () => this.templates.retire(detail), done: 'retired' });
    const waiving = ({ rule, path }: { rule: string; path: string }): TemplateResult => {
      const key = `${rule} ${path}`;
      const sentence = words.waiving(detail.name, detail.version, rule);
      return html`${this.#reason(key, { rule, path })}
      ${agreeButton({
        ...{ language: this.language, id: `waiving-${idOf(key)}`, action: 'waive', sentence },
        ...{ label: words.waiveOne, means: this.desk.session?.means },
        busy: this.disabled || !this.reasons[key]?.trim(),
        agree: () => {
          const waiver = { rule, path, reason: this.reasons[key]!.trim() };
          this.#fire({
            work: () => this.templates.waive(detail, waiver, sentence),
            done: 'waived',
          });
        },
      })}`;
    };
    return html`<section class="card" aria-labelledby="next">
      <h2 id="next">${words.next}</h2>
      ${detail.mine ? nothing : detail.open.map(waiving)}
      <p class="soft">${words.retireHint}</p>
      <button
        type="button"
        class="button secondary"
        data-action="retire"
        ?disabled=${this.disabled}
        @click=${retire}
      >
        ${words.retire}
      </button>
    </section>`;
  }
}
customElements.define('desk-template-steps', TemplateSteps);
