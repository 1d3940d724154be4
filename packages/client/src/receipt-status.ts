import { CLOCK_SKEW_SECONDS, type Receipt } from './receipt.js';
import { bytesOf, refuse, verifySignedJson, type KeySet } from './signed-json.js';

/** `suspended`: disputed, for now; `invalid`: withdrawn, released or ended. Act on `valid` alone. */
export type ReceiptStatus = 'valid' | 'invalid' | 'suspended';

/** Far more than any list of ours unpacks to; a list that does not end is refused. */
const LARGEST_LIST = 1 << 20;

/**
 * Looks a receipt up in the status list from `receipt.status.uri` (IETF Token Status List). The list
 * holds thousands of receipts, so whoever fetches it does not tell whom the query is about.
 * Throws `MandateSignatureError`: `malformed`, `algorithm-refused`, `type-mismatch`, `key-unknown`,
 * `signature-mismatch`, `expired`, `in-the-future`, `list-mismatch`, `index-out-of-range`.
 */
export async function checkStatus(
  list: string,
  receipt: Pick<Receipt, 'issuer' | 'status'>,
  check: {
    readonly keys: KeySet;
    /** Milliseconds since 1970. */
    readonly now: number;
  },
): Promise<ReceiptStatus> {
  const payload = await verifySignedJson(list, 'statuslist+jwt', check.keys);
  const { iss, sub, iat, exp, status_list: packed } = payload;
  if (!Number.isSafeInteger(iat) || !Number.isSafeInteger(exp)) refuse('malformed');
  if (check.now >= Number(exp) * 1000) refuse('expired');
  if (Number(iat) * 1000 > check.now + CLOCK_SKEW_SECONDS * 1000) refuse('in-the-future');
  if (iss !== receipt.issuer || sub !== receipt.status.uri) refuse('list-mismatch');
  const { bits, lst } = (packed ?? {}) as { bits?: unknown; lst?: unknown };
  if ((bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) || typeof lst !== 'string')
    refuse('malformed');
  const bytes = await inflate(bytesOf(lst) ?? refuse('malformed'));
  const at = receipt.status.index * bits;
  const byte = receipt.status.index < 0 ? undefined : bytes[Math.floor(at / 8)];
  if (byte === undefined) refuse('index-out-of-range');
  const status = (byte >> (at % 8)) & ((1 << bits) - 1);
  // Values nobody agreed on are no permission.
  return status === 0 ? 'valid' : status === 2 ? 'suspended' : 'invalid';
}

/** ZLIB (RFC 1950), as the list's draft has it. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  const whole = new Uint8Array(LARGEST_LIST);
  let length = 0;
  try {
    for (const reader = unpacked.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) return whole.subarray(0, length);
      if (length + value.length > LARGEST_LIST) {
        void reader.cancel();
        break;
      }
      whole.set(value, length);
      length += value.length;
    }
  } catch {
    // not deflated, or cut
  }
  return refuse('malformed');
}
