import type { Language } from '../moments.js';
import type { TemplateBody } from '../template.js';
import type { Terms } from '../terms.js';
import { findFigures, missingFigures } from './figures.js';
import { compilePhrases, findPhrases, type CompiledPhrase, type Hit } from './find-phrases.js';
import {
  templateDocument,
  termsDocument,
  textDocument,
  type LintDocument,
  type LintField,
} from './lint-document.js';
import { CURRENT_RULE_PACK } from './packs/index.js';
import type { Both, LintFinding, Matcher, Rule, RulePack } from './rule.js';

/**
 * Findings of a template, in the order of its fields, then of the words, then of the rules. Same body and
 * same pack give the same findings, whatever order storage gave the members.
 */
export const lintTemplate = (
  body: TemplateBody,
  pack: RulePack = CURRENT_RULE_PACK,
): LintFinding[] => lintDocument(templateDocument(body), pack);

/** Findings of the terms of one letter: what its template says, in the letter's language. */
export const lintTerms = (terms: Terms, pack: RulePack = CURRENT_RULE_PACK): LintFinding[] =>
  lintDocument(termsDocument(terms), pack);

/** Findings of any text; rules about missing members and about the other language do not apply. */
export const lintText = (
  text: string,
  language: Language,
  pack: RulePack = CURRENT_RULE_PACK,
): LintFinding[] => lintDocument(textDocument(text, language), pack);

interface FieldHit extends Hit {
  readonly field: LintField;
}
type Find = (document: LintDocument) => FieldHit[];

export function lintDocument(document: LintDocument, pack: RulePack): LintFinding[] {
  const order = new Map(document.fields.map((field, i) => [field, i]));
  const found = compilePack(pack).flatMap(({ rule, find }, rank) =>
    find(document).map((hit) => ({ rule, rank, hit })),
  );
  found.sort(
    (a, b) =>
      order.get(a.hit.field)! - order.get(b.hit.field)! ||
      a.hit.start - b.hit.start ||
      a.rank - b.rank,
  );
  return found.map(({ rule, hit }) => finding(rule, hit));
}

function finding(rule: Rule, { field, start, end }: FieldHit): LintFinding {
  const { at } = field.folded;
  const from = end > start ? at[start]! : 0;
  const to = end > start ? at[end - 1]! + 1 : 0;
  return {
    rule: rule.id,
    severity: rule.severity,
    article: rule.articles.join('; '),
    message: rule.message,
    path: field.path,
    start: from,
    end: to,
    excerpt: field.source.slice(from, Math.min(to, from + 60)),
  };
}

const compiled = new WeakMap<RulePack, { rule: Rule; find: Find }[]>();

function compilePack(pack: RulePack): { rule: Rule; find: Find }[] {
  const known = compiled.get(pack);
  if (known) return known;
  const rules = pack.rules.map((rule) => ({ rule, find: compile(rule.matcher, pack) }));
  compiled.set(pack, rules);
  return rules;
}

const wholeField = (field: LintField): FieldHit => ({
  field,
  start: 0,
  end: field.folded.text.length,
});

const bothRegExps = (source: Both<string>): Both<RegExp> => ({
  zh: new RegExp(source.zh),
  en: new RegExp(source.en),
});

const headless = (path: string): string => path.replace(/\.(?:zh|en)$/, '');

function compile(matcher: Matcher, pack: RulePack): Find {
  switch (matcher.kind) {
    case 'phrases':
      return phraseFinder(compilePhrases(matcher.phrases, pack.denial), matcher.roles);
    case 'must-say':
      return mustSayFinder(matcher);
    case 'notice':
      return noticeFinder(matcher, pack);
    case 'sensitive-clause':
      return sensitiveFinder(matcher);
    case 'recipient-purpose':
      return recipientPurposeFinder(matcher);
    case 'necessary-recipient':
      return necessaryRecipientFinder(matcher);
    case 'purpose-words':
      return purposeFinder(matcher);
    case 'same-figures':
      return sameFigures;
  }
}

function phraseFinder(phrases: Both<readonly CompiledPhrase[]>, roles?: readonly string[]): Find {
  return ({ fields }) =>
    fields
      .filter((field) => !roles || roles.includes(field.role))
      .flatMap((field) =>
        findPhrases(field.folded.text, field.language, phrases[field.language]).map((hit) => ({
          field,
          ...hit,
        })),
      );
}

function mustSayFinder(matcher: Matcher & { kind: 'must-say' }): Find {
  const all = {
    zh: matcher.all.zh.map((source) => new RegExp(source)),
    en: matcher.all.en.map((source) => new RegExp(source)),
  };
  return ({ fields, whole }) =>
    fields
      .filter(
        ({ role, language, folded }) =>
          whole &&
          role === matcher.role &&
          !all[language].every((pattern) => pattern.test(folded.text)),
      )
      .map(wholeField);
}

