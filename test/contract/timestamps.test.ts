import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpTimestampAuthority } from '@mandate/adapters';
import { startHttpPeer, type HttpPeer } from './http-peer.js';
import { timestampContract } from './timestamp-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'mandate-tsa-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const openssl = (args: string): Buffer =>
  execFileSync('openssl', args.split(' '), { cwd: folder, stdio: 'pipe' });
const REPLY = { 'content-type': 'application/timestamp-reply' };

/** OpenSSL as the authority: its own key, certificate and answers. */
function makeOpensslAuthority(): void {
  writeFileSync(
    join(folder, 'tsa.cnf'),
    `[tsa]\ndefault_tsa=t\n[t]\nserial=${folder}/serial\nsigner_cert=tsa.crt\ncerts=tsa.crt\nsigner_key=tsa.key\n` +
      'signer_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\ness_cert_id_chain=no\n' +
      '[ext]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n' +
      '[req]\ndistinguished_name=dn\n[dn]\n',
  );
  writeFileSync(join(folder, 'serial'), '01');
  openssl('ecparam -genkey -name prime256v1 -noout -out tsa.key');
  openssl(
    'req -x509 -new -key tsa.key -subj /CN=tsa -days 2 -config tsa.cnf -extensions ext -out tsa.crt',
  );
}

function reply(query: Uint8Array): Buffer {
  writeFileSync(join(folder, 'query.tsq'), query);
  return openssl('ts -reply -config tsa.cnf -queryfile query.tsq');
}

timestampContract('http:', async () => {
  makeOpensslAuthority();
  const peer = await startHttpPeer();
  peer.answer = ({ body }, response) => response.writeHead(200, REPLY).end(reply(body));
  return {
    authority: httpTimestampAuthority(`http://127.0.0.1:${peer.port}/tsr`),
    makeRequest: (data) => {
      writeFileSync(join(folder, 'data'), data);
      return openssl('ts -query -data data -sha256 -cert');
    },
    accepts: (request, response) => {
      writeFileSync(join(folder, 'request.tsq'), request);
      writeFileSync(join(folder, 'response.tsr'), response);
      try {
        openssl('ts -verify -queryfile request.tsq -in response.tsr -CAfile tsa.crt');
        return true;
      } catch {
        return false;
      }
    },
    close: peer.close,
  };
});

describe('over HTTP', () => {
  let peer: HttpPeer;
  beforeAll(async () => {
    peer = await startHttpPeer();
  });
  afterAll(() => peer.close());
  const query = Uint8Array.of(0x30, 3, 2, 1, 1);
  const at = (timeoutMs = 2000) =>
    httpTimestampAuthority(`http://us%40er:pass@127.0.0.1:${peer.port}/tsr`, {
      operator: 'O',
      name: 'N',
      timeoutMs,
    });

  test('the query goes as RFC 3161 says, credentials in their header, the answer comes back as it is', async () => {
    peer.received.splice(0);
    peer.answer = (_, response) =>
      response.writeHead(200, { 'content-type': 'Application/Timestamp-Reply; x=1' }).end('abc');
    expect(Buffer.from(await at().stamp(query)).toString()).toBe('abc');
    expect(peer.received).toMatchObject([
      {
        method: 'POST',
        path: '/tsr',
        headers: {
          'content-type': 'application/timestamp-query',
          'content-length': '5',
          authorization: `Basic ${Buffer.from('us@er:pass').toString('base64')}`,
        },
        body: Buffer.from(query),
      },
    ]);
    expect([at().name, at().operator]).toEqual(['N', 'O']);
  });

  test.each<[string, HttpPeer['answer']]>([
    ['an error', (_, response) => response.writeHead(500, REPLY).end('x')],
    ['a redirect', (_, response) => response.writeHead(302, { location: '/' }).end()],
    ['a page', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('x')],
    ['no type', (_, response) => response.writeHead(200).end('x')],
    ['too much', (_, response) => response.writeHead(200, REPLY).end(Buffer.alloc(300_000))],
    ['a broken connection', (_, response) => response.destroy()],
    ['silence', () => {}],
    ['a stalled answer', (_, response) => void response.writeHead(200, REPLY).write('x')],
  ])('%s is timestamp-unavailable', async (_, answer) => {
    peer.answer = answer;
    await expect(at(200).stamp(query)).rejects.toMatchObject({ code: 'timestamp-unavailable' });
  });

  test('nobody there is timestamp-unavailable', async () => {
    const gone = await startHttpPeer();
    await gone.close();
    const authority = httpTimestampAuthority(`http://127.0.0.1:${gone.port}/`);
    await expect(authority.stamp(query)).rejects.toMatchObject({ code: 'timestamp-unavailable' });
  });

  test.each(['', 'builtin:', 'file:///x', 'tsa.example'])('the URL %j is config-invalid', (url) => {
    expect(() => httpTimestampAuthority(url)).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  });
});
