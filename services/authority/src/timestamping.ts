import { DomainError, toUtcSeconds, type Authority, type TimestampAuthority } from '@mandate/core';
import { readTimestampRoots } from '@mandate/adapters';
import { breaker, requestToken, timestampAuthority } from '@mandate/sign';
import type { AuthorityParts } from './service.js';

/** Role tsa: tokens from the authorities in order, each under its own roots, and the built-in one for all. */
export async function timestamping(parts: AuthorityParts): Promise<Authority['tsa']> {
  const given = parts.timestampAuthorities.length > 0 ? parts.timestampAuthorities : ['built-in'];
  const respond = given.includes('built-in')
    ? timestampAuthority({
        ...parts,
        key: await parts.keys('tsa').signingKey('tsa'),
        onProblem: (err) =>
          parts.log.error({ err }, 'the built-in timestamp authority cannot sign'),
      })
    : async (): Promise<Uint8Array> => {
        throw new DomainError(
          'not-found',
          'this installation has no timestamp authority of its own',
        );
      };
  const builtIn: TimestampAuthority = { name: 'built-in', operator: 'self', stamp: respond };
  const authorities = given.map((it) => (typeof it === 'string' ? builtIn : it));
  const roots = await readTimestampRoots(
    parts.trustFolder,
    authorities.map(({ name }) => name),
  );
  if (new Set(authorities.map(({ operator }) => operator)).size < 2)
    parts.log[parts.distinctOperators ? 'error' : 'info'](
      parts.distinctOperators
        ? 'one operator only: letters stay at level B-T, a second is needed to archive them'
        : 'one operator stamps both signatures and archives: fit for development only',
    );
  const deps = {
    clock: parts.clock,
    random: parts.random,
    authorities: authorities.map((authority) => ({
      authority,
      anchors: roots.get(authority.name)!,
      accuracySeconds: 1,
      breaker: breaker(parts.clock),
    })),
    onProblem: (name: string, err: unknown) =>
      parts.log.warn({ authority: name, err }, 'no valid token'),
  };
  return {
    token: async ({ digest, otherThan = [] }) => {
      const others = authorities.some(({ operator }) => !otherThan.includes(operator));
      if (!others && parts.distinctOperators)
        throw new DomainError(
          'timestamp-unavailable',
          'a second stamp needs an authority of another operator, and none is configured',
        );
      const { genTime, ...token } = await requestToken(deps, digest, others ? otherThan : []);
      return { ...token, genTime: toUtcSeconds(genTime) };
    },
    respond: async ({ der }) => ({ der: await respond(der) }),
  };
}
