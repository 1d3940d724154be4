import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { ERROR_CODES } from '@mandate/core';
import type { ResponseSpec, Route } from './api-routes.js';
import type { z } from 'zod';
import { headerRefs, HEADERS } from './api-headers.js';
import { problemResponses, type ProblemRef } from './api-problems.js';

type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;
type Responses = NonNullable<RouteConfig['responses']>;
type Content = NonNullable<NonNullable<NonNullable<RouteConfig['request']>['body']>['content']>;

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Where the API is served. */
  readonly url: string;
  /** Order and meaning of the routes' tags. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Of calls that were made, by operation, e.g. `post /v1/things`. */
  readonly examples?: Readonly<Record<string, Example>>;
  /** What is sent to those who asked to be told. */
  readonly webhooks?: readonly Webhook[];
}

export interface Example {
  readonly request?: unknown;
  readonly response?: unknown;
}

export interface Webhook {
  /** The event's type. */
  readonly name: string;
  readonly summary: string;
  readonly headers: z.ZodObject;
  readonly body: z.ZodType;
  readonly example: unknown;
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
    errors: {
      type: 'array' as const,
      description:
        'With `invalid-request`: each place and what is wrong there, never what was sent',
      items: {
        type: 'object' as const,
        required: ['in', 'pointer', 'rule', 'says'],
        properties: {
          in: { type: 'string' as const, enum: ['body', 'query', 'header', 'path'] },
          pointer: { type: 'string' as const, description: 'RFC 6901; empty for the whole' },
          rule: { type: 'string' as const, description: 'e.g. `unknown-member`, `too-small`' },
          says: { type: 'string' as const, description: 'for people' },
        },
      },
    },
    errorsLeftOut: { type: 'integer' as const, description: 'How many more there are' },
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
  for (const [name, description] of Object.entries(HEADERS))
    registry.registerComponent('headers', name, { description, schema: { type: 'string' } });
  for (const route of routes)
    registry.registerPath(
      pathOf(route, problem, info.examples?.[`${route.method} ${route.path}`] ?? {}),
    );
  for (const webhook of info.webhooks ?? []) registry.registerWebhook(webhookOf(webhook));
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

function pathOf(route: Route, problem: ProblemRef, example: Example): RouteConfig {
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
      ...bodyOf(route, example.request),
    },
    responses: { ...goodResponses(route, example.response), ...problemResponses(route, problem) },
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

function bodyOf(route: Route, recorded: unknown): { body?: { required: true; content: Content } } {
  if (route.body) {
    const { body: schema, example = recorded } = route;
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

function goodResponses(route: Route, example: unknown): Responses {
  const content = (spec: ResponseSpec): Content | undefined => {
    if ('schema' in spec) {
      const json = { schema: spec.schema, ...(example === undefined ? {} : { example }) };
      return { 'application/json': json };
    }
    if (!('contentType' in spec)) return undefined;
    // canonical JSON is sent as its bytes
    if (spec.contentType === 'application/json')
      return { [spec.contentType]: { schema: { type: 'object' }, example } };
    return binary([spec.contentType]);
  };
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, spec]) => {
      const body = content(spec);
      const told =
        route.auth === 'institution' ? headerRefs('RateLimit', 'RateLimit-Policy') : undefined;
      return [
        status,
        { description: spec.description, ...told, ...(body ? { content: body } : {}) },
      ];
    }),
  );
}

function webhookOf({ name, summary, headers, body, example }: Webhook): RouteConfig {
  return {
    method: 'post',
    path: name,
    summary,
    tags: ['webhooks'],
    operationId: `hear ${name}`.replace(/[^a-z]+(.)/g, (_, letter: string) => letter.toUpperCase()),
    security: [],
    request: {
      headers,
      body: { required: true, content: { 'application/json': { schema: body, example } } },
    },
    responses: {
      204: { description: 'Heard; any 2xx will do, within fifteen seconds' },
      410: { description: 'Nobody listens any more: the webhook is switched off' },
      default: { description: 'Not heard: delivered again later' },
    },
  };
}
