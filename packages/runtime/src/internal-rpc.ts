import {
  AUTHORITY_ROLES,
  CALLERS,
  DomainError,
  fromHex,
  secretsEqual,
  sha256,
  utf8,
  type Authority,
  type AuthorityRole,
  type CallerName,
} from '@mandate/core';
import type { Express, Request } from 'express';
import { decodeInternal, encodeInternal } from './internal-encoding.js';
import { checkContentType, readBytes } from './json-body.js';
import { errorOfProblem } from './problems.js';

/** The second argument is the caller as proven by its key; no request can name it. */
type Method = (request: unknown, caller?: CallerName) => Promise<unknown>;

/** Signing material and bundles' digests are small; a letter never crosses this border. */
const MESSAGE_LIMIT = 4 * 1024 * 1024;
const CALL_MS = 30_000;

const allowed = (caller: CallerName, role: string, method: string): boolean =>
  (CALLERS[caller] as readonly string[]).includes(`${role}.${method}`);

/**
 * Serves the roles this process holds at `POST /internal/{role}/{method}`. A caller proves itself by
 * its own bearer key and may use only the methods `CALLERS` lists for it, so that a web process
 * taken over cannot ask for what only the worker needs.
 * @param callers SHA-256 (hex) of each caller's key.
 */
export function mountAuthority(
  app: Express,
  roles: Partial<Authority>,
  callers: Readonly<Partial<Record<CallerName, string>>>,
): void {
  app.post('/internal/:role/:method', async (request, response) => {
    const caller = callerOf(request, callers);
    const role = request.params['role'] as AuthorityRole;
    const method = request.params['method']!;
    if (!allowed(caller, role, method))
      throw new DomainError('forbidden', `${caller} may not call ${role}.${method}`.slice(0, 100));
    const holder = roles[role] as Record<string, Method> | undefined;
    if (typeof holder?.[method] !== 'function')
      throw new DomainError('authority-unavailable', `this process does not hold role ${role}`);
    checkContentType(request, ['application/json']);
    const body = await readBytes(request, MESSAGE_LIMIT);
    const result = await holder[method](decodeInternal(new TextDecoder().decode(body)), caller);
    response.type('application/json').send(encodeInternal(result));
  });
}

/** Throws `unauthenticated`. Every known key is compared, in constant time, hit or not. */
function callerOf(
  request: Request,
  callers: Readonly<Partial<Record<CallerName, string>>>,
): CallerName {
  const key = /^Bearer ([A-Za-z0-9_-]{32,})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const digest = sha256(utf8(key));
  let found: CallerName | undefined;
  for (const [name, hex] of Object.entries(callers))
    if (secretsEqual(fromHex(hex), digest)) found = name as CallerName;
  if (!key || !found) throw new DomainError('unauthenticated', 'unknown caller key');
  return found;
}

/**
 * An authority made of the roles this process holds; the others answer `authority-unavailable`.
 * With `caller`, the allow-list holds in process too: what would be refused apart is refused together.
 */
export function localAuthority(roles: Partial<Authority>, caller?: CallerName): Authority {
  return authorityOf((role, method, request) => {
    const holder = roles[role] as Record<string, Method> | undefined;
    if (typeof holder?.[method] !== 'function') throw notHeld(role);
    if (caller && !allowed(caller, role, method))
      throw new DomainError('forbidden', `${caller} may not call ${role}.${method}`);
    return holder[method](request, caller);
  });
}

export interface AuthorityConnection {
  /** Internal origin per role; a role with neither URL nor local holder answers `authority-unavailable`. */
  readonly urls: Readonly<Partial<Record<AuthorityRole, string>>>;
  readonly callerKey: string;
  /** Roles held by this very process; they are not called over the network. */
  readonly local?: Partial<Authority>;
  readonly timeoutMs?: number;
}

/**
 * An authority over HTTP. Errors arrive as the `DomainError` they were; a time-out, a refused
 * connection or an answer that is none of ours is `authority-unavailable`. Nothing is retried here:
 * only the caller knows what may be repeated.
 */
export function connectAuthority(connection: AuthorityConnection): Authority {
  const local = localAuthority(connection.local ?? {});
  return authorityOf((role, method, request) => {
    if (connection.local?.[role])
      return (local[role] as unknown as Record<string, Method>)[method]!(request);
    const url = connection.urls[role];
    if (!url || url === 'in-process:') throw notHeld(role);
    return call(new URL(`/internal/${role}/${method}`, url), connection, request);
  });
}

async function call(url: URL, connection: AuthorityConnection, request: unknown): Promise<unknown> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${connection.callerKey}`,
      },
      body: encodeInternal(request),
      redirect: 'error',
      signal: AbortSignal.timeout(connection.timeoutMs ?? CALL_MS),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw new DomainError('authority-unavailable', `no answer from ${url.pathname}`, { cause });
  }
  if (status === 200) return decodeInternal(text);
  const error = errorOfProblem(parseOrNull(text));
  throw error ?? new DomainError('authority-unavailable', `odd answer from ${url.pathname}`);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const notHeld = (role: AuthorityRole): DomainError =>
  new DomainError('authority-unavailable', `role ${role} is not connected`);

/** Turns one dispatching function into the typed roles; a refusal is always a rejected promise. */
function authorityOf(
  dispatch: (role: AuthorityRole, method: string, request: unknown) => Promise<unknown>,
): Authority {
  const roleProxy = (role: AuthorityRole): object =>
    new Proxy(Object.freeze({}), {
      get: (_target, name) =>
        // `then` must stay undefined, or awaiting a role would call it
        typeof name === 'string' && name !== 'then'
          ? async (request: unknown) => dispatch(role, name, request)
          : undefined,
    });
  return Object.fromEntries(
    AUTHORITY_ROLES.map((role) => [role, roleProxy(role)]),
  ) as unknown as Authority;
}
