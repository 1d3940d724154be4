import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { ERROR_CODES, type ErrorCode } from '@mandate/core';
import type { ResponseSpec, Route } from './api-routes.js';
import { PROBLEMS, PROBLEM_TYPE } from './problems.js';

type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;
type Responses = NonNullable<RouteConfig['responses']>;
type Content = NonNullable<NonNullable<NonNullable<RouteConfig['request']>['body']>['content']>;

type ProblemRef = { readonly $ref: string };

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Where the API is served. */
  readonly url: string;
  /** Order and meaning of the routes' tags. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

/** RFC 9457 problem details. Written out: a registered zod schema would need zod's prototypes extended. */
const PROBLEM_SCHEMA = {
  type: 'object' as const,
  description: 'RFC 9457 problem details; some codes add members such as `triesLeft`',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' as const, description: '`/problems/<code>`' },
    title: { type: 'string' as const },
    status: { type: 'integer' as const },
    code: { type: 'string' as const, enum: [...ERROR_CODES] },
    detail: { type: 'string' as const },
    instance: { type: 'string' as const, description: 'Id of the request, to quote for help' },
  },
};

/** OpenAPI 3.1 from the very schemas that validate. */
export function openApiDocument(routes: readonly Route[], info: ApiInfo): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  const problem = registry.registerComponent('schemas', 'Problem', PROBLEM_SCHEMA).ref;
  registry.registerComponent('securitySchemes', 'institution', {
    type: 'http',
    scheme: 'bearer',
    description: 'API key of an institution',
  });
  registry.registerComponent('securitySchemes', 'visit', {
    type: 'apiKey',
    in: 'cookie',
    name: 'mandate_visit',
    description: "Set by opening a signing link; the subject's browser only",
  });
  registry.registerComponent('securitySchemes', 'own', {
    type: 'apiKey',
    in: 'cookie',
    name: 'mandate_own',
    description: "Set by entering one's own authorizations; the subject's browser only",
  });
  for (const route of routes) registry.registerPath(pathOf(route, problem));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: info.title, version: info.version, description: info.description },
    servers: [{ url: info.url }],
    tags: info.tags.map((tag) => ({ ...tag })),
  });
  return JSON.parse(JSON.stringify(document), asCallersNeedIt) as OpenApiDocument;
}

/**
 * The generator writes regular expressions with flags as `source/flags`, which no schema language
 * knows; without the flags they say nearly the same, `u` is implied. A missing Idempotency-Key is
 * refused by the handler, with a code of its own: for callers it is required.
 */
function asCallersNeedIt(
  this: { in?: unknown; name?: unknown },
  key: string,
  value: unknown,
): unknown {
  if (key === 'pattern' && typeof value === 'string') return value.replace(/\/[a-z]+$/, '');
  if (key === 'required' && this.in === 'header' && this.name === 'idempotency-key') return true;
  return value;
}

function pathOf(route: Route, problem: ProblemRef): RouteConfig {
  return {
    method: route.method,
    path: route.path,
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [route.tag],
    operationId: operationId(route),
    security: route.auth === 'none' ? [] : [{ [route.auth]: route.scope ? [route.scope] : [] }],
    request: {
      ...(route.params ? { params: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...(route.headers ? { headers: route.headers } : {}),
      ...bodyOf(route),
    },
    responses: { ...goodResponses(route), ...problemResponses(route, problem) },
  };
}

/** `post /v1/authorizations/{id}/signing-links` → `postAuthorizationsByIdSigningLinks`. */
function operationId(route: Route): string {
  const words = route.path
    .replace(/^\/v1/, '')
    .replace(/\{(\w+)\}/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return [route.method, ...words.map((word) => word[0]!.toUpperCase() + word.slice(1))].join('');
}

function bodyOf(route: Route): { body?: { required: true; content: Content } } {
  if (route.body) {
    const { body: schema, example } = route;
    const json = { schema, ...(example === undefined ? {} : { example }) };
    return { body: { required: true, content: { 'application/json': json } } };
  }
  if (route.bytesBody)
    return { body: { required: true, content: binary(route.bytesBody.contentTypes) } };
  return {};
}

const binary = (types: readonly string[]): Content =>
  Object.fromEntries(
    types.map((type) => [type, { schema: { type: 'string' as const, format: 'binary' } }]),
  );

function goodResponses(route: Route): Responses {
  const content = (spec: ResponseSpec): Content | undefined => {
    if ('schema' in spec) return { 'application/json': { schema: spec.schema } };
    return 'contentType' in spec ? binary([spec.contentType]) : undefined;
  };
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, spec]) => {
      const body = content(spec);
      return [status, { description: spec.description, ...(body ? { content: body } : {}) }];
    }),
  );
}

/** Codes a route can answer with; what follows from its shape need not be listed by hand. */
export function problemsOf(route: Route): ErrorCode[] {
  const implied: ErrorCode[] = ['rate-limited', 'database-unavailable', 'internal'];
  if (route.auth === 'institution') implied.push('unauthenticated', 'scope-missing');
  if (route.auth === 'visit' || route.auth === 'own') implied.push('visit-invalid');
  if (route.params) implied.push('not-found');
  if (route.query || route.headers || route.body) implied.push('invalid-request');
  if (route.body || route.bytesBody) implied.push('payload-too-large', 'unsupported-media-type');
  const all = new Set([...implied, ...route.problems]);
  return ERROR_CODES.filter((code) => all.has(code));
}

function problemResponses(route: Route, problem: ProblemRef): Responses {
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
        content: { [PROBLEM_TYPE]: { schema: problem } },
      },
    ]),
  );
}
