/** A member's way, from the whole: `['clauses', 2, 'text']`. */
export type Way = readonly (string | number)[];

/** How a member of a template is filled in; made of the schema that the server checks by. */
export type Shape =
  | { readonly kind: 'both'; readonly most: { readonly zh: number; readonly en: number } }
  /** `system`: what systems read, a code. */
  | { readonly kind: 'text'; readonly most: number | null; readonly system: boolean }
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      /** May stay empty, which is null. */
      readonly empty: boolean;
    }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'ticks'; readonly values: readonly string[] }
  /** What stands there when it is ticked, and when it is not; undefined: nothing does. */
  | { readonly kind: 'flag'; readonly on: unknown; readonly off: false | undefined }
  | { readonly kind: 'list'; readonly of: Shape; readonly least: number; readonly most: number }
  | { readonly kind: 'group'; readonly members: readonly Member[] }
  /** Always the same. */
  | { readonly kind: 'fixed' };

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly optional: boolean;
}

/** As much of JSON Schema as templates are described in. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** Throws for a schema that no field is known for. */
export function shapeOf(schema: JsonSchema, optional = false): Shape {
  if (schema.anyOf) {
    const [one, ...others] = schema.anyOf.filter(({ type }) => type !== 'null');
    const shape = one && others.length === 0 ? shapeOf(one) : undefined;
    if (shape?.kind === 'number') return { ...shape, empty: schema.anyOf.length > 1 };
  } else if (schema.const !== undefined)
    return optional ? { kind: 'flag', on: schema.const, off: undefined } : { kind: 'fixed' };
  else if (schema.enum) return { kind: 'choice', values: schema.enum };
  else if (schema.type === 'string')
    return { kind: 'text', most: schema.maxLength ?? null, system: schema.maxLength === undefined };
  else if (schema.type === 'integer')
    return { ...{ kind: 'number', empty: false }, least: schema.minimum!, most: schema.maximum! };
  else if (schema.type === 'boolean')
    return { kind: 'flag', on: true, off: optional ? undefined : false };
  else if (schema.type === 'array' && schema.items?.enum)
    return { kind: 'ticks', values: schema.items.enum };
  else if (schema.type === 'array' && schema.items)
    return {
      ...{ kind: 'list', of: shapeOf(schema.items) },
      ...{ least: schema.minItems ?? 0, most: schema.maxItems ?? Number.MAX_SAFE_INTEGER },
    };
  else if (schema.properties) {
    const { zh, en, ...others } = schema.properties;
    if (zh?.maxLength && en?.maxLength && Object.keys(others).length === 0)
      return { kind: 'both', most: { zh: zh.maxLength, en: en.maxLength } };
    return {
      kind: 'group',
      members: Object.entries(schema.properties).map(([name, member]) => {
        const isOptional = !schema.required?.includes(name);
        return { name, optional: isOptional, shape: shapeOf(member, isOptional) };
      }),
    };
  }
  throw new Error(`no field is known for ${JSON.stringify(schema).slice(0, 80)}`);
}

/** What a new entry of a list begins as; what may be absent is. */
export function blankOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'both':
      return { zh: '', en: '' };
    case 'text':
      return '';
    case 'number':
      return shape.empty ? null : shape.least;
    case 'choice':
      return shape.values[0];
    case 'flag':
      return shape.off;
    case 'ticks':
    case 'list':
      return [];
    case 'group':
      return Object.fromEntries(
        shape.members
          .filter(({ optional }) => !optional)
          .map((member) => [member.name, blankOf(member.shape)]),
      );
    case 'fixed':
      return undefined;
  }
}

/** As findings name it: `clauses[2].text`. */
export const pathOf = (way: Way): string =>
  way.reduce<string>(
    (before, member) =>
      typeof member === 'number'
        ? `${before}[${member}]`
        : before === ''
          ? member
          : `${before}.${member}`,
    '',
  );
/** The same for all entries of a list: `clauses[].text`. */
export const kindOf = (way: Way): string => pathOf(way).replace(/\[\d+\]/g, '[]');

/** Undefined where nothing stands there, or something that has no such member. */
export const valueAt = (whole: unknown, way: Way): unknown =>
  way.reduce<unknown>(
    (value, member) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[member]
        : undefined,
    whole,
  );

/** The whole with another value there; undefined takes the member away. What does not lie on the way is the same. */
export function withValue<T>(whole: T, [member, ...onward]: Way, value: unknown): T {
  if (member === undefined) return value as T;
  const copy = (Array.isArray(whole) ? [...whole] : { ...whole }) as Record<
    string | number,
    unknown
  >;
  const next = withValue(copy[member], onward, value);
  if (next === undefined) delete copy[member];
  else copy[member] = next;
  return copy as T;
}

/** The paths of all that has a field, or holds fields, in this text: findings stand at the nearest of them. */
export function fieldPaths(shape: Shape, body: unknown): ReadonlySet<string> {
  const paths = new Set<string>();
  const walk = (of: Shape, way: Way): void => {
    const value = valueAt(body, way);
    if (of.kind === 'fixed' || (way.length > 0 && value === undefined && of.kind === 'group'))
      return;
    paths.add(pathOf(way));
    if (of.kind === 'both') for (const side of ['zh', 'en']) paths.add(pathOf([...way, side]));
    if (of.kind === 'list' && Array.isArray(value))
      value.forEach((_, i) => walk(of.of, [...way, i]));
    if (of.kind === 'group')
      for (const { name, shape: each } of of.members) walk(each, [...way, name]);
  };
  walk(shape, []);
  return paths;
}

/** The nearest of them: the path itself, or what it lies in; empty: the whole. */
export function nearest(paths: ReadonlySet<string>, path: string): string {
  let left = path;
  while (left !== '' && !paths.has(left))
    left = left.replace(/(\.[^.[\]]*|\[[^\]]*\]|^[^.[]*)$/, '');
  return left;
}
