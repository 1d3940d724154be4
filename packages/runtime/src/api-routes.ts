import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DomainError,
  type ApiScope,
  type ErrorCode,
  type RequestFault,
  type StaffRole,
} from '@mandate/core';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { checkContentType, readBytes, readJson } from './json-body.js';
import { giveTime, type ReceivingTime } from './receiving.js';
import { refusedRequest } from './request-faults.js';

/** What each kind of authentication tells a handler; each service names its own. */
export interface AuthContexts {
  /** `scopes`: what its key may do. */
  institution?: { readonly scopes: readonly string[] };
  visit?: object;
  own?: object;
  /** `roles`: what somebody of the desk may be now. */
  staff?: { readonly roles: readonly StaffRole[] };
}
export type AuthKind = 'institution' | 'visit' | 'own' | 'staff' | 'none';

type Shape = z.ZodObject;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/** One documented answer: JSON by a schema, or bytes of a content type. */
export type ResponseSpec =
  | { readonly description: string; readonly schema: z.ZodType }
  | { readonly description: string; readonly contentType: string }
  | { readonly description: string };
export type ResponseSpecs = Readonly<Record<number, ResponseSpec>>;

interface ReplyHeaders {
  readonly headers?: Readonly<Record<string, string>>;
}
/** What a handler may return: one of the documented answers, its body typed by the schema. */
export type Reply<R extends ResponseSpecs> = {
  [S in keyof R & number]: R[S] extends { schema: infer B extends z.ZodType }
    ? ReplyHeaders & { readonly status: S; readonly body: z.input<B> }
    : R[S] extends { contentType: string }
      ? ReplyHeaders & { readonly status: S } & (
            | { readonly bytes: Uint8Array }
            /** Sent as it comes; what fails midway breaks the connection off. */
            | { readonly stream: AsyncIterable<Uint8Array> }
          )
      : ReplyHeaders & { readonly status: S };
}[keyof R & number];

/** A body of bytes instead of JSON. */
export interface BytesBody {
  readonly contentTypes: readonly string[];
  readonly maxBytes: number;
  /** The handler reads `req` itself, as it comes; it counts what it gets. */
  readonly streamed?: true;
  /** Instead of what every request gets. */
  readonly time?: ReceivingTime;
}

export interface RouteSpec<
  A,
  P extends Shape | undefined,
  Q extends Shape | undefined,
  H extends Shape | undefined,
  B extends z.ZodType | undefined,
  Y extends BytesBody | undefined,
  R extends ResponseSpecs,
> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With `{name}` for parameters, as OpenAPI writes it. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  /** Names in lower case; headers not listed are ignored. */
  readonly headers?: H;
  readonly body?: B;
  /** A body the schema accepts, for the description; a test checks it. */
  readonly example?: unknown;
  readonly bytesBody?: Y;
  readonly responses: R;
  /** Refusals worth a caller's attention, beside those every route has. */
  readonly problems: readonly ErrorCode[];
  handler(
    call: {
      readonly params: Output<P>;
      readonly query: Output<Q>;
      readonly headers: Output<H>;
      readonly body: Output<B>;
      readonly bytes: Y extends { streamed: true }
        ? undefined
        : Y extends BytesBody
          ? Uint8Array
          : undefined;
      readonly requestId: string;
      readonly req: Request;
      readonly res: Response;
    } & A,
  ): Promise<Reply<NoInfer<R>>>;
}

/** A route of institutions does not compile without the scope it asks of their keys. */
type Scoped<K> = K extends 'institution'
  ? { readonly scope: ApiScope }
  : K extends 'staff'
    ? { readonly roles: readonly StaffRole[] | 'any' }
    : unknown;

/** A route with its types erased: what is mounted and documented. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly auth: AuthKind;
  readonly scope?: ApiScope;
  /** Of staff: one of these, or whoever is signed in. */
  readonly roles?: readonly StaffRole[] | 'any';
  readonly params?: Shape;
  readonly query?: Shape;
  readonly headers?: Shape;
  readonly body?: z.ZodType;
  readonly example?: unknown;
  readonly bytesBody?: BytesBody;
  readonly responses: ResponseSpecs;
  readonly problems: readonly ErrorCode[];
  handler(call: never): Promise<unknown>;
}

