import { html, type TemplateResult } from 'lit';
import '../reading/read-aloud.js';
import { StepElement } from '../step-element.js';
import { termList } from '@mandate/pages/browser/ui/term-list';
import { whoAsks } from '../ui/who-asks.js';

/** Step `read`, first page: who asks, and the key terms in plain words. */
class TermsStep extends StepElement {
  protected readonly place = 'terms';

  protected override render(): TemplateResult {
    const { terms, who } = this.words;
    const view = this.ceremony.view!;
    const keyTerms = view.keyTerms ?? [];
    return html`
      <h1 tabindex="-1">${terms.title}</h1>
      <p class="lead">${terms.lead}</p>
      ${whoAsks(this.words, view, (logo) => this.ceremony.reading?.sawLogo(logo))}
      <section aria-labelledby="terms-title">
        <div class="heading">
          <h2 id="terms-title">${terms.heading}</h2>
          <mandate-read-aloud
            .language=${this.language}
            .textLanguage=${view.language}
            .texts=${keyTerms.map(({ label, text }) => `${label}：${text}`)}
            @read-aloud=${() => (this.ceremony.reading!.readAloud = true)}
          ></mandate-read-aloud>
        </div>
        ${termList(keyTerms, this.letterLang, 'key-terms')}
      </section>
      <p class="soft">
        ${who.you} <b>${view.subject?.maskedName}</b> ${view.subject?.maskedIdNumber}
      </p>
      <div class="onward">
        <button class="button" type="button" data-action="next" @click=${this.#next}>
          ${terms.submit}
        </button>
      </div>
    `;
  }

  #next = (): void => this.ceremony.go('letter');
}
customElements.define('mandate-terms-step', TermsStep);
