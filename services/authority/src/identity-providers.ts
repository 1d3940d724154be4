import { httpIdentityProvider, ProviderDown, simulatedIdentity } from '@mandate/adapters';
import {
  DomainError,
  isDomainError,
  type Clock,
  type IdentityAddress,
  type IdentityProvider,
  type KeyStore,
  type PublicAnchors,
} from '@mandate/core';
import { breaker } from '@mandate/sign';

/** Who can be asked, wired: each with its shared secret, the key that must sign its answers, and breakers. */
export const openIdentityProviders = (
  addresses: readonly IdentityAddress[],
  deps: {
    readonly clock: Clock;
    readonly keys: KeyStore;
    readonly anchors: NonNullable<PublicAnchors['identity']>;
  },
): Promise<readonly IdentityProvider[]> =>
  Promise.all(
    addresses.map(async (address) => {
      if (address.url === 'simulated:') return simulatedIdentity(deps.clock, address.checks);
      const { name } = address;
      const key = deps.anchors.find(({ provider }) => provider === name);
      if (!key)
        throw new DomainError(
          'key-unavailable',
          `no public key identity/${name}.pem among the trust anchors`,
        );
      const secret = await deps.keys.secret(`identity-${name}`);
      return guardedProvider(
        httpIdentityProvider(address, { secret, publicKey: key.publicKey, clock: deps.clock }),
        deps.clock,
      );
    }),
  );

/**
 * One that fails again and again is passed over for a while, so that nobody waits for it in vain: for the check that
 * fails, and by nothing that a question can bring about, so that nobody shuts it for others.
 */
export function guardedProvider(provider: IdentityProvider, clock: Clock): IdentityProvider {
  const breakers = new Map(provider.checks.map((check) => [check, breaker(clock)]));
  return {
    ...provider,
    async ask(question) {
      const state = breakers.get(question.check);
      if (state?.openUntil())
        throw new DomainError('identity-unavailable', `${provider.name} is passed over for now`);
      try {
        const answer = await provider.ask(question);
        state?.succeeded();
        return answer;
      } catch (error) {
        if (isDomainError(error) && error.cause instanceof ProviderDown) state?.failed();
        throw error;
      }
    },
  };
}
