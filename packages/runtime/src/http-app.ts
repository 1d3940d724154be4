import { DomainError, newId, type Clock, type Random } from '@mandate/core';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import { describeError, pathOf, type Log } from './logs.js';
import { problemOf, PROBLEM_TYPE, type Problem } from './problems.js';

export interface HttpAppOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** Served over https (directly or by a proxy): sends Strict-Transport-Security. */
  readonly https?: boolean;
  /** Hops of trusted proxies in front; none unless said, so that a caller cannot choose its address. */
  readonly trustedProxies?: number;
  /** A problem as a page, for a browser that asks for one; without it everybody gets JSON. */
  readonly problemPage?: (request: Request, problem: Problem) => string;
}

/**
 * An express application with what every process of ours has: request ids, logs without personal
 * data, strict response headers. Routes come next; `listen` closes it with 404 and problems.
 * `response.locals.nonce` is the page's CSP nonce, `response.locals.requestId` the request's id.
 */
export function createHttpApp(options: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustedProxies ?? false);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.locals['log'] = options.log;
  app.locals['problemPage'] = options.problemPage;

  app.use((request, response, next) => {
    const id = newId('request', options.clock, options.random);
    request.id = id;
    response.locals['requestId'] = id;
    response.locals['nonce'] = Buffer.from(options.random.bytes(16)).toString('base64');
    response.setHeader('X-Request-Id', id);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
    next();
  });
  app.use(requestLog(options.log));
  app.use(securityHeaders(options.https ?? false));
  return app;
}

/** One line per request: id, method, path, status, milliseconds. Nothing else is anybody's business. */
const requestLog = (log: Log) =>
  pinoHttp<Request, Response>({
    logger: log,
    genReqId: (request) => request.id,
    quietReqLogger: true,
    wrapSerializers: false,
    serializers: {
      req: (request: Request) => ({ method: request.method, path: pathOf(request.originalUrl) }),
      res: (response: Response) => ({ status: response.statusCode }),
      err: describeError,
    },
    customLogLevel: (request, response) => {
      if (response.statusCode >= 500) return 'error';
      return /^\/(healthz|readyz)$/.test(pathOf(request.originalUrl)) ? 'debug' : 'info';
    },
  });

const securityHeaders = (https: boolean) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", nonceOf],
        'style-src': ["'self'", nonceOf],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'worker-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
        // where the browser knows Trusted Types: text never becomes markup or script
        'require-trusted-types-for': ["'script'"],
        'trusted-types': ['lit-html', 'mandate-worker'],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https ? { maxAge: 365 * 24 * 3600, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  });

const nonceOf = (_: unknown, response: unknown): string =>
  `'nonce-${String((response as Response).locals['nonce'])}'`;

const finished = new WeakSet<Express>();

/** Adds what must come last: 404 and the error table. `listen` calls it; calling it again does nothing. */
export function finishHttpApp(app: Express): Express {
  if (finished.has(app)) return app;
  finished.add(app);
  app.use((request, response) => {
    const allow = offered(app, request.path);
    if (allow === '') throw new DomainError('not-found', 'no such path');
    response.setHeader('Allow', allow);
    if (request.method !== 'OPTIONS')
      throw new DomainError('method-not-allowed', `this path takes ${allow}`);
    response.status(204).end();
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const known = translate(error);
    const problem = problemOf(known, response.locals['requestId'] as string | undefined);
    const log = app.locals['log'] as Log;
    if (problem.status >= 500)
      log.error({ requestId: problem.instance, code: problem.code, err: error }, 'request failed');
    if (response.headersSent) {
      next(error); // half an answer is out: express cuts the connection, which is the honest end
      return;
    }
    const wait = problem['retryAfterSeconds'];
    if (typeof wait === 'number') response.setHeader('Retry-After', String(Math.ceil(wait)));
    if (problem.status === 401 && problem.code === 'unauthenticated')
      response.setHeader('WWW-Authenticate', 'Bearer');
    const page = app.locals['problemPage'] as HttpAppOptions['problemPage'];
    if (page && isVisit(request)) {
      response.status(problem.status).type('html').send(page(request, problem));
      return;
    }
    response.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  });
  return app;
}

/** What express 5's router knows of a mounted path; its type declarations leave this out. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Somebody looking at this address in a browser; whoever calls the API wants JSON, or anything. */
const isVisit = ({ method, path, headers }: Request): boolean =>
  method === 'GET' && !/^\/(?:v1|internal)\//.test(path) && /text\/html/.test(headers.accept ?? '');

/** The methods of the routes on this path, as `Allow` lists them; empty when there is no such path. */
function offered(app: Express, path: string): string {
  const routes = (app.router.stack as unknown as readonly Layer[])
    .filter((layer) => layer.route && layer.match(path))
    .map(({ route }) => route!);
  // a literal path stands before one with a parameter that would match it, too
  const methods = routes
    .filter((route) => route.path === routes[0]!.path)
    .flatMap((route) => Object.keys(route.methods).map((method) => method.toUpperCase()));
  if (methods.length === 0) return '';
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** Express and its router report bad paths with a status on a plain error. */
function translate(error: unknown): unknown {
  const status = (error as { status?: unknown } | null)?.status;
  if (error instanceof Error && !(error instanceof DomainError) && status === 400)
    return new DomainError('invalid-request', 'the address is malformed', { cause: error });
  return error;
}
