import { describe, expect, test } from '@jest/globals';
import {
  choiceTemplate,
  necessaryRecipient,
  OPTIONAL_ITEM,
  THIRD_PARTY,
} from '../../../test/kit/choice-template.js';
import { sampleTerms } from '../../../test/kit/build-bundle.js';
import { checkChoices, choosable, isChoiceOf, refusedNecessary } from './choices.js';
import { creditReportTemplate } from './templates/index.js';
import { letterContent, printedTexts } from './letter-content.js';
import { letterSections } from './letter-sections.js';
import { LETTER_WORDS } from './letter-words.js';
import { scopeOf } from './scope.js';
import { parseTemplate } from './template.js';

const terms = sampleTerms('zh', choiceTemplate);
const NONE = { items: [], recipients: [] };

test('only optional items and recipients that are not the institution are choices', () => {
  expect(choosable(terms)).toEqual({ items: [OPTIONAL_ITEM], recipients: [THIRD_PARTY] });
  expect(choosable(sampleTerms())).toEqual(NONE);
  const own = {
    ...terms,
    recipients: [{ ...terms.recipients[0]!, creditCode: terms.institution.creditCode }],
  };
  expect(choosable(own).recipients).toEqual([]);
});

test('choices have one spelling', () => {
  const two = {
    ...terms,
    items: terms.items.map((item) => ({ ...item, necessary: item.code === 'public-records' })),
  };
  const codes = ['query-records', 'basic-information'];
  expect(isChoiceOf(two, { items: codes, recipients: [] })).toBe(false);
  expect(checkChoices(two, { items: codes, recipients: [] }).items).toEqual([...codes].reverse());
  expect(isChoiceOf(two, { items: [...codes].reverse(), recipients: [] })).toBe(true);
});

test.each([
  ['a necessary item', { items: ['basic-information'], recipients: [] }],
  ['an unknown item', { items: ['x'], recipients: [] }],
  ['an item twice', { items: [OPTIONAL_ITEM, OPTIONAL_ITEM], recipients: [] }],
  ['the institution', { items: [], recipients: [terms.institution.creditCode] }],
  ['a source', { items: [], recipients: [terms.sources[0]!.creditCode] }],
])('%s is no choice', (_name, choices) => {
  expect(() => checkChoices(terms, choices)).toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
  expect(isChoiceOf(terms, choices)).toBe(false);
});

test.each(['zh', 'en'] as const)('the letter says so where there is a choice: %s', (language) => {
  const { optionalItems, thirdParties } = LETTER_WORDS[language];
  const texts = (body: typeof choiceTemplate): string[] =>
    printedTexts(letterContent(sampleTerms(language, body), body.title[language]));
  expect(texts(choiceTemplate)).toEqual(expect.arrayContaining([optionalItems, thirdParties]));
  const without = texts(creditReportTemplate);
  expect(without).not.toContain(optionalItems);
  expect(without).not.toContain(thirdParties);
});

test.each(['zh', 'en'] as const)('the letter as text is the letter as printed: %s', (language) => {
  const content = letterContent(
    sampleTerms(language, choiceTemplate),
    choiceTemplate.title[language],
  );
  const told = letterSections(content).flatMap(({ title, blocks }) => [
    title,
    ...blocks.flatMap((block) => {
      if (block.kind === 'paragraph') return [block.text];
      if (block.kind === 'rows') return block.rows.flatMap(({ label, text }) => [label, text]);
      return [...block.head, ...block.rows.flat()];
    }),
  ]);
  const [institution, ...printed] = printedTexts(content);
  expect(institution).toBe(terms.institution.name);
  expect(told.join(' ')).toBe(printed.join(' '));
  expect(letterSections(content).every(({ title }) => title !== '')).toBe(true);
});

test('a template leaves something necessary, and names each recipient once', () => {
  const nothing = choiceTemplate.items.map((item) => ({ ...item, necessary: false }));
  const twice = [...choiceTemplate.recipients, ...choiceTemplate.recipients];
  for (const change of [{ items: nothing }, { recipients: twice }])
    expect(() => parseTemplate({ ...choiceTemplate, ...change })).toThrow(
      expect.objectContaining({ code: 'template-invalid' }),
    );
});

describe('a recipient without which the letter has no sense', () => {
  const body = necessaryRecipient();
  const accepted = { items: [], recipients: [THIRD_PARTY] };

  test('is asked for by itself, and refusing it refuses the letter', () => {
    const needed = sampleTerms('zh', body);
    expect(choosable(needed).recipients).toEqual([THIRD_PARTY]);
    expect(refusedNecessary(needed, NONE)).toEqual(['示例担保有限公司']);
    expect(isChoiceOf(needed, NONE)).toBe(false);
    expect(() => checkChoices(needed, NONE)).toThrow(
      expect.objectContaining({ code: 'choice-necessary' }),
    );
    expect(checkChoices(needed, accepted)).toEqual(accepted);
    expect(scopeOf(needed, accepted).recipients).toContain(THIRD_PARTY);
  });

  test('the institution itself is no third party, however necessary', () => {
    const { institution, recipients, ...rest } = sampleTerms('zh', body);
    const own = {
      ...{ ...rest, institution },
      recipients: [{ ...recipients[0]!, creditCode: institution.creditCode }],
    };
    expect(isChoiceOf(own, NONE)).toBe(true);
  });

  test.each(['zh', 'en'] as const)(
    'the letter says so, in %s, and another letter does not',
    (language) => {
      const words = LETTER_WORDS[language];
      const texts = (of: typeof body) =>
        printedTexts(letterContent(sampleTerms(language, of), of.title[language]));
      expect(texts(body)).toContain(words.necessaryRecipients);
      expect(texts(choiceTemplate)).not.toContain(words.necessaryRecipients);
    },
  );
});
