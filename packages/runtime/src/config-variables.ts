import { resolve } from 'node:path';
import {
  AUTHORITY_ROLES,
  IDENTITY_CHECKS,
  type AuthorityRole,
  type CallerName,
  type IdentityAddress,
} from '@mandate/core';
import { z } from 'zod';

/** Shapes of single variables. Messages never repeat the value: it may be a secret. */

/** URL scheme, lower case, without the colon; '' when there is none. */
export const schemeOf = (url: string): string =>
  (/^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? '').toLowerCase();

/** Hosts that never leave the machine, where plain http keeps its secrets. */
export const isLoopback = (url: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

const fault = (message: string): { error: string } => ({ error: message });

export const port = z
  .string()
  .regex(/^\d{1,5}$/, fault('must be a port number, 0 to 65535'))
  .transform(Number)
  .refine((n) => n <= 65535, fault('must be a port number, 0 to 65535'));

export const portOrOff = z.union(
  [z.literal('off'), port],
  fault('must be a port number, 0 to 65535, or off'),
);

export const hops = z
  .string()
  .regex(/^[0-9]$/, fault('must be a number of proxies, 0 to 9'))
  .transform(Number);

/** No longer than the database lets any picture be kept. */
export const days = z
  .string()
  .regex(/^\d{1,3}$/, fault('must be a number of days, 1 to 180'))
  .transform(Number)
  .refine((n) => n >= 1 && n <= 180, fault('must be a number of days, 1 to 180'));

export const host = z.string().regex(/^[A-Za-z0-9.:_-]+$/, fault('must be a host name or address'));

export const folder = z.string().transform((path) => resolve(path));

/** A URL of one of the schemes; `bare` schemes need nothing after the colon. */
export const urlOf = (...schemes: string[]) =>
  z.string().refine(
    (text) => {
      return schemes.includes(schemeOf(text)) && !/\s/.test(text);
    },
    fault(`must be a URL of scheme ${schemes.join(', ')}`),
  );

/** An origin: http(s), host, optional port; no path, query, fragment or credentials. */
export const origin = z
  .string()
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return (
      ['http:', 'https:'].includes(url.protocol) && [url.origin, `${url.origin}/`].includes(text)
    );
  }, fault('must be an origin such as https://sign.example.com, without path or trailing parts'))
  .transform((text) => text.replace(/\/$/, ''));

/** C2SP checkpoint origin: a schema-less URL without spaces, e.g. `sign.example.com/ledger`. */
export const ledgerOrigin = z
  .string()
  .regex(/^[a-z0-9.:-]+(\/[A-Za-z0-9._-]+)*$/, fault('must look like sign.example.com/ledger'));

const SMS_SCHEMES = ['alibaba+https', 'tencent+https', 'https', 'http', 'smpps', 'smpp'];

/** Gateways in the order of trying, comma separated; the sandbox stands alone. */
export const smsUrls = z
  .string()
  .refine(
    (text) =>
      text.split(',').every((url) => SMS_SCHEMES.includes(schemeOf(url.trim()))) ||
      (schemeOf(text) === 'sandbox' && !text.includes(',')),
    fault(`must be sandbox: or a comma list of URLs of scheme ${SMS_SCHEMES.join(', ')}`),
  );

/** The last part of the path under which vendors report: whoever knows it is believed. */
export const pathToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{40,128}$/, fault('must be 40 to 128 characters of base64url'));

/** A client as an OpenID provider knows it. */
export const clientId = z
  .string()
  .regex(/^[!-~]{1,200}$/, fault('must be 1 to 200 visible ASCII characters'));

export const callerKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{32,}$/, fault('must be at least 32 characters of base64url'));

export const roles = z
  .string()
  .transform((text) => text.split(',').map((role) => role.trim()))
  .refine(
    (list) => list.every((role) => (AUTHORITY_ROLES as readonly string[]).includes(role)),
    fault(`must be a comma list of ${AUTHORITY_ROLES.join(', ')}`),
  )
  .transform((list) => AUTHORITY_ROLES.filter((role) => list.includes(role)));

/** `web=<hex>,worker=<hex>`: SHA-256 of each caller's key. */
export const callers = z.string().transform((text, context) => {
  const found: Partial<Record<CallerName, string>> = {};
  for (const entry of text.split(',')) {
    const match = /^\s*(web|worker|desk|authority)=([0-9a-f]{64})\s*$/.exec(entry);
    const name = match?.[1] as CallerName | undefined;
    if (!name || found[name]) {
      context.addIssue({
        code: 'custom',
        message: 'must be a comma list of caller=SHA-256 in lower-case hex, each caller once',
      });
      return z.NEVER;
    }
    found[name] = match![2]!;
  }
  return found;
});

