import { preferredLanguage, type Language } from '../language.js';

const LANGUAGE_KEY = 'mandate-language';
const PRINT_KEY = 'mandate-print';

/** Chosen earlier in this tab, else asked for in the address, else none. */
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

export const isLargePrint = (): boolean =>
  document.documentElement.classList.contains('large-print');

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
