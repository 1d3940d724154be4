import type { Language } from '../moments.js';
import { templateBodySchema, type TemplateBody } from '../template.js';
import type { Terms } from '../terms.js';
import { foldText, type FoldedText } from './fold-text.js';
import type { Role } from './rule.js';

export interface LintField {
  /** `clauses[2].text.zh`; in terms, which have one language, `clauses[2].text`. */
  readonly path: string;
  readonly role: Role;
  readonly language: Language;
  readonly source: string;
  readonly folded: FoldedText;
}

/** What rules are applied to: a template, terms, or one text; tests also give one text in two languages. */
export interface LintDocument {
  readonly fields: readonly LintField[];
  /** A whole template or terms: rules about missing members apply. */
  readonly whole: boolean;
  readonly purposeCode?: string;
  /** Paths of sensitive items, `items[1]`. */
  readonly sensitive: readonly string[];
  /** Paths of necessary recipients, `recipients[0]`. */
  readonly necessary: readonly string[];
}

const field = (path: string, role: Role, language: Language, source: string): LintField => ({
  path,
  role,
  language,
  source,
  folded: foldText(source),
});

export const textDocument = (text: string, language: Language): LintDocument => ({
  fields: [field('', 'text', language, text)],
  whole: false,
  sensitive: [],
  necessary: [],
});

/** Members in the schema's order, whatever order storage gave them; unknown ones after, by name. */
const MEMBERS = Object.keys(templateBodySchema.shape);
const byMember = (a: string, b: string): number => {
  const rank = (name: string) => (MEMBERS.includes(name) ? MEMBERS.indexOf(name) : MEMBERS.length);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
};

/** Every `{zh, en}` of a template, in a fixed order. */
export function templateDocument(body: TemplateBody): LintDocument {
  const fields: LintField[] = [];
  const walk = (value: unknown, path: string, role: Role): void => {
    if (Array.isArray(value)) value.forEach((item, i) => walk(item, `${path}[${i}]`, role));
    else if (typeof value === 'object' && value !== null) {
      const members = value as Record<string, unknown>;
      const { zh, en } = members;
      if (typeof zh === 'string' && typeof en === 'string') {
        fields.push(field(`${path}.zh`, role, 'zh', zh), field(`${path}.en`, role, 'en', en));
        return;
      }
      const prefix = path === '' ? '' : `${path}.`;
      const rolePrefix = role === '' ? '' : `${role}.`;
      for (const name of Object.keys(members).sort(byMember))
        walk(members[name], prefix + name, rolePrefix + name);
    }
  };
  walk(body, '', '');
  return {
    fields,
    whole: true,
    purposeCode: body.purpose.code,
    sensitive: sensitivePaths(body.items),
    necessary: necessaryPaths(body.recipients),
  };
}

/** The texts of terms that come from a template: names of persons and institutions are nobody's wording. */
export function termsDocument(terms: Terms): LintDocument {
  const { language } = terms;
  const fields = [
    ['purpose.text', terms.purpose.text],
    ['plain.data', terms.plain.data],
    ['plain.purpose', terms.plain.purpose],
    ['plain.refusal', terms.plain.refusal],
    ...terms.items.map((item, i) => [`items[${i}].name`, item.name]),
    ...terms.sources.map((source, i) => [`sources[${i}].name`, source.name]),
    ...terms.recipients.flatMap((recipient, i) => [
      [`recipients[${i}].name`, recipient.name],
      [`recipients[${i}].purpose`, recipient.purpose],
    ]),
    ['method', terms.method],
    ['automatedDecision', terms.automatedDecision],
    ['retention', terms.retention],
    ['refusal', terms.refusal],
    ['rights', terms.rights],
    ['withdrawal', terms.withdrawal],
    ['electronic', terms.electronic],
    ...terms.clauses.map((clause, i) => [`clauses[${i}].text`, clause.text]),
  ] as [string, string][];
  return {
    fields: fields.map(([path, text]) => field(path, path.replace(/\[\d+\]/g, ''), language, text)),
    whole: true,
    purposeCode: terms.purpose.code,
    sensitive: sensitivePaths(terms.items),
    necessary: necessaryPaths(terms.recipients),
  };
}

const sensitivePaths = (items: readonly { class: string }[]): string[] =>
  items.flatMap((item, i) => (item.class === 'sensitive' ? [`items[${i}]`] : []));

const necessaryPaths = (recipients: readonly { necessary?: true | undefined }[]): string[] =>
  recipients.flatMap(({ necessary }, i) => (necessary ? [`recipients[${i}]`] : []));
