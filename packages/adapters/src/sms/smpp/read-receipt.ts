import { smsCode, type SmsReceipt } from '@mandate/core';
import { BodyReader } from './pdu.js';

/** message_state (SMPP 3.4 §5.2.28): only final ones are told. */
const FINAL: Readonly<Record<number, readonly [SmsReceipt['status'], string]>> = {
  2: ['delivered', 'DELIVRD'],
  3: ['failed', 'EXPIRED'],
  4: ['failed', 'DELETED'],
  5: ['failed', 'UNDELIV'],
  8: ['failed', 'REJECTD'],
};
const RECEIPTED_MESSAGE_ID = 0x001e;
const MESSAGE_STATE = 0x0427;
const PAYLOAD = 0x0424;

/**
 * What a `deliver_sm` says of a message we sent, from its optional parameters or the customary text (appendix B);
 * null for replies of subscribers and states that are not final. Throws `PduError`.
 */
export function readReceipt(body: Uint8Array): Omit<SmsReceipt, 'gateway'> | null {
  const reader = new BodyReader(body);
  reader.cString(6);
  reader.bytes(2);
  reader.cString(21);
  reader.bytes(2);
  reader.cString(21);
  const esmClass = reader.byte();
  reader.bytes(2);
  reader.cString(17);
  reader.cString(17);
  reader.bytes(4);
  const message = reader.bytes(reader.byte());
  const options = reader.options();
  if ((esmClass & 0x3c) !== 0x04) return null;

  const text = String.fromCharCode(...(message.length ? message : (options.get(PAYLOAD) ?? [])));
  const state = options.get(MESSAGE_STATE)?.[0];
  const id = idFrom(options.get(RECEIPTED_MESSAGE_ID)) ?? /\bid:(\S{1,64})/i.exec(text)?.[1];
  const word = /\bstat:([A-Z]{2,10})/i.exec(text)?.[1]?.toUpperCase();
  const final =
    state === undefined ? Object.values(FINAL).find(([, said]) => said === word) : FINAL[state];
  if (!id || !final) return null;
  const error = /\berr:(\S{1,10})/i.exec(text)?.[1];
  return {
    messageId: id,
    status: final[0],
    code: smsCode(error ? `${final[1]}-${error}` : final[1]),
  };
}

function idFrom(value: Uint8Array | undefined): string | null {
  if (!value) return null;
  const id = String.fromCharCode(...value).replace(/\0$/, '');
  return /^[\x21-\x7e]{1,64}$/.test(id) ? id : null;
}
