import { bytesEqual } from '@mandate/core';
import type { RaDeps } from './challenge.js';
import { newCode, openCode, sealCode } from './code.js';

/** What a code's row says of its code, signing or own. */
export interface RoutedCode {
  readonly codeMac: Uint8Array | null;
  readonly sealedCode: Uint8Array | null;
  readonly codeOrdinal: number;
  readonly codeGateway: string | null;
}

/**
 * The code that goes through this gateway: the same as before where it went before, a new one where it did not. So
 * no two gateways ever know the same code, and a message that one of them kept back opens nothing. Null when the
 * challenge died meanwhile.
 */
export async function codeThrough(
  deps: Pick<RaDeps, 'random' | 'secret' | 'record'>,
  kind: 'signing' | 'own',
  id: string,
  gateway: string,
  read: () => Promise<RoutedCode | null>,
  mac: (code: string) => Uint8Array,
): Promise<{ code: string; ordinal: number } | null> {
  const { record, random, secret } = deps;
  // Whoever loses to another delivery looks again; both cannot lose for ever, since deliveries are counted.
  for (let look = 0; look < 5; look++) {
    const row = await read();
    if (!row?.sealedCode || !row.codeMac) return null;
    const ordinal = row.codeOrdinal;
    if (row.codeGateway === gateway) return { code: openCode(secret, id, row.sealedCode), ordinal };
    if (row.codeGateway === null) {
      if (await record.routeCode({ kind, id, ordinal, gateway }))
        return { code: openCode(secret, id, row.sealedCode), ordinal };
      continue;
    }
    let code = newCode(random);
    while (bytesEqual(mac(code), row.codeMac)) code = newCode(random);
    const fresh = { codeMac: mac(code), sealedCode: sealCode(secret, id, code, random) };
    if (await record.routeCode({ kind, id, ordinal, gateway, fresh }))
      return { code, ordinal: ordinal + 1 };
  }
  return null;
}
