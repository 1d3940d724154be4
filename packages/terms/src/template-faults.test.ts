import { expect, test } from '@jest/globals';
import { parseTemplate } from './template.js';
import { templateFaults } from './template-faults.js';
import { SAMPLE_TEMPLATES } from './templates/index.js';

type Loose = Record<string, any>;
const [sample] = SAMPLE_TEMPLATES;
const told = (change: (body: Loose) => void): string[] => {
  const body = structuredClone(sample) as Loose;
  change(body);
  expect(() => parseTemplate(body)).toThrow();
  return templateFaults(body).map(({ path, code }) => `${path} ${code}`);
};

test('every fault stands at its place with its name', () => {
  const cases: [(body: Loose) => void, string[]][] = [
    [(b) => (b['clauses'][1].text.zh = ''), ['clauses[1].text.zh format']],
    [(b) => (b['clauses'][1].id = b['clauses'][0].id), ['clauses repeated']],
    [(b) => (b['clauses'] = []), ['clauses too-few']],
    [(b) => (b['plain'].data.zh = '字'.repeat(21)), ['plain.data.zh too-long']],
    [(b) => (b['sources'][0].creditCode = '9'), ['sources[0].creditCode credit-code']],
    [(b) => b['items'].forEach((it: Loose) => (it['necessary'] = false)), ['items none-necessary']],
    [(b) => (b['policy'].identity = 'strong'), ['policy measures']],
    [(b) => delete b['policy'].gate, ['policy.gate missing']],
    [(b) => (b['purpose'].code = 'marketing'), ['purpose.code no-choice']],
    [(b) => (b['limits'].maximumDays = 0), ['limits.maximumDays too-small']],
    [(b) => (b['limits'].uses.maximum = 101), ['limits.uses.maximum too-large']],
    [(b) => (b['title'].zh += '\u202e'), ['title.zh character']],
    [(b) => (b['recipients'] = null), ['recipients wrong']],
    [(b) => (b['items'][0].free = 'text'), ['items[0] unknown']],
  ];
  for (const [change, expected] of cases) expect(told(change)).toEqual(expected);
  expect(
    told((b) => {
      b['title'].en = ' x';
      b['rights'].en = 'a\nb';
    }).sort(),
  ).toEqual(['rights.en character', 'title.en format']);
});

test('what is no object has one fault, a template none', () => {
  for (const json of [null, [], 'x', 7]) expect(templateFaults(json)).toHaveLength(1);
  for (const body of SAMPLE_TEMPLATES) expect(templateFaults(body)).toEqual([]);
});
