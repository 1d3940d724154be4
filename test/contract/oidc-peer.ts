import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, decodeJwt, type JWTPayload } from 'jose';
import Provider from 'oidc-provider';

export interface OidcPeer {
  readonly issuer: string;
  /** What a browser does that is sent to `address` by somebody who signs in as `login`: where it is sent back to. */
  signIn(address: string, login: string): Promise<URL>;
  /** What a broken or hostile provider says in the ID tokens it gives from here on; null: the truth. */
  lie(change: ((claims: JWTPayload) => JWTPayload) | null, key?: 'own' | 'other'): void;
  stop(): Promise<void>;
}

/** A real OpenID provider in this process, with one client and a login page that takes any name. */
export async function oidcPeer(client: {
  id: string;
  secret: string;
  redirectUri: string;
}): Promise<OidcPeer> {
  let handle: ((request: unknown, response: unknown) => void) | undefined;
  const server = createServer((request, response) => handle!(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'peer' };
  const { privateKey: otherKey } = await generateKeyPair('RS256');
  let lie: ((claims: JWTPayload) => JWTPayload) | null = null;
  let signer = privateKey;
  const provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    cookies: { keys: ['only a test'] },
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id }),
    }),
  });
  provider.use(async (context, next) => {
    await next();
    const { id_token: told } = (context.body ?? {}) as { id_token?: string };
    if (!lie || !told) return;
    const token = new SignJWT(lie(decodeJwt(told)));
    const signed = await token.setProtectedHeader({ alg: 'RS256', kid: 'peer' }).sign(signer);
    context.body = { ...(context.body as object), id_token: signed };
  });
  handle = provider.callback();

  return {
    issuer,
    lie: (change, by = 'own') => {
      lie = change;
      signer = by === 'own' ? privateKey : otherKey;
    },
    async signIn(address, login) {
      const jar = new Map<string, string>();
      const go = async (url: URL, form?: Record<string, string>): Promise<Response> => {
        const response = await fetch(url, {
          redirect: 'manual',
          ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
          headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        });
        for (const line of response.headers.getSetCookie()) {
          const [name, value] = line.split(';')[0]!.split('=') as [string, string];
          jar.set(name, value);
        }
        return response;
      };
      let url = new URL(address);
      for (let hop = 0; hop < 20; hop++) {
        if (url.href.startsWith(client.redirectUri)) return url;
        const response = await go(url);
        const next = response.headers.get('location');
        if (next) {
          url = new URL(next, issuer);
          continue;
        }
        const page = await response.text();
        const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
        if (!prompt) throw new Error(`the provider said ${response.status}: ${page.slice(0, 300)}`);
        const answered = await go(url, {
          prompt,
          ...(prompt === 'login' ? { login, password: 'x' } : {}),
        });
        url = new URL(answered.headers.get('location')!, issuer);
      }
      throw new Error('too many redirects');
    },
    stop: () => new Promise((done) => server.close(() => done())),
  };
}
