/** One `short_message`: at most 140 octets as UCS-2, 160 characters in the default alphabet. */
export interface MessagePart {
  /** SMPP data_coding: 8 is UCS-2, 0 the centre's default alphabet. */
  readonly coding: 0 | 8;
  /** Whether `bytes` begin with a user data header. */
  readonly header: boolean;
  readonly bytes: Uint8Array;
}

/** More parts than any message of ours needs. */
const MAX_PARTS = 10;

/** Characters that are the same octet in ASCII and in GSM 03.38, where a centre may read either. */
const SHARED = /^[\n\r\x20-\x23\x25-\x3f\x41-\x5a\x61-\x7a]*$/;

/**
 * A text as parts (3GPP TS 23.040 §9.2.3.24.1): whole if it fits, else each with a concatenation header of six
 * octets under the 8-bit reference. No character of two code units is cut in half. Null when it is too long.
 */
export function splitMessage(text: string, reference: number): readonly MessagePart[] | null {
  const shared = SHARED.test(text);
  const coding = shared ? 0 : 8;
  const [whole, each] = shared ? [160, 153] : [70, 67];
  const encode = shared ? latin : ucs2;
  if (text.length <= whole) return [{ coding, header: false, bytes: encode(text) }];
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + each, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    pieces.push(text.slice(at, end));
    at = end;
  }
  if (pieces.length > MAX_PARTS) return null;
  return pieces.map((piece, i) => {
    const body = encode(piece);
    const bytes = new Uint8Array(6 + body.length);
    bytes.set([0x05, 0x00, 0x03, reference & 0xff, pieces.length, i + 1]);
    bytes.set(body, 6);
    return { coding, header: true, bytes };
  });
}

const latin = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Big-endian code units. */
function ucs2(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i));
  return bytes;
}
