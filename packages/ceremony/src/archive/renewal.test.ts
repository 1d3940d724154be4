import { expect, test } from '@jest/globals';
import { isDomainError } from '@mandate/core';
import { der, parseToken, readDer, SUNSETS, type Token } from '@mandate/pki';
import { makeAuthority } from '../../../../test/kit/authority.js';
import { makeToken } from '../../../../test/kit/build-bundle.js';
import { authorityPath, renewalOf } from './renewal.js';

const authority = makeAuthority();
const anchors = authority.anchors.timestamp;
const made = parseToken(makeToken(authority.stamp, new Uint8Array(32), 100).token);

/** The token with other members of its SignedData; the last is the set of signers. */
function remade(change: (members: Uint8Array[]) => Uint8Array[]): Token {
  const spoil = (token: Uint8Array): Uint8Array => {
    const [type, content] = readDer(token).children;
    const members = content!.children[0]!.children.map(({ bytes }) => bytes);
    return der.sequence(type!.bytes, der.context(0, der.sequence(...change(members))));
  };
  return parseToken(makeToken(authority.stamp, new Uint8Array(32), 100, { der: spoil }).token);
}

test('the path of a good token ends in its anchor', () => {
  const path = authorityPath(made, anchors).map(({ der: bytes }) => bytes);
  expect(path).toEqual([authority.stamp.certificate.der, anchors[0]]);
  const { renewFrom, renewBy } = renewalOf(made, SUNSETS, anchors);
  expect(made.info.genTime < renewFrom && renewFrom < renewBy).toBe(true);
});

test.each<[string, (members: Uint8Array[]) => Uint8Array[]]>([
  ['no signer', (members) => [...members.slice(0, -1), der.set()]],
  [
    'two signers',
    (members) => {
      const [signer] = readDer(members.at(-1)!).children;
      return [...members.slice(0, -1), der.set(signer!.bytes, signer!.bytes)];
    },
  ],
  // version, digests, content, [0] certificates, signers
  ['no certificate of its signer', (members) => members.filter((_, i) => i !== 3)],
])('a token with %s is refused by name', (_, change) => {
  for (const use of [
    (token: Token) => authorityPath(token, anchors),
    (token: Token) => renewalOf(token, SUNSETS, anchors),
  ]) {
    let error: unknown;
    try {
      use(remade(change));
    } catch (thrown) {
      error = thrown;
    }
    expect(isDomainError(error, 'format-timestamp')).toBe(true);
  }
});
