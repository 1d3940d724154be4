import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TimestampAuthority } from '@mandate/core';

export interface TimestampAuthorityUnderTest {
  readonly authority: TimestampAuthority;
  /** An independent DER TimeStampReq, and an independent judge of the answer to it. */
  makeRequest(data: Uint8Array): Uint8Array;
  accepts(request: Uint8Array, response: Uint8Array): boolean;
  close(): Promise<void>;
}

/** What every timestamp authority behind the port promises. */
export function timestampContract(
  adapter: string,
  start: () => Promise<TimestampAuthorityUnderTest>,
): void {
  describe(`timestamp authority: ${adapter}`, () => {
    let peer: TimestampAuthorityUnderTest;
    beforeAll(async () => {
      peer = await start();
    });
    afterAll(() => peer.close());

    test('has a name and an operator', () => {
      expect(peer.authority.name).not.toBe('');
      expect(peer.authority.operator).not.toBe('');
    });

    test('answers a request with a token that an independent judge accepts for it alone', async () => {
      const request = peer.makeRequest(Uint8Array.of(1, 2, 3));
      const other = peer.makeRequest(Uint8Array.of(1, 2, 4));
      const response = await peer.authority.stamp(request);
      expect(peer.accepts(request, response)).toBe(true);
      expect(peer.accepts(other, response)).toBe(false);
    });

    test('a refusal is an answer, not an error', async () => {
      const response = await peer.authority.stamp(Uint8Array.of(0x30, 0));
      // TimeStampResp { PKIStatusInfo { status rejection(2) … } } without a token.
      expect(response[0]).toBe(0x30);
      expect(peer.accepts(peer.makeRequest(Uint8Array.of(1)), response)).toBe(false);
    });
  });
}
