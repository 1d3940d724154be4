import { isDomainError } from '@mandate/core';
import type { z } from 'zod';
import { templateBodySchema } from './template.js';
import { cleanText } from './text.js';

/** Why a value cannot stand in a template; `wrong` is what has no name of its own. */
export const TEMPLATE_FAULTS = [
  'missing',
  'format',
  'too-long',
  'too-many',
  'too-few',
  'too-large',
  'too-small',
  'no-choice',
  'unknown',
  'character',
  'repeated',
  'none-necessary',
  'measures',
  'credit-code',
  'wrong',
] as const;
export type TemplateFaultCode = (typeof TEMPLATE_FAULTS)[number];

export interface TemplateFault {
  /** As findings name it: `clauses[2].text.zh`; empty for the whole. */
  readonly path: string;
  readonly code: TemplateFaultCode;
}

/** Faults told at once; who mends these is told the next. */
const MOST = 100;

/** All that keeps a JSON value from being a template, where `parseTemplate` tells the first; none: it is one. */
export function templateFaults(json: unknown): TemplateFault[] {
  const characters: TemplateFault[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') {
      if (forbids(value)) characters.push({ path, code: 'character' });
    } else if (Array.isArray(value)) value.forEach((item, i) => walk(item, `${path}[${i}]`));
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value))
        if (forbids(name)) characters.push({ path, code: 'character' });
        else walk(item, path === '' ? name : `${path}.${name}`);
  };
  walk(json, '');
  const { error } = templateBodySchema.safeParse(json);
  const named = new Set(characters.map(({ path }) => path));
  const others = (error?.issues ?? [])
    .map((issue) => ({ path: pathOf(issue.path), code: codeOf(issue, valueAt(json, issue.path)) }))
    .filter(({ path }) => !named.has(path));
  return [...characters, ...others].slice(0, MOST);
}

function forbids(text: string): boolean {
  try {
    cleanText(text, 'template');
    return false;
  } catch (error) {
    if (isDomainError(error)) return true;
    throw error;
  }
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((before, member) => {
    if (typeof member === 'number') return `${before}[${member}]`;
    return before === '' ? String(member) : `${before}.${String(member)}`;
  }, '');

const valueAt = (json: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, member) => (value as Record<PropertyKey, unknown>)?.[member], json);

function codeOf(issue: z.core.$ZodIssue, value: unknown): TemplateFaultCode {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined ? 'missing' : 'wrong';
    case 'too_big':
      return issue.origin === 'array'
        ? 'too-many'
        : issue.origin === 'string'
          ? 'too-long'
          : 'too-large';
    case 'too_small':
      return issue.origin === 'array' ? 'too-few' : 'too-small';
    case 'invalid_format':
      return 'format';
    case 'invalid_value':
      return value === undefined ? 'missing' : 'no-choice';
    case 'unrecognized_keys':
      return 'unknown';
    case 'custom': {
      const said = (issue.params as { fault?: TemplateFaultCode } | undefined)?.fault;
      return said ?? 'wrong';
    }
    default:
      return 'wrong';
  }
}
