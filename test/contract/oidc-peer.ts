import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface OidcPeer {
  readonly issuer: string;
  /** What a browser does that is sent to `address` by somebody who signs in as `login`: where it is sent back to. */
  signIn(address: string, login: string): Promise<URL>;
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
  const provider = new Provider(issuer, {
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
  handle = provider.callback();

  return {
    issuer,
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