/** One RFC 3161 authority to ask; thresholds count distinct operators. */
export interface TsaAddress {
  readonly name: string;
  readonly operator: string;
  /** `http(s)://…`, or `builtin:` for our own. */
  readonly url: string;
}

/** `name|operator|url` or a plain URL, comma separated. Order is the order of trying. */
export const tsaUrls = z.string().transform((text, context) => {
  const found: TsaAddress[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    const fields = entry.split('|').map((part) => part.trim());
    const url = fields.at(-1)!;
    const known =
      url === 'builtin:' || (['http', 'https'].includes(schemeOf(url)) && URL.canParse(url));
    if (!known || ![1, 3].includes(fields.length) || fields.includes('')) {
      context.addIssue({
        code: 'custom',
        message: 'must be a comma list of URLs or name|operator|URL; builtin: is our own authority',
      });
      return z.NEVER;
    }
    const own = url === 'builtin:' ? 'builtin' : new URL(url).host;
    found.push(
      fields.length === 3
        ? { name: fields[0]!, operator: fields[1]!, url }
        : { name: own, operator: own, url },
    );
  }
  if (new Set(found.map((tsa) => tsa.name)).size < found.length) {
    context.addIssue({ code: 'custom', message: 'names the same authority twice' });
    return z.NEVER;
  }
  return found;
});

/** The institution's own word comes by its API, from nobody else. */
const ASKABLE = IDENTITY_CHECKS.filter((check) => check !== 'institution');

/** `simulated:`, or `name|operator|check+check|URL`, comma separated. Order is the order of asking. */
export const identityProviders = z.string().transform((text, context) => {
  const found: IdentityAddress[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === 'simulated:') {
      found.push({ name: 'simulated', operator: 'simulated', checks: ASKABLE, url: entry });
      continue;
    }
    const [name = '', operator = '', list = '', url = '', ...rest] = entry
      .split('|')
      .map((part) => part.trim());
    const checks = ASKABLE.filter((check) => list.split('+').includes(check));
    const known =
      /^[a-z][a-z0-9-]{0,39}$/.test(name) &&
      operator !== '' &&
      checks.length > 0 &&
      checks.length === list.split('+').length &&
      URL.canParse(url) &&
      (schemeOf(url) === 'https' || (schemeOf(url) === 'http' && isLoopback(url))) &&
      rest.length === 0;
    if (!known || found.some((other) => other.name === name)) {
      context.addIssue({
        code: 'custom',
        message: `must be simulated: or a comma list of name|operator|check+check|https URL; checks are ${ASKABLE.join(', ')}`,
      });
      return z.NEVER;
    }
    found.push({ name, operator, checks, url });
  }
  return found;
});

/** One witness of the ledger: who runs it, by its verifier key, and where it listens. */
export interface WitnessAddress {
  /** C2SP verifier key of a cosigner. */
  readonly vkey: string;
  /** Submission prefix. */
  readonly url: string;
}

/** `vkey|url`, comma separated. */
export const witnesses = z.string().transform((text, context) => {
  const found = text.split(',').map((entry): WitnessAddress => {
    const [vkey = '', url = '', ...more] = entry.split('|').map((part) => part.trim());
    const known =
      /^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/.test(vkey) &&
      ['http', 'https'].includes(schemeOf(url)) &&
      URL.canParse(url) &&
      more.length === 0;
    if (!known)
      context.addIssue({ code: 'custom', message: 'must be a comma list of verifier key|URL' });
    return { vkey, url };
  });
  const names = found.map(({ vkey }) => vkey.split('+', 1)[0]);
  // what follows name and key hash; two names of one key are one witness
  const keys = found.map(({ vkey }) => vkey.split('+').slice(2).join('+'));
  if (new Set(names).size < names.length || new Set(keys).size < keys.length)
    context.addIssue({ code: 'custom', message: 'names the same witness twice' });
  return found;
});

export const quorum = z
  .string()
  .regex(/^\d{1,2}$/, fault('must be a number of witnesses'))
  .transform(Number);

export const stampSeconds = z
  .string()
  .regex(/^\d{2,5}$/, fault('must be a number of seconds, 60 to 86400'))
  .transform(Number)
  .refine((n) => n >= 60 && n <= 86_400, fault('must be a number of seconds, 60 to 86400'));

export const yesNo = z
  .enum(['yes', 'no', 'true', 'false', '1', '0'], fault('must be yes or no'))
  .transform((text) => ['yes', 'true', '1'].includes(text));

/** `KEYS_URL` + `ca` → `KEYS_URL_CA`. */
export const forRole = (name: string, role: AuthorityRole): string =>
  `${name}_${role.toUpperCase()}`;
