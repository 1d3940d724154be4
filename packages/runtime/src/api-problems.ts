import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { ERROR_CODES, type ErrorCode } from '@mandate/core';
import { headerRefs } from './api-headers.js';
import type { Route } from './api-routes.js';
import { PROBLEMS, PROBLEM_TYPE } from './problems.js';

type Responses = NonNullable<RouteConfig['responses']>;
export type ProblemRef = { readonly $ref: string };

const IDEMPOTENCY: readonly ErrorCode[] = [
  'idempotency-key-missing',
  'idempotency-key-reused',
  'idempotency-in-progress',
];

const exampleProblem = (code: ErrorCode) => ({
  type: `/problems/${code}`,
  ...{ title: PROBLEMS[code].title, status: PROBLEMS[code].status, code },
  instance: 'req_019b0000-0000-7000-8000-000000000000',
});

/** Codes a route can answer with; what follows from its shape need not be listed by hand. */
export function problemsOf(route: Route): ErrorCode[] {
  const implied: ErrorCode[] = [
    'invalid-request',
    'rate-limited',
    'database-unavailable',
    'objects-unavailable',
    'internal',
  ];
  if (route.auth === 'institution') implied.push('unauthenticated', 'scope-missing');
  // both look into the letter
  if (route.auth === 'visit') implied.push('visit-invalid', 'restricted', 'erased');
  if (route.auth === 'own') implied.push('visit-invalid', 'erased');
  if (route.params) implied.push('not-found');
  if (route.headers?.shape['idempotency-key'])
    implied.push(...IDEMPOTENCY, 'text-forbidden-character', 'format-json');
  if (route.body || route.bytesBody) implied.push('payload-too-large', 'unsupported-media-type');
  const all = new Set([...implied, ...route.problems]);
  return ERROR_CODES.filter((code) => all.has(code));
}

/** By status; each names the codes of this very route. */
export function problemResponses(route: Route, problem: ProblemRef): Responses {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of problemsOf(route)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
        ...(status === 429 ? headerRefs('Retry-After', 'RateLimit', 'RateLimit-Policy') : {}),
        content: {
          [PROBLEM_TYPE]: {
            schema: {
              allOf: [problem, { type: 'object' as const, properties: { code: { enum: codes } } }],
            },
            example: exampleProblem(codes[0]!),
          },
        },
      },
    ]),
  );
}
