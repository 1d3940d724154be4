export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Picks from an `Accept-Language` header or `navigator.languages`; Chinese unless English comes first. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const primary = tag.trim().slice(0, 2).toLowerCase();
    if (primary === 'zh' || primary === 'en') return primary;
  }
  return 'zh';
}
