import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSms } from '@mandate/adapters';
import type { Sms, SmsReceipt } from '@mandate/core';
import { startMessageCentre, type CentreEvent, type MessageCentre } from './message-centre.js';
import { given, sampleMessage, smsContract, type Accepted } from './sms-contract.js';

const gateway = (port: number, options: Partial<Parameters<typeof openSms>[1]> = {}): Sms =>
  openSms(`smpp://mandate:secret@127.0.0.1:${port}?source=10690001`, { ...given, ...options })[0]!;

/** As a phone joins what the centre received: by reference and number of the part (3GPP TS 23.040). */
function joined(events: readonly CentreEvent[]): { phone: string; text: string }[] {
  const messages = new Map<string, { phone: string; parts: string[]; of: number }>();
  for (const { event, to, hex, esm, coding } of events) {
    if (event !== 'submit') continue;
    let bytes = Buffer.from(String(hex), 'hex');
    let [reference, of, number] = [`whole-${messages.size}`, 1, 1];
    if (Number(esm) & 0x40) {
      expect([...bytes.subarray(0, 3)]).toEqual([5, 0, 3]);
      [reference, of, number] = [`${to}-${bytes[3]}`, bytes[4]!, bytes[5]!];
      bytes = bytes.subarray(6);
    }
    expect(Number(hex && String(hex).length / 2)).toBeLessThanOrEqual(
      140 + (coding === 0 ? 20 : 0),
    );
    const message = messages.get(reference) ?? { phone: String(to), parts: [], of };
    message.parts[number - 1] =
      coding === 8 ? bytes.swap16().toString('utf16le') : bytes.toString('latin1');
    messages.set(reference, message);
  }
  return [...messages.values()].flatMap(({ phone, parts, of }) =>
    parts.filter(Boolean).length === of ? [{ phone, text: parts.join('') }] : [],
  );
}

smsContract('smpp:', { once: false, voice: false }, async () => {
  const centre = await startMessageCentre('secret');
  // Two messages to one number must not draw the same reference: the phone would mix them.
  let drawn = 0;
  const random = { bytes: (n: number) => new Uint8Array(n).fill(++drawn) };
  return {
    sms: gateway(centre.port, { random }),
    delivered: async () => {
      // what it heard comes by another pipe than its answers: until nothing has come for a while
      for (let heard = -1; heard !== centre.events.length;) {
        heard = centre.events.length;
        await new Promise((done) => setTimeout(done, 300));
      }
      return joined(centre.events);
    },
    breakDown: centre.close,
    close: centre.close,
  };
});

describe('smpp: a message centre on Net::SMPP', () => {
  let centre: MessageCentre;
  let sms: Sms;
  const receipts: SmsReceipt[] = [];
  let heard: () => void = () => undefined;
  beforeAll(async () => {
    centre = await startMessageCentre('secret');
    const onReceipt = async (receipt: SmsReceipt) => {
      receipts.push(receipt);
      heard();
    };
    sms = gateway(centre.port, { onReceipt, timeoutMs: 2000 });
  });
  afterAll(async () => {
    await sms.close();
    await centre.event('unbind');
    await centre.close();
  });
  const send = (phone: string) => sms.send({ ...sampleMessage, phone });

  test('binds once as SMPP 3.4, answers enquire_link, asks for receipts and gets one per part', async () => {
    const outcome = await send('+8613800138000');
    const { messageIds } = outcome as Accepted;
    expect(messageIds).toHaveLength(2);
    while (receipts.length < 2) await new Promise<void>((resolve) => (heard = resolve));
    expect(receipts).toEqual(
      messageIds.map((messageId) => ({
        gateway: 'smpp',
        messageId,
        status: 'delivered',
        code: 'DELIVRD-000',
      })),
    );
    expect(await centre.event('bind')).toMatchObject({ system: 'mandate', version: 0x34, good: 1 });
    // enquire_link_resp, then two deliver_sm_resp, all in order
    for (const [nth, command] of ['80000015', '80000005', '80000005'].entries())
      expect(await centre.event('answer', nth + 1)).toMatchObject({ command, status: 0 });
    expect(await centre.event('submit')).toMatchObject({
      to: '8613800138000',
      ton: 1,
      from: '10690001',
      coding: 8,
      registered: 1,
    });
    expect(centre.events.filter(({ event }) => event === 'bind')).toHaveLength(1);
  });

  test('a receipt may say that it failed', async () => {
    const { messageIds } = (await send('13800138094')) as Accepted;
    while (receipts.length < 4) await new Promise<void>((resolve) => (heard = resolve));
    expect(receipts.slice(2)).toEqual(
      messageIds.map((messageId) => ({
        gateway: 'smpp',
        messageId,
        status: 'failed',
        code: 'UNDELIV-021',
      })),
    );
  });

  test.each([
    ['13800138090', { outcome: 'try-again', fault: 'overload', code: '0x00000058' }],
    ['13800138091', { outcome: 'refused', fault: 'number', code: '0x0000000b' }],
    ['13800138092', { outcome: 'unknown', fault: 'other', code: '0x00000045' }],
    ['13800138093', { outcome: 'unknown', fault: 'no-answer' }],
    ['+86138', { outcome: 'accepted' }],
    ['1380', { outcome: 'refused', fault: 'number' }],
    ['+1 380013800', { outcome: 'refused', fault: 'number' }],
  ])('%j', async (phone, outcome) => {
    expect(await send(phone)).toMatchObject(outcome);
  });

  test('many at once share one session', async () => {
    const [other] = openSms(`smpp://others:secret@127.0.0.1:${centre.port}?source=1069`, given);
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        other!.send({ ...sampleMessage, phone: `139001390${10 + n}` }),
      ),
    );
    expect(new Set(sent.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    const ids = sent.flatMap((it) => (it as Accepted).messageIds);
    expect(new Set(ids).size).toBe(40);
    await other!.close();
    const binds = centre.events.filter(
      ({ event, system }) => event === 'bind' && system === 'others',
    );
    expect(binds).toHaveLength(1);
  });

  test('a wrong password is refused for good, and the next message binds anew', async () => {
    const [wrong] = openSms(`smpp://mandate:wrong@127.0.0.1:${centre.port}?source=1069`, given);
    const refused = { outcome: 'refused', fault: 'credentials', code: '14' };
    expect(await wrong!.send(sampleMessage)).toEqual(refused);
    expect(await wrong!.send(sampleMessage)).toEqual(refused);
    await wrong!.close();
  });
});

