import { html, type TemplateResult } from 'lit';
import { setWords } from '../../src/pages/words/set-words.js';
import type { Language } from '../../src/pages/words/index.js';
import type { Ceremony } from '../ceremony.js';

/** Above a letter of a set: which of how many, and what it is called. */
export function setBar(ceremony: Ceremony, language: Language): TemplateResult | '' {
  const { set } = ceremony.view ?? {};
  if (!set) return '';
  const said = setWords(language);
  const letter = set.letters[set.position - 1]!;
  return html`<section class="set-bar" data-letter=${set.position} aria-label=${said.label}>
    <p>
      <strong>${said.position(set.position, set.letters.length)}</strong>
      ${letter.optional ? html`<span class="tag">${said.optional}</span>` : ''}
    </p>
    <p class="set-title">${letter.title}</p>
    ${
      letter.choice === 'open'
        ? ''
        : html`<button
            class="button quiet"
            type="button"
            data-action="leave-letter"
            ?disabled=${ceremony.activity !== undefined}
            @click=${() => void ceremony.leaveLetter()}
          >
            ${said.back}
          </button>`
    }
  </section>`;
}