function noticeFinder(matcher: Matcher & { kind: 'notice' }, pack: RulePack): Find {
  const notice = bothRegExps(matcher.notice);
  const generic = bothRegExps(matcher.generic);
  const families = matcher.families.map(({ words }) => {
    const phrase = (language: Language, prefix: string) => [
      { match: `${prefix}(?:${words[language]})` },
    ];
    return {
      words: bothRegExps(words),
      named: compilePhrases({ zh: phrase('zh', ''), en: phrase('en', '') }, pack.denial),
      asked: compilePhrases(
        { zh: phrase('zh', matcher.request.zh), en: phrase('en', matcher.request.en) },
        pack.denial,
      ),
    };
  });
  return ({ fields, whole }) => {
    const askedIn = fields.filter(({ role }) => role === (whole ? 'items.name' : 'text'));
    const toldIn = fields.filter(({ role }) => role === (whole ? 'clauses.text' : 'text'));
    return families.flatMap(({ words, named, asked }) =>
      askedIn.flatMap((field) => {
        const { language } = field;
        const phrases = (whole ? named : asked)[language];
        const [hit] = findPhrases(field.folded.text, language, phrases);
        if (!hit) return [];
        const told = toldIn
          .filter((other) => other.language === language)
          .flatMap(({ folded }) => folded.text.split(/[。\n]|\. /))
          .some(
            (sentence) =>
              notice[language].test(sentence) &&
              (words[language].test(sentence) || generic[language].test(sentence)),
          );
        return told ? [] : [{ field, ...hit }];
      }),
    );
  };
}

function sensitiveFinder(matcher: Matcher & { kind: 'sensitive-clause' }): Find {
  const consent = bothRegExps(matcher.consent);
  return ({ fields, sensitive }) =>
    fields.filter(isSensitiveName(sensitive)).flatMap((field) => {
      const clauses = fields
        .filter(({ role, language }) => role === 'clauses.text' && language === field.language)
        .map(({ folded }) => folded.text)
        .filter((text) => consent[field.language].test(text));
      if (!matcher.named) return clauses.length > 0 ? [] : [wholeField(field)];
      // The name of the kind stands before the list of what it holds.
      const name = field.folded.text.split(/[:(,]/)[0]!.trim();
      const missing = clauses.length > 0 && !clauses.some((text) => text.includes(name));
      return missing ? [wholeField(field)] : [];
    });
}

const isSensitiveName =
  (sensitive: readonly string[]) =>
  ({ role, path }: LintField): boolean =>
    role === 'items.name' && sensitive.includes(path.slice(0, path.indexOf('.')));

function recipientPurposeFinder(matcher: Matcher & { kind: 'recipient-purpose' }): Find {
  const reference = bothRegExps(matcher.reference);
  return ({ fields }) => {
    const names = new Map(
      fields
        .filter(({ role }) => role === 'recipients.name')
        .map(({ path, folded }) => [path.replace('.name', '.purpose'), folded.text]),
    );
    return fields
      .filter(
        ({ role, language, path, folded: { text } }) =>
          role === 'recipients.purpose' &&
          (text.length < matcher.atLeast[language] ||
            reference[language].test(text) ||
            text === names.get(path)),
      )
      .map(wholeField);
  };
}

function necessaryRecipientFinder(matcher: Matcher & { kind: 'necessary-recipient' }): Find {
  const refusal = bothRegExps(matcher.refusal);
  return ({ fields, purposeCode, necessary }) => {
    const fits = purposeCode !== undefined && matcher.purposes.includes(purposeCode);
    return fields
      .filter(
        ({ role, path }) => role === 'recipients.name' && necessary.includes(recipientOf(path)),
      )
      .filter(
        ({ language }) =>
          !fits ||
          !fields.some(
            (other) =>
              other.role === 'refusal' &&
              other.language === language &&
              refusal[language].test(other.folded.text),
          ),
      )
      .map(wholeField);
  };
}

/** `recipients[0]` of `recipients[0].name.zh`. */
const recipientOf = (path: string): string => path.slice(0, path.indexOf('.'));

function purposeFinder(matcher: Matcher & { kind: 'purpose-words' }): Find {
  const anchors = new Map(
    Object.entries(matcher.anchors).map(([code, words]) => [code, bothRegExps(words)]),
  );
  return ({ fields, purposeCode }) => {
    const anchor = purposeCode === undefined ? undefined : anchors.get(purposeCode);
    return fields
      .filter(
        ({ role, language, folded: { text } }) =>
          role === 'purpose.text' &&
          (text.length < matcher.atLeast[language] || (anchor && !anchor[language].test(text))),
      )
      .map(wholeField);
  };
}

const sameFigures: Find = ({ fields }) => {
  const english = new Map(
    fields
      .filter(({ language }) => language === 'en')
      .map((field) => [headless(field.path), field]),
  );
  return fields
    .filter(({ language }) => language === 'zh')
    .flatMap((zh) => {
      // Of a bare pair the paths are `zh` and `en` alone.
      const en =
        english.get(headless(zh.path)) ?? (zh.path === 'zh' ? english.get('en') : undefined);
      if (!en) return [];
      const inChinese = findFigures(zh.folded.text, 'zh');
      const inEnglish = findFigures(en.folded.text, 'en');
      return [
        ...missingFigures(inChinese, inEnglish).map(({ start, end }) => ({
          field: zh,
          start,
          end,
        })),
        ...missingFigures(inEnglish, inChinese).map(({ start, end }) => ({
          field: en,
          start,
          end,
        })),
      ];
    });
};
