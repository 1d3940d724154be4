import { concat } from '@mandate/core';

/** SMPP 3.4, the parts a client that sends needs. Field sizes are the standard's (§5.2), terminator included. */
export const COMMAND = {
  genericNack: 0x80000000,
  bindTransceiver: 0x00000009,
  submitSm: 0x00000004,
  deliverSm: 0x00000005,
  unbind: 0x00000006,
  enquireLink: 0x00000015,
} as const;
/** Bit of a command's answer. */
export const RESPONSE = 0x80000000;
export const HEADER_BYTES = 16;
/** Far beyond any PDU of ours or of a receipt: longer ones end the session. */
export const MAX_PDU_BYTES = 4096;
const INTERFACE_VERSION = 0x34;

export const STATUS = {
  ok: 0x00000000,
  invalidCommandId: 0x00000003,
  temporaryReceiverError: 0x00000064,
} as const;

export interface Pdu {
  readonly command: number;
  readonly status: number;
  readonly sequence: number;
  readonly body: Uint8Array;
}

/** Not SMPP 3.4: the session cannot go on. */
export class PduError extends Error {}

export function writePdu({ command, status, sequence, body }: Pdu): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, HEADER_BYTES + body.length);
  view.setUint32(4, command);
  view.setUint32(8, status);
  view.setUint32(12, sequence);
  return concat(header, body);
}

/** Takes whole PDUs off the front of what has arrived. Throws `PduError`. */
export function takePdus(arrived: Uint8Array): { pdus: Pdu[]; rest: Uint8Array } {
  const pdus: Pdu[] = [];
  let rest = arrived;
  while (rest.length >= 4) {
    const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    const length = view.getUint32(0);
    if (length < HEADER_BYTES || length > MAX_PDU_BYTES)
      throw new PduError(`a PDU of ${length} bytes`);
    if (rest.length < length) break;
    const sequence = view.getUint32(12);
    if (sequence === 0 || sequence > 0x7fffffff) throw new PduError('sequence number out of range');
    pdus.push({
      command: view.getUint32(4),
      status: view.getUint32(8),
      sequence,
      body: rest.slice(HEADER_BYTES, length),
    });
    rest = rest.subarray(length);
  }
  return { pdus, rest };
}

/** Octets with a terminator; `max` counts it. Throws `PduError` for what does not fit or is not printable ASCII. */
export function cString(text: string, max: number): Uint8Array {
  if (!/^[ -~]*$/.test(text) || text.length >= max) throw new PduError('a field does not fit');
  return Uint8Array.from([...text, '\0'], (c) => c.charCodeAt(0));
}

/** Reads a body from its front, strictly: nothing beyond its end, strings terminated within their size. */
export class BodyReader {
  #at = 0;
  constructor(private readonly body: Uint8Array) {}

  byte(): number {
    const byte = this.body[this.#at++];
    if (byte === undefined) throw new PduError('body too short');
    return byte;
  }
  cString(max: number): string {
    const end = this.body.indexOf(0, this.#at);
    if (end < 0 || end - this.#at >= max) throw new PduError('a string without end');
    const text = String.fromCharCode(...this.body.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }
  bytes(length: number): Uint8Array {
    if (this.#at + length > this.body.length) throw new PduError('body too short');
    const bytes = this.body.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }
  /** Optional parameters up to the end. */
  options(): ReadonlyMap<number, Uint8Array> {
    const found = new Map<number, Uint8Array>();
    while (this.#at < this.body.length) {
      const [a, b, c, d] = this.bytes(4) as unknown as [number, number, number, number];
      found.set((a << 8) | b, this.bytes((c << 8) | d));
    }
    return found;
  }
  get done(): boolean {
    return this.#at === this.body.length;
  }
}

export const bindBody = (systemId: string, password: string, systemType: string): Uint8Array =>
  concat(
    cString(systemId, 16),
    cString(password, 9),
    cString(systemType, 13),
    Uint8Array.of(INTERFACE_VERSION, 0, 0),
    cString('', 41),
  );

export interface Submit {
  readonly source: string;
  readonly sourceTon: number;
  readonly sourceNpi: number;
  /** Digits alone; type of number and plan go with it. */
  readonly destination: string;
  readonly destinationTon: number;
  readonly part: { readonly coding: number; readonly header: boolean; readonly bytes: Uint8Array };
}

/** `submit_sm` that asks for a receipt, final result only. */
export const submitBody = (it: Submit): Uint8Array =>
  concat(
    cString('', 6),
    Uint8Array.of(it.sourceTon, it.sourceNpi),
    cString(it.source, 21),
    Uint8Array.of(it.destinationTon, 1),
    cString(it.destination, 21),
    // esm_class with the header bit, protocol, priority.
    Uint8Array.of(it.part.header ? 0x40 : 0, 0, 0),
    cString('', 17),
    cString('', 17),
    Uint8Array.of(1, 0, it.part.coding, 0, it.part.bytes.length),
    it.part.bytes,
  );
