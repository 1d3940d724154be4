import { ERROR_CODES } from '@mandate/core';
import { PROBLEMS } from './problem-table.js';

const FAMILIES: readonly (readonly [title: string, advice: string, from: number, to: number])[] = [
  ['The request', 'Change the request; repeating it unchanged gives the same answer.', 400, 499],
  ['Our side', 'Repeat 503 later, with the same `Idempotency-Key`; report the others.', 500, 599],
];

/** `docs/problems.md`, made from the table so that the two cannot disagree. */
export function problemPage(): string {
  const lines = [
    '# Problems',
    '',
    '<!-- made by scripts/problems-page.mjs from the table in packages/runtime; do not edit -->',
    '',
    'Every refusal is an RFC 9457 problem (`application/problem+json`):',
    '',
    '```json',
    '{ "type": "/problems/code-wrong", "title": "The code is wrong", "status": 403,',
    '  "code": "code-wrong", "detail": "…", "instance": "req_…", "triesLeft": 4 }',
    '```',
    '',
    'Decide by `code`: the list is closed. `detail` says what is wrong with this request and is fit to',
    'be shown; it never repeats values. `instance` is the request’s id, to quote when asking for help.',
    'Some problems add members: `triesLeft`, `retryAfterSeconds` (also as `Retry-After`).',
  ];
  for (const [title, advice, from, to] of FAMILIES) {
    lines.push('', `## ${title}`, '', advice, '', '| code | status | meaning |', '|---|---|---|');
    for (const code of ERROR_CODES) {
      const { status, title: meaning } = PROBLEMS[code];
      if (status >= from && status <= to) lines.push(`| \`${code}\` | ${status} | ${meaning} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
