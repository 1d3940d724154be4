import { html, type TemplateResult } from 'lit';
import { preferredLanguage, type Language, type Words } from '../src/pages/words/index.js';

const LANGUAGE_KEY = 'mandate-language';
const PRINT_KEY = 'mandate-print';

/** Chosen earlier in this tab, else asked for in the address, else the browser's. */
export function chosenLanguage(): Language | undefined {
  const asked = new URLSearchParams(location.search).get('language') ?? remembered(LANGUAGE_KEY);
  return asked === 'zh' || asked === 'en' ? asked : undefined;
}

export const browserLanguage = (): Language => preferredLanguage(navigator.languages);

/** Keeps a preference for this tab; some WebViews have no storage, then it holds until reload. */
export function rememberLanguage(language: Language): void {
  remember(LANGUAGE_KEY, language);
}

/** Large print is a matter of the whole page, so it stands on the root element. */
export function applyPrint(large = remembered(PRINT_KEY) === 'large'): void {
  document.documentElement.classList.toggle('large-print', large);
  remember(PRINT_KEY, large ? 'large' : 'normal');
}

/** The bar at the top: name, large print, other language. */
export function pageBar(
  words: Words,
  switchLanguage: () => void,
  update: () => void,
): TemplateResult {
  const large = document.documentElement.classList.contains('large-print');
  return html`<a class="skip" href="#main" @click=${skip}>${words.skip}</a>
    <header class="bar">
      <span class="brand">${words.product}</span>
      <span class="group">
        <button
          type="button"
          class="quiet"
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
          class="quiet"
          data-action="language"
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

function remembered(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // nothing to do
  }
}