/**
 * Gives the `route` function of one service. The schemas that validate a call are the ones its
 * OpenAPI description is made from, so the two cannot disagree.
 * ```ts
 * const route = routesFor<{ institution: { scopes: string[] }; visit: { visitId: string } }>();
 * ```
 */
export function routesFor<C extends AuthContexts>() {
  return function route<
    K extends AuthKind,
    const R extends ResponseSpecs,
    P extends Shape | undefined = undefined,
    Q extends Shape | undefined = undefined,
    H extends Shape | undefined = undefined,
    B extends z.ZodType | undefined = undefined,
    const Y extends BytesBody | undefined = undefined,
  >(
    spec: { readonly auth: K } & Scoped<K> &
      RouteSpec<K extends keyof C ? C[K] : unknown, P, Q, H, B, Y, R>,
  ): Route {
    return spec as unknown as Route;
  };
}

export interface MountContext<C extends AuthContexts> {
  /** Who calls, by `Authorization: Bearer`. Throws `unauthenticated`, `forbidden`. */
  institution?(request: Request): Promise<NonNullable<C['institution']>>;
  /** Whose visit, by cookie. Throws `visit-invalid`. */
  visit?(request: Request): Promise<NonNullable<C['visit']>>;
  /** Whose visit to their own authorizations, by cookie. Throws `visit-invalid`. */
  own?(request: Request): Promise<NonNullable<C['own']>>;
  /** Who of the desk, by cookie. Throws `session-ended`, `forbidden`. */
  staff?(request: Request): Promise<NonNullable<C['staff']>>;
  /** Counts an institution's request and says how many are left. Throws `rate-limited`. */
  limit?(who: NonNullable<C['institution']>, response: Response): Promise<void>;
  /** Checks JSON answers against their schemas too: for development and tests, it costs time. */
  readonly checkReplies?: boolean;
}

/** `/v1/x/{id}` → `/v1/x/:id`. */
const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/** Mounts all routes of a service. */
export function mountRoutes<C extends AuthContexts>(
  app: Express,
  routes: readonly Route[],
  context: MountContext<C>,
): void {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  // literal paths before parameters, so that `/x/software` is not taken for `/x/{id}`
  const ordered = [...paths.entries()].sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  for (const [path, siblings] of ordered) {
    for (const route of siblings)
      app[route.method](expressPath(path), (request, response, next) =>
        // nor `/x/software` by a method it does not offer
        request.path !== path && paths.has(request.path)
          ? next()
          : answer(route, request, response, context),
      );
  }
}

