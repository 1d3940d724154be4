import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openSms, readVendorReceipts } from '@mandate/adapters';
import { systemRandom } from '@mandate/core';
import { memoryInbox } from '../kit/memory-inbox.js';
import { startHttpPeer, type HttpPeer } from './http-peer.js';
import { clock, given, sampleMessage, smsContract } from './sms-contract.js';

smsContract('sandbox:', { once: true, voice: true }, async () => {
  let broken = false;
  const inbox = memoryInbox(clock);
  const save: typeof inbox.save = async (message, late) => {
    if (broken) throw new Error('down');
    await inbox.save(message, late);
  };
  return {
    sms: openSms('sandbox:', { ...given, inbox: { save } })[0]!,
    delivered: async () => (await inbox.list()).map(({ phone, text }) => ({ phone, text })),
    breakDown: () => {
      broken = true;
    },
    close: async () => {},
  };
});

smsContract('http(s):', { once: true, voice: true }, async () => {
  const peer = await startHttpPeer();
  const byReference = new Map<string, { phone: string; text: string }>();
  peer.answer = ({ body }, response) => {
    const { reference, phone, text } = JSON.parse(body.toString('utf8'));
    byReference.set(reference, { phone, text });
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: `r-${reference}` }));
  };
  return {
    sms: openSms(`http://key:secret@127.0.0.1:${peer.port}/sms`, given)[0]!,
    delivered: async () => [...byReference.values()],
    breakDown: () => {
      peer.answer = (_, response) => response.writeHead(503).end();
    },
    close: peer.close,
  };
});

describe('the JSON gateway', () => {
  let peer: HttpPeer;
  beforeAll(async () => {
    peer = await startHttpPeer();
  });
  beforeEach(() => void peer.received.splice(0));
  afterAll(() => peer.close());
  const send = (timeoutMs = 5000) => {
    const url = `http://ours:s%2Fecret@127.0.0.1:${peer.port}/v2/sms`;
    return openSms(url, { ...given, timeoutMs })[0]!.send(sampleMessage);
  };

  test('is told everything once, signed as openssl signs it, with no secret in the URL', async () => {
    peer.answer = (_, response) => response.writeHead(200).end('{"id":"abc"}');
    expect(await send()).toEqual({ outcome: 'accepted', messageIds: ['abc'] });
    const [request] = peer.received;
    const at = String(clock.now().getTime() / 1000);
    const signature = execFileSync(
      'openssl',
      ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', 'key:s/ecret', '-r'],
      { input: Buffer.concat([Buffer.from(`${at}.`), request!.body]) },
    );
    expect(request).toMatchObject({
      method: 'POST',
      path: '/v2/sms',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': sampleMessage.reference,
        'mandate-key': 'ours',
        'mandate-timestamp': at,
        'mandate-signature': `v1=${signature.toString().slice(0, 64)}`,
      },
    });
    expect(request!.headers.authorization).toBeUndefined();
    expect(JSON.parse(request!.body.toString('utf8'))).toEqual(sampleMessage);
  });

  const answers =
    (status: number, body = '{"id":"x"}'): HttpPeer['answer'] =>
    (_, response) =>
      void response.writeHead(status).end(body);
  test.each<[string, HttpPeer['answer'], object]>([
    [
      'a refusal',
      answers(422, '{"code":"no-such-number"}'),
      { outcome: 'refused', code: 'no-such-number' },
    ],
    ['wrong credentials', answers(401), { outcome: 'refused', fault: 'credentials' }],
    ['too much', answers(429), { outcome: 'try-again', fault: 'overload' }],
    ['a closed door', answers(503), { outcome: 'try-again', fault: 'overload' }],
    ['a fault of its own', answers(500), { outcome: 'unknown' }],
    [
      'a redirect',
      (_, r) => void r.writeHead(307, { location: '/elsewhere' }).end(),
      { outcome: 'unknown' },
    ],
    ['no JSON', answers(200, 'OK'), { outcome: 'unknown', fault: 'bad-answer' }],
    ['no id', answers(200, '{"id":7}'), { outcome: 'unknown', fault: 'bad-answer' }],
    ['null', answers(200, 'null'), { outcome: 'unknown', fault: 'bad-answer' }],
    ['an endless id', answers(200, `{"id":"${'x'.repeat(200)}"}`), { outcome: 'unknown' }],
    ['too long an answer', answers(200, `{"id":"${'x'.repeat(70_000)}"}`), { outcome: 'unknown' }],
    ['a broken connection', (_, response) => void response.destroy(), { outcome: 'unknown' }],
    [
      'half an answer',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"id"');
        setTimeout(() => response.destroy(), 20);
      },
      { outcome: 'unknown' },
    ],
  ])('%s', async (_, answer, outcome) => {
    peer.answer = answer;
    expect(await send()).toMatchObject(outcome);
    expect(peer.received).toHaveLength(1);
  });

  test('silence ends with the time-out, also in the middle of an answer; nobody there is known at once', async () => {
    for (const answer of [
      () => {},
      (_: unknown, response: Parameters<HttpPeer['answer']>[1]) =>
        response.writeHead(200).write('{'),
    ] as HttpPeer['answer'][]) {
      peer.answer = answer;
      expect(await send(200)).toEqual({ outcome: 'unknown', fault: 'no-answer' });
    }
    const gone = await startHttpPeer();
    await gone.close();
    const [nobody] = openSms(`http://key:secret@127.0.0.1:${gone.port}/sms`, given);
    expect(await nobody!.send(sampleMessage)).toEqual({
      outcome: 'try-again',
      fault: 'not-reached',
    });
  });
});

