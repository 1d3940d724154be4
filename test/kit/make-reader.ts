import { createECDH } from 'node:crypto';
import { parseReaderJwk, toBase64Url, type ReaderJwk } from '@mandate/core';

/** A key pair as its owner has it. Tests only. */
export function makeReader(): ReaderJwk {
  const pair = createECDH('prime256v1');
  const point = pair.generateKeys();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)];
  // shorter without its leading zeros, which a JWK has (RFC 7518 6.2.2.1)
  const d = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32);
  const text = (bytes: Uint8Array): string => toBase64Url(new Uint8Array(bytes));
  return parseReaderJwk({ kty: 'EC', crv: 'P-256', x: text(x), y: text(y), d: text(d) });
}
