import { html, type TemplateResult } from 'lit';
import type { FrameWords } from '../../frame-words.js';
import { applyPrint, isLargePrint } from '../preferences.js';

/** The bar at the top: name, large print, other language. */
export function pageBar(
  words: FrameWords,
  switchLanguage: () => void,
  update: () => void,
): TemplateResult {
  const large = isLargePrint();
  return html`<a class="skip" href="#main" @click=${skip}>${words.skip}</a>
    <header class="bar">
      <span class="brand">${words.product}</span>
      <span class="group">
        <button
          type="button"
          class="button quiet"
          data-action="print"
          aria-pressed=${large}
          @click=${() => {
            applyPrint(!large);
            update();
          }}
        >
          ${words.largePrint}
        </button>
        <button
          type="button"
          class="button quiet"
          data-action="language"
          lang=${words.htmlLang === 'en' ? 'zh-CN' : 'en'}
          aria-label=${words.otherLanguageLabel}
          @click=${switchLanguage}
        >
          ${words.otherLanguage}
        </button>
      </span>
    </header>`;
}

/** The fragment belongs to links' tokens, so skipping moves the focus without touching the address. */
function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
}
