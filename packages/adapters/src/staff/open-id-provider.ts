import {
  DomainError,
  providerWord,
  sha256Hex,
  utf8,
  type Clock,
  type SignInProvider,
} from '@mandate/core';
import * as client from 'openid-client';

export interface OpenIdSettings {
  /** Issuer, as the provider spells it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends people back to; registered there. */
  readonly redirectUri: string;
  readonly clock: Clock;
  /** Loopback without TLS: for development and tests. */
  readonly insecure?: boolean;
}

/** Seconds since the person showed the provider who they are, at most. */
const FRESH = 300;
/** Seconds that its clock may be ahead of ours. */
const SKEW = 60;

/**
 * OpenID Connect by authorization code with PKCE, state and nonce, all three drawn from the one challenge of the
 * try: what comes back fits this try or none. The ID token says when the person signed in (`auth_time`), which has to
 * be a moment ago, and not to come: a word from next year would be later than every later one, and nobody could come in
 * or agree after it. The provider's document is asked for when it is first needed, and
 * again after a failure.
 */
export function openIdProvider(settings: OpenIdSettings): SignInProvider {
  let found: Promise<client.Configuration> | undefined;
  const configuration = (): Promise<client.Configuration> => {
    const { issuer, clientId, clientSecret, insecure } = settings;
    found ??= client
      .discovery(new URL(issuer), clientId, clientSecret, undefined, {
        timeout: 10,
        // The token's signature is checked too, though it comes straight from the provider.
        execute: [
          client.enableNonRepudiationChecks,
          ...(insecure ? [client.allowInsecureRequests] : []),
        ],
      })
      .catch((cause: unknown) => {
        found = undefined;
        throw new DomainError('authority-unavailable', 'the identity provider does not answer', {
          cause,
        });
      });
    return found;
  };
  const drawn = (challenge: Uint8Array) => ({
    state: providerWord('state', challenge),
    nonce: providerWord('nonce', challenge),
    verifier: providerWord('verifier', challenge),
  });

  return {
    issuer: settings.issuer,

    async address(challenge, anew = false) {
      const { state, nonce, verifier } = drawn(challenge);
      const url = client.buildAuthorizationUrl(await configuration(), {
        ...{ redirect_uri: settings.redirectUri, scope: 'openid', state, nonce },
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // Whoever sits there shows once more who they are, and the provider says when they did.
        prompt: 'login',
        max_age: String(anew ? 0 : FRESH),
      });
      return url.href;
    },

    async signedIn(query, challenge) {
      const { state, nonce, verifier } = drawn(challenge);
      const config = await configuration();
      try {
        const back = new URL(settings.redirectUri);
        back.search = query;
        const tokens = await client.authorizationCodeGrant(config, back, {
          ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
          ...{ idTokenExpected: true, maxAge: FRESH },
        });
        const { sub: subject, auth_time: authTime } = tokens.claims()!;
        if (authTime! * 1000 > settings.clock.now().getTime() + SKEW * 1000)
          throw new DomainError('unauthenticated', 'the identity provider saw them in the future');
        const token = sha256Hex(utf8(tokens.id_token!));
        return { subject, nonce, authTime: Math.floor(authTime!), token };
      } catch (cause) {
        throw new DomainError('unauthenticated', 'the identity provider did not confirm this', {
          cause,
        });
      }
    },
  };
}
