import { expect, test } from '@jest/globals';
import { SAMPLE_TEMPLATES, templateBodySchema, templateFaults } from '@mandate/terms';
import { z } from 'zod';
import { en } from '../words/en-template-form.js';
import { zh } from '../words/zh-template-form.js';
import { mergeTexts, same } from './merge-texts.js';
import { TEMPLATE_SECTIONS } from './template-sections.js';
import {
  blankOf,
  fieldPaths,
  kindOf,
  nearest,
  shapeOf,
  valueAt,
  withValue,
  type JsonSchema,
  type Shape,
  type Way,
} from './template-shape.js';

const shape = shapeOf(z.toJSONSchema(templateBodySchema) as JsonSchema);
const [sample] = SAMPLE_TEMPLATES;
type Body = Record<string, any>;

test('every member of the schema stands in one section and has its words and values in both languages', () => {
  const members = Object.keys(templateBodySchema.shape).filter((name) => name !== 'format');
  expect(Object.values(TEMPLATE_SECTIONS).flat().sort()).toEqual(members.sort());
  const walk = (of: Shape, way: Way): void => {
    const kind = kindOf(way);
    const shown = !['group', 'fixed'].includes(of.kind) && !kind.endsWith(']');
    for (const words of [zh, en]) {
      if (shown) expect([kind, words.fields[kind]?.label]).toEqual([kind, expect.any(String)]);
      if (of.kind === 'choice' || of.kind === 'ticks')
        expect([kind, Object.keys(words.values[kind] ?? {}).sort()]).toEqual([
          kind,
          [...of.values].sort(),
        ]);
      if (of.kind === 'list')
        expect(words.fields[kind]).toMatchObject({
          entry: expect.any(String),
          add: expect.any(String),
        });
    }
    if (of.kind === 'list') walk(of.of, [...way, 0]);
    if (of.kind === 'group') each(of, way);
  };
  const each = (of: Shape & { kind: 'group' }, way: Way): void => {
    for (const member of of.members) {
      if (member.optional)
        expect(zh.fields[kindOf([...way, member.name])]?.label).toEqual(expect.any(String));
      walk(member.shape, [...way, member.name]);
    }
  };
  walk(shape, []);
  // and no words for what is not there
  const known = new Set<string>();
  const collect = (of: Shape, way: Way): void => {
    known.add(kindOf(way));
    if (of.kind === 'list') collect(of.of, [...way, 0]);
    if (of.kind === 'group') for (const it of of.members) collect(it.shape, [...way, it.name]);
  };
  collect(shape, []);
  for (const words of [zh, en])
    expect(Object.keys(words.fields).filter((kind) => !known.has(kind))).toEqual([]);
});

test('a blank entry has faults only where something is to be written', () => {
  const clauses = (shape as Shape & { kind: 'group' }).members.find(
    ({ name }) => name === 'clauses',
  );
  const { of } = clauses!.shape as Shape & { kind: 'list' };
  const body = withValue(sample as Body, ['clauses', 1], blankOf(of));
  expect(templateFaults(body).map(({ path }) => path)).toEqual([
    'clauses[1].id',
    'clauses[1].text.zh',
    'clauses[1].text.en',
  ]);
});

test('a change leaves what does not lie on its way as it is; nothing takes away', () => {
  const body = sample as Body;
  const changed = withValue(body, ['clauses', 0, 'text', 'zh'], '新');
  expect(valueAt(changed, ['clauses', 0, 'text', 'zh'])).toBe('新');
  expect(body['clauses'][0].text.zh).not.toBe('新');
  expect(changed['clauses'][1]).toBe(body['clauses'][1]);
  const without = withValue(changed, ['policy', 'identity'], undefined);
  expect('identity' in without['policy']).toBe(false);
  expect(withValue(body, ['policy', 'voice'], true)['policy'].voice).toBe(true);
});

test('findings stand at the nearest field', () => {
  const paths = fieldPaths(shape, sample);
  expect(nearest(paths, 'clauses[0].text.zh')).toBe('clauses[0].text.zh');
  expect(nearest(paths, 'clauses[99].text.zh')).toBe('clauses');
  expect(nearest(paths, 'clauses[0].nothing')).toBe('clauses[0]');
  expect(nearest(paths, 'format')).toBe('');
  expect(nearest(paths, '')).toBe('');
});

test('two people’s changes come together, and what both changed stays mine and is named', () => {
  const base = { a: { zh: '1', en: '1' }, list: [{ id: 'x' }, { id: 'y' }], gone: 1 };
  const merge = (mine: object, theirs: object) => {
    const { merged, clashes } = mergeTexts<object>(base, mine, theirs);
    return [merged, clashes.map(({ path, theirs: other }) => [path, other])];
  };
  const { gone: _, ...without } = base;
  expect(merge({ ...base, a: { zh: '2', en: '1' } }, { ...base, a: { zh: '1', en: '3' } })).toEqual(
    [{ ...base, a: { zh: '2', en: '3' } }, []],
  );
  expect(merge({ ...base, a: { zh: '2', en: '1' } }, { ...base, a: { zh: '3', en: '1' } })).toEqual(
    [{ ...base, a: { zh: '2', en: '1' } }, [['a.zh', '3']]],
  );
  expect(merge({ ...base, list: [{ id: 'x' }, { id: 'z' }] }, without)).toEqual([
    { a: base.a, list: [{ id: 'x' }, { id: 'z' }] },
    [],
  ]);
  // an entry more on one side, a change on the other: no telling which is which
  expect(
    merge({ ...base, list: [{ id: 'x' }] }, { ...base, list: [{ id: 'q' }, { id: 'y' }] }),
  ).toEqual([{ ...base, list: [{ id: 'x' }] }, [['list', [{ id: 'q' }, { id: 'y' }]]]]);
  expect(merge({ ...base, gone: 2 }, without)).toEqual([
    { ...base, gone: 2 },
    [['gone', undefined]],
  ]);
  expect(merge(without, { ...base, gone: 2 })).toEqual([without, [['gone', 2]]]);
  expect(same({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(false);
});
