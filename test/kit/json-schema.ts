/** A JSON Schema (2020-12), as far as our OpenAPI description uses the language. */
export type Schema = { readonly [keyword: string]: any };

/** Keywords that say something to people alone, or to generators. */
const SILENT = new Set([
  'description',
  'title',
  'example',
  'examples',
  'default',
  'format',
  'discriminator',
]);
const KNOWN = new Set([
  ...['$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', 'not'],
  ...['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems'],
  ...['minLength', 'maxLength', 'pattern', 'minimum', 'maximum'],
  ...['exclusiveMinimum', 'exclusiveMaximum', 'propertyNames', 'prefixItems'],
]);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
};

/**
 * What is wrong with `value`, as paths with a reason; empty when the schema allows it. Throws for a keyword it does
 * not know: a rule that is not checked must not pass for one that holds.
 */
export function faultsOf(schema: Schema, value: unknown, document: Schema, at = ''): string[] {
  const unknown = Object.keys(schema).find((name) => !KNOWN.has(name) && !SILENT.has(name));
  if (unknown) throw new Error(`keyword ${unknown} is not known here`);
  const inner = (one: Schema, of: unknown, where: string): string[] =>
    faultsOf(one, of, document, where);
  const fits = (one: Schema): boolean => inner(one, value, at).length === 0;
  if (schema['$ref']) return inner(resolve(document, schema['$ref']), value, at);

  const faults: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) faults.push(`${at || '/'}: ${what}`);
  };
  const type = typeOf(value);
  if (schema['type'] !== undefined) {
    const types: string[] = [schema['type']].flat();
    must(
      types.includes(type) || (types.includes('integer') && Number.isInteger(value)),
      `${type} is not ${types.join(' or ')}`,
    );
  }
  if ('const' in schema) must(value === schema['const'], 'another constant');
  if (schema['enum']) must(schema['enum'].includes(value), `${String(value)} is not listed`);
  if (schema['anyOf']) must(schema['anyOf'].some(fits), 'fits none of the choices');
  if (schema['oneOf']) must(schema['oneOf'].filter(fits).length === 1, 'fits not exactly one');
  if (schema['not']) must(!fits(schema['not']), 'fits what it must not');
  for (const part of schema['allOf'] ?? []) faults.push(...inner(part, value, at));
  if (typeof value === 'string') {
    const length = [...value].length;
    must(length >= (schema['minLength'] ?? 0), 'too short');
    must(length <= (schema['maxLength'] ?? Infinity), 'too long');
    if (schema['pattern']) must(new RegExp(schema['pattern'], 'u').test(value), 'another pattern');
  }
  if (typeof value === 'number') {
    must(value >= (schema['minimum'] ?? -Infinity), 'too small');
    must(value <= (schema['maximum'] ?? Infinity), 'too large');
    must(value > (schema['exclusiveMinimum'] ?? -Infinity), 'too small');
    must(value < (schema['exclusiveMaximum'] ?? Infinity), 'too large');
  }
  if (Array.isArray(value)) {
    must(value.length >= (schema['minItems'] ?? 0), 'too few');
    must(value.length <= (schema['maxItems'] ?? Infinity), 'too many');
    const first: Schema[] = schema['prefixItems'] ?? [];
    value.forEach((item, i) => {
      const one = first[i] ?? schema['items'];
      if (one) faults.push(...inner(one, item, `${at}/${i}`));
    });
  } else if (type === 'object') faults.push(...membersOf(schema, value as object, at, inner));
  return faults;
}

function membersOf(
  schema: Schema,
  value: object,
  at: string,
  inner: (schema: Schema, value: unknown, at: string) => string[],
): string[] {
  const faults: string[] = [];
  for (const name of schema['required'] ?? [])
    if (!Object.hasOwn(value, name)) faults.push(`${at}/${name}: missing`);
  for (const [name, member] of Object.entries(value)) {
    const where = `${at}/${name}`;
    if (schema['propertyNames']) faults.push(...inner(schema['propertyNames'], name, where));
    const known = schema['properties']?.[name];
    if (known) faults.push(...inner(known, member, where));
    else if (schema['additionalProperties'] === false) faults.push(`${where}: not known`);
    else if (typeof schema['additionalProperties'] === 'object')
      faults.push(...inner(schema['additionalProperties'], member, where));
  }
  return faults;
}

function resolve(document: Schema, reference: string): Schema {
  const target = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<any>((at, name) => at?.[name], document);
  if (!target) throw new Error(`${reference} leads nowhere`);
  return target as Schema;
}