const rank = (path: string): string => path.replace(/\{/g, '~');

async function answer<C extends AuthContexts>(
  route: Route,
  request: Request,
  response: Response,
  context: MountContext<C>,
): Promise<void> {
  // who calls comes first: a stranger learns nothing about schemas, and costs no parsing
  const who = route.auth === 'none' ? {} : await context[route.auth]!(request);
  if (route.auth === 'institution') {
    await context.limit?.(who as NonNullable<C['institution']>, response);
    checkScope(route, (who as NonNullable<C['institution']>).scopes);
  }
  if (route.auth === 'staff') checkRoles(route, (who as NonNullable<C['staff']>).roles);
  if (!route.body && !route.bytesBody) await refuseBody(request);
  const call = {
    ...who,
    params: route.params && validate(route.params, request.params, 'path', 'not-found'),
    query: validateQuery(route, request),
    headers: route.headers && validate(route.headers, request.headers, 'header'),
    body: route.body && validate(route.body, await readJson(request), 'body'),
    bytes: route.bytesBody && (await readRaw(route.bytesBody, request)),
    requestId: response.locals['requestId'] as string,
    req: request,
    res: response,
  };
  const reply = (await route.handler(call as never)) as AnyReply;
  if (reply.stream) await sendStream(route, response, reply, reply.stream);
  else send(route, response, reply, context.checkReplies);
}

/** Whoever holds a key learns which scope is missing, and nothing about any object. */
function checkScope({ scope }: Route, scopes: readonly string[]): void {
  if (scope && scopes.includes(scope)) return;
  throw new DomainError('scope-missing', `this API key needs the scope ${scope}`, {
    extensions: { scope: scope ?? '' },
  });
}

function checkRoles({ roles = [] }: Route, held: readonly StaffRole[]): void {
  if (roles === 'any' || roles.some((role) => held.includes(role))) return;
  throw new DomainError('forbidden', `for ${roles.join(', ')}`);
}

async function readRaw(spec: BytesBody, request: Request): Promise<Uint8Array | undefined> {
  checkContentType(request, spec.contentTypes);
  if (spec.time) giveTime(request, spec.time);
  if (!spec.streamed) return readBytes(request, spec.maxBytes);
  if (Number(request.headers['content-length'] ?? 0) > spec.maxBytes)
    throw new DomainError('payload-too-large', `the limit is ${spec.maxBytes} bytes`);
  return undefined;
}

/** What is not read would be a wish silently not granted; `{}` and nothing are the same. */
async function refuseBody(request: Request): Promise<void> {
  const { 'content-length': length = '0', 'transfer-encoding': chunked } = request.headers;
  if (length === '0' && chunked === undefined) return;
  validate(NO_MEMBERS, await readJson(request), 'body');
}

const NO_MEMBERS = z.strictObject({});

function validateQuery(route: Route, request: Request): unknown {
  // No parameter has a use for them, and PostgreSQL refuses NUL in a text.
  if (/\p{Cc}/u.test(Object.entries(request.query).flat(2).join('')))
    throw new DomainError('invalid-request', 'query: control characters are not taken');
  if (route.query) return validate(route.query.strict(), request.query, 'query');
  if (Object.keys(request.query).length > 0)
    throw new DomainError('invalid-request', 'this path takes no query');
  return undefined;
}

function validate(
  schema: z.ZodType,
  value: unknown,
  place: RequestFault['in'],
  code: ErrorCode = 'invalid-request',
): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  if (code === 'not-found') throw new DomainError('not-found', 'no such thing');
  throw refusedRequest(result.error, place);
}

interface AnyReply extends ReplyHeaders {
  readonly status: number;
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
  readonly stream?: AsyncIterable<Uint8Array>;
}

/** The first piece comes before the head, so that a refusal is still a problem with its code. */
async function sendStream(
  route: Route,
  response: Response,
  reply: AnyReply,
  stream: AsyncIterable<Uint8Array>,
): Promise<void> {
  const pieces = stream[Symbol.asyncIterator]();
  const first = await pieces.next();
  head(route, response, reply);
  if (!first.done) response.write(first.value);
  // Half an answer must not look like a whole one: `pipeline` breaks the connection off.
  const rest = { [Symbol.asyncIterator]: () => pieces };
  await pipeline(Readable.from(rest, { objectMode: true }), response).catch(() => undefined);
}

function head(route: Route, response: Response, reply: AnyReply): void {
  const spec = route.responses[reply.status];
  if (!spec) throw new Error(`${route.path} answered an undocumented status`);
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.status(reply.status);
  if ('contentType' in spec) response.setHeader('Content-Type', spec.contentType);
}

function send(route: Route, response: Response, reply: AnyReply, check = false): void {
  const spec = route.responses[reply.status];
  if (check && spec && 'schema' in spec && !spec.schema.safeParse(reply.body).success)
    throw new Error(`${route.method} ${route.path} answered what its schema does not allow`);
  head(route, response, reply);
  if (reply.bytes) response.end(reply.bytes);
  else if (reply.body !== undefined)
    response.type('application/json').send(JSON.stringify(reply.body));
  else response.end();
}
