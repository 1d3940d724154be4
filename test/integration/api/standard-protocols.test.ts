import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAnchors } from '@mandate/cli';
import { fromBase64Url } from '@mandate/core';
import { checkLedgerFiles, tilePath } from '@mandate/ledger';
import { loadConfig, verificationTools } from '@mandate/runtime';
import { until } from '../../kit/until.js';
import { subjectClient } from '../../kit/ceremony-client.mjs';
import { startApi, templateBody, type ApiInstance, type Tenant } from './api-instance.js';
import { prepare } from './ceremony.js';

/** What other people's software asks for, asked by openssl; then headers and cookies. */
let api: ApiInstance;
let tenant: Tenant;
let folder: string;
const at = (name: string) => join(folder, name);
const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const fetched = async (path: string, name: string) => {
  const response = await fetch(api.url + path);
  expect(response.status).toBe(200);
  writeFileSync(at(name), new Uint8Array(await response.arrayBuffer()));
  return response.headers.get('content-type');
};
const posted = async (path: string, type: string, query: string, reply: string) => {
  const response = await fetch(api.url + path, {
    method: 'POST',
    headers: { 'content-type': type },
    body: readFileSync(at(query)),
  });
  expect(response.status).toBe(200);
  writeFileSync(at(reply), new Uint8Array(await response.arrayBuffer()));
  return response.headers.get('content-type');
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mandate-openssl-'));
  api = await startApi();
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-1' },
    body: templateBody(),
  });
  for (const name of ['scene-root', 'scene-ca', 'seal-root', 'timestamp-root']) {
    expect(await fetched(`/pki/${name}.crt`, `${name}.crt`)).toBe('application/pkix-cert');
    openssl('x509', '-inform', 'DER', '-in', at(`${name}.crt`), '-out', at(`${name}.pem`));
  }
}, 60_000);
afterAll(async () => {
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('openssl', () => {
  test('ts: a token for a file, verified against the timestamp root alone', async () => {
    writeFileSync(at('data'), 'a letter');
    openssl('ts', '-query', '-data', at('data'), '-sha256', '-cert', '-out', at('q.tsq'));
    const type = await posted('/tsa', 'application/timestamp-query', 'q.tsq', 'r.tsr');
    expect(type).toBe('application/timestamp-reply');
    const verify = (root: string) =>
      openssl(
        ...['ts', '-verify', '-queryfile', at('q.tsq'), '-in', at('r.tsr')],
        ...['-CAfile', at(`${root}.pem`)],
      );
    expect(verify('timestamp-root')).toContain('Verification: OK');
    expect(() => verify('scene-root')).toThrow();
    expect(openssl('ts', '-reply', '-in', at('r.tsr'), '-text')).toContain('Status: Granted.');
  });

  test('ts: SHA-1 is refused in the protocol’s own words', async () => {
    openssl('ts', '-query', '-data', at('data'), '-sha1', '-out', at('old.tsq'));
    await posted('/tsa', 'application/timestamp-query', 'old.tsq', 'old.tsr');
    expect(openssl('ts', '-reply', '-in', at('old.tsr'), '-text')).toContain('Status: Rejected.');
  });

  test('ocsp: good by POST and by GET, revoked after void, unknown is unknown', async () => {
    const it = await prepare(api, tenant, 'confirmed');
    const issued = await api.call('POST', '/v1/signing/attempts', {
      cookie: it.cookie,
      headers: { 'x-requested-with': 'mandate' },
      body: it.key,
    });
    writeFileSync(at('scene.crt'), fromBase64Url(issued.json.certificate));
    openssl('x509', '-inform', 'DER', '-in', at('scene.crt'), '-out', at('scene.pem'));
    const chain = [readFileSync(at('scene-ca.pem')), readFileSync(at('scene-root.pem'))];
    writeFileSync(at('chain.pem'), Buffer.concat(chain));
    expect(openssl('x509', '-in', at('scene.pem'), '-noout', '-ocsp_uri').trim()).toBe(
      `${api.url}/ocsp`,
    );

    const ask = (...serial: string[]) => [
      ...['ocsp', '-issuer', at('scene-ca.pem'), ...serial, '-no_nonce'],
    ];
    openssl(...ask('-cert', at('scene.pem')), '-reqout', at('o.req'));
    const status = async (reply: string) =>
      openssl(
        ...ask('-cert', at('scene.pem')),
        ...['-respin', at(reply), '-CAfile', at('chain.pem'), '-text'],
      );
    expect(await posted('/ocsp', 'application/ocsp-request', 'o.req', 'post.der')).toBe(
      'application/ocsp-response',
    );
    expect(await status('post.der')).toMatch(/Cert Status: good/);

    const base64 = readFileSync(at('o.req')).toString('base64');
    expect(await fetched(`/ocsp/${encodeURIComponent(base64)}`, 'get.der')).toBe(
      'application/ocsp-response',
    );
    expect(await status('get.der')).toMatch(/Cert Status: good/);

    // a new attempt voids the unsigned one, whose certificate is revoked with it
    const browser = subjectClient(api.url, { now: api.now });
    await browser.newKey();
    await api.call('POST', '/v1/signing/attempts', {
      cookie: it.cookie,
      headers: { 'x-requested-with': 'mandate' },
      body: await browser.proven(it.view.challenge),
    });
    await posted('/ocsp', 'application/ocsp-request', 'o.req', 'revoked.der');
    expect(await status('revoked.der')).toMatch(/Cert Status: revoked/);

    expect(await fetched('/pki/scene.crl', 'scene.crl')).toBe('application/pkix-crl');
    const serial = openssl('x509', '-in', at('scene.pem'), '-noout', '-serial')
      .split('=')[1]!
      .trim();
    const crl = openssl(
      ...['crl', '-inform', 'DER', '-in', at('scene.crl'), '-noout', '-text'],
      ...['-CAfile', at('chain.pem')],
    );
    expect(crl).toContain(serial);

    openssl(...ask('-serial', '0x42'), '-reqout', at('u.req'));
    await posted('/ocsp', 'application/ocsp-request', 'u.req', 'u.der');
    const unknown = openssl('ocsp', '-respin', at('u.der'), '-noverify', '-text');
    expect(unknown).toMatch(/Cert Status: unknown|unauthorized/);
  }, 30_000);

  test('verify: the issuing certificate chains to its root, and not to the timestamps’', () => {
    const verify = (root: string) =>
      openssl('verify', '-CAfile', at(`${root}.pem`), at('scene-ca.pem'));
    expect(verify('scene-root')).toContain('OK');
    expect(() => verify('timestamp-root')).toThrow();
  });

  test('the whole ledger can be fetched and recomputed', async () => {
    await prepare(api, tenant, 'released');
    const bytes = async (path: string) => {
      const response = await fetch(`${api.url}/ledger/${path}`);
      if (response.status !== 200) return null;
      expect(response.headers.get('cache-control')).toContain('immutable');
      return new Uint8Array(await response.arrayBuffer());
    };
    const checkpoint = await (await fetch(`${api.url}/ledger/checkpoint`)).text();
    const checked = await checkLedgerFiles({
      checkpoint,
      vkeys: (await api.anchors()).ledger,
      getTile: (tile) => bytes(tilePath(tile)),
    });
    expect(checked.problems).toEqual([]);
    expect(checked.counts['letter']).toBeGreaterThanOrEqual(1);
    // whoever signs, seals, stamps or sequences has said so
    expect(checked.counts['key-event']).toBeGreaterThanOrEqual(8);
    for (const path of ['tile/0/999', 'tile/9/000', 'tile/0/000.p/0', 'tile/entries/..%2f000', 'x'])
      expect(await bytes(path)).toBeNull();
  });

  test('its head is stamped; openssl checks the token over the published bytes', async () => {
    await prepare(api, tenant, 'released');
    const stamp = (file: string) => fetch(`${api.url}/ledger/stamp/000.${file}`);
    await until(async () => (await stamp('tst')).ok);
    expect(await fetched('/ledger/stamp/000.tst', '000.tst')).toBe('application/timestamp-token');
    expect(await fetched('/ledger/stamp/000.note', '000.note')).toBe('text/plain; charset=utf-8');
    const verify = (root: string) =>
      openssl(
        ...['ts', '-verify', '-data', at('000.note'), '-in', at('000.tst'), '-token_in'],
        ...['-CAfile', at(`${root}.pem`)],
      );
    expect(verify('timestamp-root')).toContain('Verification: OK');
    expect(() => verify('scene-root')).toThrow();
    writeFileSync(at('000.note'), `${readFileSync(at('000.note'), 'utf8')}x`);
    expect(() => verify('timestamp-root')).toThrow();
    for (const path of ['000.x', '0.tst', '999.tst', 'x000/000.tst', '..%2fcheckpoint'])
      expect((await fetch(`${api.url}/ledger/stamp/${path}`)).status).toBe(404);
  }, 60_000);

  test('the published anchors are what verifiers load, and what the service itself uses', async () => {
    expect(await fetched('/pki/anchors.zip', 'anchors.zip')).toBe('application/zip');
    execFileSync('unzip', ['-q', at('anchors.zip'), '-d', folder]);
    const { anchors, unassigned } = loadAnchors([at('anchors')]);
    const { scene, seal, timestamp, ledger } = await api.anchors();
    expect([anchors, unassigned]).toEqual([
      { scene, seal, timestamp, ledger, identity: anchors.identity, receipt: anchors.receipt },
      [],
    ]);
    const keys = await (await fetch(`${api.url}/.well-known/mandate-keys.json`)).json();
    expect(anchors.receipt).toEqual(keys.keys);
  });

  test('the verifier is published with the digest that reports name', async () => {
    await fetched('/pki/mandate-verify.mjs', 'mandate-verify.mjs');
    await fetched('/pki/mandate-verify.mjs.sha256', 'sums');
    const said = execFileSync('sha256sum', ['--check', 'sums'], { cwd: folder, encoding: 'utf8' });
    expect(said).toBe('mandate-verify.mjs: OK\n');
    const tools = verificationTools()['mandate-verify.mjs'];
    expect(tools).toBe(`SHA-256 ${readFileSync(at('sums'), 'utf8').split(' ')[0]}`);
  });

  test('the ledger’s checkpoint and key are signed notes', async () => {
    await prepare(api, tenant, 'released');
    await fetched('/ledger/checkpoint', 'checkpoint');
    await fetched('/pki/ledger.vkey', 'vkey');
    const [origin, size, root, blank, signature] = readFileSync(at('checkpoint'), 'utf8').split(
      '\n',
    );
    expect([Number(size) > 0, root!.length, blank]).toEqual([true, 44, '']);
    expect(readFileSync(at('vkey'), 'utf8')).toMatch(/^\S+\+[0-9a-f]{8}\+\S+\n$/);
    expect(signature!.startsWith(`— ${origin} `)).toBe(true);
  }, 30_000);
});

describe('headers', () => {
  const PATHS = ['/', '/s', '/verify', '/docs', '/sandbox/sms', '/openapi.json', '/healthz', '/x'];

  test.each(PATHS)('%s: strict for every browser', async (path) => {
    const { headers } = await api.call('GET', path);
    const policy = new Map(
      (headers.get('content-security-policy') ?? '')
        .split(';')
        .map((part) => part.trim().split(/\s+/))
        .map(([name, ...values]) => [name!, values]),
    );
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    const script = policy.get('script-src')!;
    expect(script[0]).toBe("'self'");
    expect(script.join(' ')).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toMatch(/no-store/);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    for (const name of ['x-powered-by', 'server', 'etag', 'access-control-allow-origin'])
      expect([name, headers.get(name)]).toEqual([name, null]);
    const text = (await api.call('GET', path)).text;
    expect(text).not.toMatch(/ on\w+=|javascript:/i);
  });

  test('every page’s nonce is its own', async () => {
    const nonces = await Promise.all(
      [1, 2, 3].map(
        async () =>
          /nonce-([^']+)/.exec(
            (await api.call('GET', '/s')).headers.get('content-security-policy')!,
          )![1],
      ),
    );
    expect(new Set(nonces).size).toBe(3);
  });

  test('no other origin is ever told it may', async () => {
    for (const path of ['/v1/authorizations', '/v1/signing/open', '/v1/signing', '/tsa', '/verify'])
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const { headers } = await api.call(method, path, {
          headers: {
            origin: 'https://evil.example',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'x-requested-with,content-type',
          },
        });
        const granted = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
        expect([path, method, granted]).toEqual([path, method, []]);
      }
  });

  test('the visit’s cookie: out of reach of scripts and other sites', async () => {
    const it = await prepare(api, tenant, 'opened');
    const { headers } = await api.call('POST', '/v1/signing/open', {
      headers: { 'x-requested-with': 'mandate' },
      body: { token: it.token },
    });
    const [pair, ...attributes] = headers.get('set-cookie')!.split('; ');
    expect(pair).toMatch(/^mandate_visit=[A-Za-z0-9_-]{43}$/);
    expect(attributes.filter((name) => !name.startsWith('Expires=')).sort()).toEqual([
      'HttpOnly',
      'Path=/v1/signing',
      'SameSite=Strict',
    ]);
  });

  test('files to keep are named after who they belong to, never opened in the page', async () => {
    const it = await prepare(api, tenant, 'released');
    for (const path of ['letter', 'bundle']) {
      const { headers } = await api.call('GET', `/v1/authorizations/${it.id}/${path}`, {
        key: tenant.apiKey,
      });
      expect(headers.get('content-disposition')).toMatch(
        /^attachment; filename="M\d{8}-[0-9A-Z]+\.\w+"$/,
      );
    }
  }, 30_000);
});

test('behind https the cookie is Secure and the browser told to stay with https', async () => {
  const secure = await startApi({ PUBLIC_URL: 'https://sign.example.com' });
  try {
    const theirs = await secure.tenant();
    const headers = { 'idempotency-key': 'template-1' };
    await secure.publish({
      key: theirs.apiKey,
      headers,
      body: templateBody(),
    });
    const it = await prepare(secure, theirs, 'opened');
    expect(it.link).toMatch(/^https:\/\/sign\.example\.com\/s#/);
    const opened = await secure.call('POST', '/v1/signing/open', {
      headers: { 'x-requested-with': 'mandate' },
      body: { token: it.token },
    });
    expect(opened.headers.get('set-cookie')).toMatch(/; Secure(;|$)/);
    expect(opened.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
  } finally {
    await secure.stop();
  }
}, 60_000);

test('production has no sandbox: the configuration refuses it', () => {
  const env = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://sign.example.com',
    LEDGER_ORIGIN: 'sign.example.com/ledger',
    DATABASE_URL: 'postgres://web@db/mandate',
    OBJECTS_URL: 'file:/objects',
    AUTHORITY_URL: 'https://authority.internal',
    AUTHORITY_CALLER_KEY: 'k'.repeat(43),
    TRUSTED_PROXIES: '1',
  };
  expect(() => loadConfig('web', { ...env, SMS_URL: 'sandbox:' })).toThrow(/SMS_URL/);
  expect(() => loadConfig('worker', env)).toThrow(/SMS_URL/);
  expect(loadConfig('web', { ...env, SMS_URL: 'https://sms.example' }).smsUrl).toBe(
    'https://sms.example',
  );
});
