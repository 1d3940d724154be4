import { expect, test } from '@jest/globals';
import { pathLines, placeOf } from './path-lines.js';

test('every value is found at its line, whatever stands before it', () => {
  const body = {
    name: 'a "quoted\\" name, {with} [signs]',
    clauses: [
      { id: 'x', text: { zh: '一', en: 'one' } },
      { id: 'y', text: { zh: '二', en: 'two' } },
    ],
    empty: {},
    none: [],
    count: -1.5e3,
    yes: true,
  };
  const text = JSON.stringify(body, null, 2);
  const lines = text.split('\n');
  const places = pathLines(text);
  const seen = (path: string) => {
    const { line, from, to } = placeOf(places, path);
    return [lines[line - 1]!.includes(text.slice(from, to).split('\n')[0]!), text.slice(from, to)];
  };
  expect(seen('clauses[1].text.zh')).toEqual([true, '"二"']);
  expect(seen('name')).toEqual([true, JSON.stringify(body.name)]);
  expect(seen('count')).toEqual([true, '-1500']);
  expect(seen('yes')).toEqual([true, 'true']);
  expect(seen('empty')).toEqual([true, '{}']);
  // what is not there: where it would be
  expect(seen('clauses[1].text.fr')[1]).toBe(seen('clauses[1].text')[1]);
  expect(seen('clauses[7].id')[1]).toBe(seen('clauses')[1]);
  expect(placeOf(places, 'other.thing').line).toBe(1);
  expect(placeOf(places, '').line).toBe(1);
});

test('half a text is read as far as it goes', () => {
  for (const text of ['', '{', '{"a": [1, 2', '{"a": "b', '{"a" 1}', ']', '{"a": {"b": }, "c": 2}'])
    expect(placeOf(pathLines(text), 'a.b').line).toBe(1);
});
