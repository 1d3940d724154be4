import { isIP } from 'node:net';
import { DomainError, type Clock, type Random, type SmsReceipt } from '@mandate/core';

/** What every gateway is given beside its URL. */
export interface GatewayDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
  /** Keeps a receipt that came back over the session that sent; a rejection has it delivered again. */
  readonly onReceipt: (receipt: SmsReceipt) => Promise<void>;
}

/** A gateway's URL taken apart. */
export interface GatewayUrl {
  readonly scheme: string;
  /** To be called: no credentials, no query, no fragment. */
  readonly url: string;
  readonly host: string;
  readonly port: number | null;
  readonly user: string;
  readonly password: string;
  /** Throws `config-invalid` when it is missing. */
  query(name: string): string;
  optional(name: string): string | undefined;
  /** Another host of the same vendor, named in the query, as a URL to be called. Throws `config-invalid`. */
  beside(name: string): string | undefined;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** Networks of one's own, where a tunnel ends (RFC 1918, RFC 4193). */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[f[cd])/i;

/** Messages name the scheme alone: the rest may be a secret. Throws `config-invalid`. */
export function parseGatewayUrl(text: string): GatewayUrl {
  const match = /^(?:(alibaba|tencent)\+)?([a-z]+):\/\//.exec(text);
  const rest = match?.[1] ? text.slice(match[1].length + 1) : text;
  if (!match || !URL.canParse(rest))
    throw new DomainError('config-invalid', 'an SMS URL is not a URL');
  const scheme = match[1] ?? match[2]!;
  // `smpp:` is opaque to WHATWG URLs where hosts matter: read it as one of the special schemes.
  const url = new URL(rest.replace(/^[a-z]+:/, match[2] === 'http' ? 'http:' : 'https:'));
  const { hostname, port, searchParams, username, password } = url;
  const loopback = LOOPBACK.includes(hostname);
  const own = isIP(hostname.replace(/[[\]]/g, '')) > 0 && PRIVATE.test(hostname);
  const encrypted = ['https', 'smpps'].includes(match[2]!);
  if (!encrypted && !loopback && !(match[2] === 'smpp' && own))
    throw new DomainError(
      'config-invalid',
      `an SMS URL of scheme ${match[2]} would send codes in clear`,
    );
  const optional = (name: string): string | undefined => searchParams.get(name) ?? undefined;
  return {
    scheme: match[1] ?? match[2]!,
    url: `${match[2]}://${url.host}${url.pathname}`,
    host: hostname.replace(/[[\]]/g, ''),
    port: port === '' ? null : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    optional,
    beside: (name) => {
      const other = optional(name);
      if (other === undefined) return undefined;
      if (!/^[A-Za-z0-9.-]+(?::\d{1,5})?$/.test(other))
        throw new DomainError('config-invalid', `${name}= of an SMS URL is a host`);
      return parseGatewayUrl(`${match[2]}://${other}/`).url;
    },
    query: (name) => {
      const value = optional(name);
      if (!value) throw new DomainError('config-invalid', `an SMS URL (${scheme}) lacks ${name}=`);
      return value;
    },
  };
}
