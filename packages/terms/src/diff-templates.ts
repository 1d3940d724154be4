import type { TemplateBody } from './template.js';

/** One changed value; an absent side means that the member is new or gone. */
export interface TemplateChange {
  /** As findings name it: `clauses[purpose-only].text.zh`; members of lists by their code, id or credit code. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * What differs between two bodies, in the order of the paths. Members of a list are matched by their name, so
 * that a clause put in front changes nothing of the others; a changed order is a change of `….order`.
 */
export function diffTemplates(before: TemplateBody, after: TemplateBody): TemplateChange[] {
  const old = flatten(before);
  const now = flatten(after);
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    const [a, b] = [old.get(path), now.get(path)];
    if (JSON.stringify(a) === JSON.stringify(b)) return [];
    return [
      { path, ...(a === undefined ? {} : { before: a }), ...(b === undefined ? {} : { after: b }) },
    ];
  });
}

const NAMES = ['id', 'code', 'creditCode'] as const;

function flatten(body: TemplateBody): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      const names = value.map(nameOf);
      if (names.some((name) => name === undefined)) return void found.set(path, value);
      if (value.length > 1) found.set(`${path}.order`, names);
      value.forEach((member, i) => walk(member, `${path}[${names[i]}]`));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value))
        walk(member, path === '' ? name : `${path}.${name}`);
    } else found.set(path, value);
  };
  walk(body, '');
  return found;
}

function nameOf(member: unknown): string | undefined {
  if (typeof member !== 'object' || member === null) return undefined;
  const record = member as Record<string, unknown>;
  const name = NAMES.map((key) => record[key]).find((value) => typeof value === 'string');
  return name as string | undefined;
}