describe('smpp: a peer that is none', () => {
  /** Answers the first PDU of every connection with these bytes. */
  async function against(bytes: Uint8Array) {
    const server = createServer((socket: Socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.write(bytes));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sms = gateway((server.address() as AddressInfo).port, { timeoutMs: 300 });
    const outcome = await sms.send(sampleMessage);
    await sms.close();
    server.close();
    return outcome;
  }
  const pdu = (length: number, command: number, status: number, sequence: number, body = '') => {
    const bytes = Buffer.alloc(16 + body.length);
    [length || bytes.length, command, status, sequence].forEach((n, i) =>
      bytes.writeUInt32BE(n, i * 4),
    );
    bytes.write(body, 16, 'latin1');
    return bytes;
  };
  const bound = pdu(0, 0x80000009, 0, 1, 'centre\0');

  test.each<[string, Uint8Array]>([
    ['silence', new Uint8Array()],
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a length of zero', pdu(0xffffffff, 0x80000009, 0, 1).fill(0, 0, 4)],
    ['a length of fifteen', pdu(15, 0x80000009, 0, 1)],
    ['a length of four gigabytes', pdu(0xffffffff, 0x80000009, 0, 1)],
    ['a sequence number of zero', pdu(0, 0x80000009, 0, 0)],
    ['an answer to something else', pdu(0, 0x80000004, 0, 1)],
    ['a hundred kilobytes', Buffer.alloc(100_000, 1)],
    ['half a PDU', bound.subarray(0, 18)],
    ['bound, then a receipt cut short', Buffer.concat([bound, pdu(0, 5, 0, 1, '\0\0\0')])],
    ['bound, then silence', bound],
    ['bound, then an answer without an id', Buffer.concat([bound, pdu(0, 0x80000004, 0, 2, '')])],
    ['bound, then an endless id', Buffer.concat([bound, pdu(0, 0x80000004, 0, 2, 'x'.repeat(99))])],
  ])('%s ends without the message being taken for sent', async (_, bytes) => {
    const { outcome } = await against(bytes);
    expect(['try-again', 'unknown']).toContain(outcome);
  });

  test('what is no request of ours is nacked, and the session goes on', async () => {
    const got: Buffer[] = [];
    const server = createServer((socket: Socket) => {
      socket.on('data', (data: Buffer) => {
        got.push(data);
        if (got.length === 1) socket.write(Buffer.concat([pdu(0, 0x103, 0, 7), bound]));
        else if (data.readUInt32BE(4) === 4)
          socket.write(pdu(0, 0x80000004, 0, data.readUInt32BE(12), 'id\0'));
        else if (Buffer.concat(got).includes(pdu(0, 0x80000000, 3, 7)) && data.length > 16)
          socket.write(pdu(0, 0x80000004, 0, 2, 'id\0'));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sms = gateway((server.address() as AddressInfo).port, { timeoutMs: 1000 });
    const { outcome } = await sms.send({ ...sampleMessage, text: 'short' });
    expect(outcome).toBe('accepted');
    expect(Buffer.concat(got).includes(pdu(0, 0x80000000, 3, 7))).toBe(true);
    server.close();
    await Promise.all([sms.close(), once(server, 'close')]);
  });
});
