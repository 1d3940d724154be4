/** What the frame of every page says, in one language. */
export interface FrameWords {
  /** Value of the root element's `lang`. */
  readonly htmlLang: string;
  /** Name of the site, in the bar. */
  readonly product: string;
  readonly skip: string;
  readonly largePrint: string;
  /** Name of the other language, in that language. */
  readonly otherLanguage: string;
  readonly otherLanguageLabel: string;
}
