import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canonicalBytes,
  concat,
  hmacSha256,
  IDENTITY_ANSWER_PREFIX,
  toBase64Url,
  toHex,
  utf8,
  type IdentityAnswerBody,
} from '@mandate/core';
import { toPem } from '@mandate/evidence';
import { startHttpPeer, type HttpPeer } from '../contract/http-peer.js';
import { makeKey, type TestKey } from './authority.js';

/** A provider as docs/identity.md describes it, on a real socket. Tests make it misbehave. */
export interface IdentityPeer {
  readonly name: string;
  readonly http: HttpPeer;
  readonly secret: Uint8Array;
  readonly key: TestKey;
  /** Entry of IDENTITY_PROVIDERS. */
  readonly address: string;
  /** What the next answers are changed into before they are signed. */
  change: (answer: IdentityAnswerBody) => IdentityAnswerBody;
  /** Signs in place of the provider. */
  signer: TestKey;
  /** Instead of an answer. */
  status: number;
  /** Every answer given, as sent. */
  readonly given: string[];
  /** Sends this instead. */
  replay: string | undefined;
}

let numbers = 0;

export async function startIdentityPeer(
  name: string,
  checks: string,
  now: () => Date = () => new Date(),
): Promise<IdentityPeer> {
  const http = await startHttpPeer();
  const key = makeKey();
  const peer: IdentityPeer = {
    name,
    http,
    secret: new Uint8Array(32).fill(name.length),
    key,
    address: `${name}|Test ${name}|${checks}|http://127.0.0.1:${http.port}/check`,
    change: (answer) => answer,
    signer: key,
    status: 200,
    given: [],
    replay: undefined,
  };
  http.answer = ({ body, headers }, response) => {
    const timestamp = String(headers['mandate-timestamp']);
    const expected = toHex(hmacSha256(peer.secret, concat(utf8(`${timestamp}.`), body)));
    if (headers['mandate-signature'] !== `v1=${expected}`) return response.writeHead(401).end();
    if (peer.status !== 200) return response.writeHead(peer.status).end();
    const question = JSON.parse(body.toString('utf8'));
    const answer = canonicalBytes(
      peer.change({
        format: 'mandate-identity-answer/v1',
        provider: name,
        check: question.check,
        binding: question.binding,
        outcome: 'match',
        reference: `${name}-${++numbers}`,
        at: `${now().toISOString().slice(0, 19)}Z`,
      }),
    );
    const signature = peer.signer.sign(concat(utf8(IDENTITY_ANSWER_PREFIX), answer));
    const text =
      peer.replay ??
      JSON.stringify({ body: toBase64Url(answer), signature: toBase64Url(signature) });
    peer.given.push(text);
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  };
  return peer;
}

/** Trust folder and role ra's keys as an operator lays them out for these providers, and the variables for them. */
export async function identityEnvironment(
  peers: readonly IdentityPeer[],
): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'mandate-identity-'));
  const [trust, ra] = [join(folder, 'trust'), join(folder, 'ra')];
  await mkdir(join(trust, 'identity'), { recursive: true });
  await mkdir(ra, { mode: 0o700 });
  for (const { name, key, secret } of peers) {
    await writeFile(join(trust, 'identity', `${name}.pem`), toPem('PUBLIC KEY', key.spki));
    await writeFile(join(ra, `identity-${name}.secret`), `${toBase64Url(secret)}\n`, {
      mode: 0o600,
    });
  }
  return {
    TRUST_DIR: trust,
    KEYS_URL_RA: `file:${ra}`,
    IDENTITY_PROVIDERS: peers.map(({ address }) => address).join(','),
  };
}
