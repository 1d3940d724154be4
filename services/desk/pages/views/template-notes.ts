import type { Linted, TemplateFault } from '../api/templates.js';
import type { Language } from '../desk-view.js';
import { en } from '../words/en-template-form.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-template-form.js';

/** What is said about one place of a template: by the rule pack, or because it is no template yet. */
export interface Note {
  readonly path: string;
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly rule?: string;
  readonly article?: string;
  readonly excerpt?: string;
  readonly fault?: TemplateFault['code'];
}

/** In the order of the template. */
export function notesOf(linted: Linted | undefined, language: Language): readonly Note[] {
  if (!linted) return [];
  const words = wordsFor(language, zh, en);
  return [
    ...linted.faults.map(({ path, code }): Note => ({
      ...{ path, severity: 'error', text: words.faults[code], fault: code },
    })),
    ...linted.items.map(({ path, severity, message, rule, article, excerpt }): Note => ({
      ...{ path, severity, text: message[language], rule, article, excerpt },
    })),
  ];
}

/** What people call that place: `Clause 2 · In plain words · Chinese`. */
export function placeName(path: string, language: Language): string {
  const words = wordsFor(language, zh, en);
  const side = /\.(zh|en)$/.exec(path)?.[1] as 'zh' | 'en' | undefined;
  const member = side ? path.slice(0, -3) : path;
  const [, list, number] = /^([^[]+)\[(\d+)\]/.exec(member) ?? [];
  const entry = list && words.fields[list]?.entry;
  const label = words.fields[member.replace(/\[\d+\]/g, '[]')]?.label;
  const named = [
    entry ? `${entry} ${Number(number) + 1}` : undefined,
    label,
    side && words.sides[side],
  ].filter((it) => it !== undefined);
  return named.join(' · ') || (path === '' ? words.elsewhere : path);
}