describe('openSms', () => {
  test.each([
    '',
    'sms',
    'ftp://a:b@x',
    'http://a:b@gateway.example/sms',
    'https://gateway.example/sms',
    'https://a@gateway.example/sms',
    'sandbox:',
    'sandbox:,https://a:b@gateway.example',
    'smpp://a:b@gateway.example?source=1069',
    'smpp://a:b@8.8.8.8?source=1069',
    'smpps://a:b@gateway.example',
    'smpps://a:123456789@gateway.example?source=1069',
    'smpps://a:b@gateway.example?source=1069&sourceTon=99',
    'alibaba+https://a:b@dysmsapi.aliyuncs.com/',
    'alibaba+https://a:b@dysmsapi.aliyuncs.com/?templates=/nowhere.json',
    'tencent+https://a:b@sms.tencentcloudapi.com/?app=1',
    'alibaba+http://a:b@dysmsapi.aliyuncs.com/?templates=/nowhere.json',
  ])('refuses %j and repeats nothing of it', (url) => {
    const open = () => openSms(url, given);
    expect(open).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    expect(open).not.toThrow(/123456789|gateway\.example|aliyuncs|nowhere/);
  });

  test('several gateways keep their order and have names of their own', () => {
    const list = openSms(
      'https://a:b@one.example, smpp://a:b@10.0.0.1?source=1069,https://a:b@two.example',
      { clock, random: systemRandom },
    );
    expect(list.map(({ gateway }) => gateway)).toEqual(['http', 'smpp', 'http-2']);
  });
});

describe('what vendors post', () => {
  const alibaba = {
    phone_number: '13800138000',
    send_time: '2026-11-21 17:30:00',
    report_time: '2026-11-21 17:30:02',
    success: true,
    err_code: 'DELIVERED',
    err_msg: '用户接收成功',
    sms_size: '2',
    biz_id: '932702304080415357^0',
    out_id: sampleMessage.reference,
  };
  const tencent = {
    user_receive_time: '2026-11-21 17:30:02',
    nationcode: '86',
    mobile: '13800138000',
    report_status: 'FAIL',
    errmsg: 'MK:0001',
    description: '空号',
    sid: '2019:538740129803',
  };

  test('is read for ids and results, and nothing of the number stays', () => {
    const read = readVendorReceipts('alibaba-2', [alibaba]);
    expect(read).toEqual({
      receipts: [
        { gateway: 'alibaba-2', messageId: alibaba.biz_id, status: 'delivered', code: 'DELIVERED' },
      ],
      reply: { code: 0, msg: 'OK' },
    });
    expect(readVendorReceipts('tencent', [tencent])).toEqual({
      receipts: [{ gateway: 'tencent', messageId: tencent.sid, status: 'failed', code: 'MK0001' }],
      reply: { result: 0, errmsg: 'OK' },
    });
    expect(readVendorReceipts('http', [{ id: 'm1', status: 'failed' }]).receipts).toEqual([
      { gateway: 'http', messageId: 'm1', status: 'failed', code: '' },
    ]);
    expect(JSON.stringify(read)).not.toContain('138');
  });

  test.each<[string, unknown, string]>([
    ['nobody', [], 'not-found'],
    ['toString', [], 'not-found'],
    ['alibaba-10', [], 'not-found'],
    ['alibaba', alibaba, 'invalid-request'],
    ['alibaba', null, 'invalid-request'],
    ['alibaba', [null], 'invalid-request'],
    ['alibaba', [{ ...alibaba, success: 'true' }], 'invalid-request'],
    ['alibaba', [{ ...alibaba, biz_id: 7 }], 'invalid-request'],
    ['alibaba', [{ ...alibaba, biz_id: 'a b' }], 'invalid-request'],
    ['tencent', [{ ...tencent, report_status: 'MAYBE' }], 'invalid-request'],
    ['tencent', [alibaba], 'invalid-request'],
    ['alibaba', Array.from({ length: 1001 }, () => alibaba), 'invalid-request'],
  ])('%s, case %#, is refused', (gateway, posted, code) => {
    expect(() => readVendorReceipts(gateway, posted)).toThrow(expect.objectContaining({ code }));
  });
});
