import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { asProblem, type Problem } from '@mandate/pages/browser/problem';
import type { CaseDetail } from '../api/cases.js';
import { readLetter, type LetterDetail } from '../api/searches.js';
import type { Desk, Language } from '../desk-view.js';
import { choiceField } from '../ui/fields.js';
import { lifePicture } from '../ui/life-picture.js';
import { problemNote } from '../ui/problem-note.js';
import { en } from '../words/en-search.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-search.js';

/** The life of one of a case's authorizations, the first to begin with. */
class CaseLife extends LitElement {
  static override properties = {
    desk: { attribute: false },
    language: { attribute: false },
    detail: { attribute: false },
    letter: { state: true },
    problem: { state: true },
  };
  declare desk: Desk;
  declare language: Language;
  declare detail: CaseDetail;
  declare private letter: LetterDetail | undefined;
  declare private problem: Problem | undefined;
  /** What is shown or on its way: id, language, and the case's version, which an opening or step moves on. */
  #asked = '';
  #chosen: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    const id = this.#chosen ?? this.detail.authorizations[0]?.authorization;
    const asked = `${id} ${this.language} ${this.detail.version}`;
    if (!id || asked === this.#asked) return;
    this.#asked = asked;
    void this.#load(id, asked);
  }

  async #load(id: string, asked: string): Promise<void> {
    try {
      const letter = await readLetter(this.desk.client, id, this.language);
      if (asked === this.#asked) [this.letter, this.problem] = [letter, undefined];
    } catch (thrown) {
      if (asked === this.#asked) this.problem = asProblem(thrown);
    }
  }

  protected override render(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { authorizations } = this.detail;
    return html`<section aria-labelledby="life" data-section="life">
      <h2 id="life">${words.one.life}</h2>
      ${
        authorizations.length > 1
          ? choiceField({
              ...{ id: 'life-of', label: words.whichLetter },
              value: this.#chosen ?? authorizations[0]!.authorization,
              options: authorizations.map((it) => [it.authorization, it.letterNumber] as const),
              choose: (value) => {
                this.#chosen = value;
                this.requestUpdate();
              },
            })
          : nothing
      }
      ${this.problem ? problemNote(this.language, this.problem) : nothing}
      ${this.letter ? lifePicture(this.letter.timeline, words, words.one.life) : nothing}
    </section>`;
  }
}
customElements.define('desk-case-life', CaseLife);
