import { DomainError, ERROR_CODES, isDomainError, type ErrorCode } from '@mandate/core';
import { PROBLEMS } from './problem-table.js';

export { PROBLEMS } from './problem-table.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457 problem details; further members are the error's public extensions. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  /** The request's id, to quote when asking for help. */
  readonly instance?: string;
  readonly [extension: string]: DomainError['extensions'][string] | undefined;
}

/** Any error as a problem. Unknown errors become `internal` without a word about their cause. */
export function problemOf(error: unknown, instance?: string): Problem {
  const code = isDomainError(error) ? error.code : 'internal';
  const known = isDomainError(error) && code !== 'internal' ? error : undefined;
  return {
    ...known?.extensions,
    type: `/problems/${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    ...(known && known.detail !== code ? { detail: known.detail } : {}),
    ...(instance === undefined ? {} : { instance }),
  };
}

const STANDARD = new Set(['type', 'title', 'status', 'code', 'detail', 'instance']);

/** A problem received from another process, as the error it was; null when it is none of ours. */
export function errorOfProblem(value: unknown): DomainError | null {
  if (typeof value !== 'object' || value === null) return null;
  const members = value as Record<string, unknown>;
  const code = ERROR_CODES.find((known) => known === members['code']);
  if (!code) return null;
  const extensions: Record<string, string | number> = {};
  for (const [name, member] of Object.entries(members))
    if (!STANDARD.has(name) && (typeof member === 'string' || typeof member === 'number'))
      extensions[name] = member;
  const detail = typeof members['detail'] === 'string' ? members['detail'] : code;
  return new DomainError(code, detail, { extensions });
}
