import { expect, test } from '@jest/globals';
import { faultsOf } from './json-schema.js';

const document = { components: { schemas: { Small: { type: 'integer', maximum: 3 } } } };
const thing = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^a' },
    size: { $ref: '#/components/schemas/Small' },
    either: { anyOf: [{ type: 'null' }, { enum: ['x'] }] },
    list: { type: ['array', 'null'], items: { type: 'boolean' }, maxItems: 1 },
    place: { oneOf: [{ const: 1 }, { type: 'number' }] },
  },
};

test.each<[unknown, string[]]>([
  [{ id: 'a' }, []],
  [{ id: 'a', size: 3, either: null, list: [true], place: 2 }, []],
  [{ id: 'a', list: null, either: 'x' }, []],
  [{}, ['/id: missing']],
  [{ id: 'b' }, ['/id: another pattern']],
  [{ id: 'a', more: 1 }, ['/more: not known']],
  [{ id: 'a', size: 3.5 }, ['/size: number is not integer', '/size: too large']],
  [{ id: 'a', either: 'y' }, ['/either: fits none of the choices']],
  [{ id: 'a', list: [1, true] }, ['/list: too many', '/list/0: number is not boolean']],
  [{ id: 'a', place: 1 }, ['/place: fits not exactly one']],
  [[], ['/: array is not object']],
])('%j: %j', (value, faults) => {
  expect(faultsOf(thing, value, document)).toEqual(faults);
});

test('a keyword that is not checked is an error, not a pass', () => {
  expect(() => faultsOf({ uniqueItems: true }, [], document)).toThrow('uniqueItems');
  expect(() => faultsOf({ $ref: '#/components/none' }, 1, document)).toThrow('leads nowhere');
});
