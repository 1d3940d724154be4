import { expect, test } from '@jest/globals';
import { DomainError, fromHex } from '@mandate/core';
import {
  assembleCrl,
  basicConstraints,
  crlDistributionPoints,
  crlTbs,
  extendedKeyUsage,
  keyUsage,
  OID,
  parseToken,
} from '@mandate/pki';
import { createLog } from '@mandate/runtime';
import { makeAuthority, makeKey, type TestKey } from '../../../test/kit/authority.js';
import { LATER, makeToken } from '../../../test/kit/build-bundle.js';
import { authorityStatus } from './authority-status.js';

const authority = makeAuthority();
const URL = 'http://crl.example/root.crl';
const stamp = authority.issueLeaf('Listed Authority', authority.stampRoot, [
  basicConstraints(false),
  keyUsage('digitalSignature'),
  extendedKeyUsage([OID.timeStamping], true),
  crlDistributionPoints([URL]),
]);
const token = parseToken(makeToken(stamp, new Uint8Array(32), 200).token);
const crl = (signer: TestKey = authority.stampRoot, revoked = false): Uint8Array => {
  const { certificate } = authority.stampRoot;
  const tbs = crlTbs({
    issuer: certificate.subjectDer,
    thisUpdate: LATER,
    nextUpdate: new Date(LATER.getTime() + 86_400_000),
    number: 1,
    entries: revoked ? [{ serial: fromHex(stamp.certificate.serial), at: LATER }] : [],
    authorityKeyId: certificate.subjectKeyId!,
    suite: 'ecdsa-p256-sha256',
  });
  return assembleCrl(tbs, 'ecdsa-p256-sha256', signer.sign(tbs));
};

async function fetched(answer: (url: string) => Uint8Array, tokens = [token]) {
  const asked: string[] = [];
  const status = await authorityStatus({
    clock: { now: () => LATER },
    log: createLog({ service: 'test', level: 'silent' }),
    anchors: authority.anchors.timestamp,
    fetch: {
      crl: async (url) => {
        asked.push(url);
        return answer(url);
      },
      ocsp: async () => {
        throw new Error('names no such address');
      },
    },
  })(tokens);
  return { ...status, asked };
}

test('the list of the address in the certificate', async () => {
  const list = crl();
  expect(await fetched(() => list)).toEqual({ ocsps: [], crls: [list], asked: [URL] });
});

test('a revocation is kept: who verifies must see it', async () => {
  const list = crl(authority.stampRoot, true);
  expect((await fetched(() => list)).crls).toEqual([list]);
});

test('no address, nothing asked', async () => {
  const silent = parseToken(makeToken(authority.stamp, new Uint8Array(32), 200).token);
  expect(await fetched(() => crl(), [silent])).toEqual({ ocsps: [], crls: [], asked: [] });
});

test.each<[string, () => Uint8Array]>([
  ['signed by somebody else', () => crl(makeKey())],
  ['no list', () => Uint8Array.of(0x30, 0)],
  [
    'nobody there',
    () => {
      throw new DomainError('revocation-unavailable', 'down');
    },
  ],
])('%s: left out', async (_, answer) => {
  expect(await fetched(answer)).toEqual({ ocsps: [], crls: [], asked: [URL] });
});
