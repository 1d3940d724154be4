import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openSms, signAcs3, signTc3 } from '@mandate/adapters';
import type { Sms, SmsMessage } from '@mandate/core';
import { startHttpPeer, type HttpPeer, type ReceivedRequest } from './http-peer.js';
import { clock, given, sampleMessage, smsContract } from './sms-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'mandate-sms-'));
afterAll(() => rmSync(folder, { recursive: true }));
const texts = join(folder, 'texts.json');
/** As it would be registered: code and check code vary, the rest was approved word for word. */
const registered = {
  template: 'signing-code.zh',
  sign: '禾穗消费金融',
  text: sampleMessage.text
    .replace(/^【.*?】/, '')
    .replace('482913', '{code}')
    .replace('KQ7-MRX', '{checkCode}'),
  id: 'SMS_4711',
};
/** What is said on the phone, as registered: the digits twice. */
const SPOKEN = '{digits}。这是您的签署验证码。核对码{checkCode},应与页面一致。再说一遍:{digits}。';
const call: SmsMessage = {
  ...sampleMessage,
  templateId: 'signing-call.zh',
  vars: { digits: '4, 8, 2, 9, 1, 3', checkCode: 'KQ7-MRX', institution: '禾穗消费金融有限公司' },
  text: SPOKEN.replaceAll('{digits}', '4, 8, 2, 9, 1, 3').replace('{checkCode}', 'KQ7-MRX'),
  channel: 'voice',
};
writeFileSync(
  texts,
  JSON.stringify({
    items: [
      { ...registered, text: registered.text.replace('1次', '{uses}次'), id: 'SMS_1' },
      { ...registered, sign: '别的银行', id: 'SMS_2' },
      registered,
      { template: 'signing-call.zh', sign: '', text: SPOKEN, id: 'TTS_4711' },
    ],
  }),
);

/** HMAC-SHA-256 by the openssl command: nothing of ours takes part. */
const opensslHmac = (hexKey: string, text: string): string =>
  execFileSync(
    'openssl',
    ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hexKey}`, '-r'],
    {
      input: text,
    },
  )
    .toString()
    .slice(0, 64);
const hexOf = (text: string): string => Buffer.from(text).toString('hex');
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** What both vendors sign, made from the request as it came over the wire. */
function canonical({ method, path, headers, body }: ReceivedRequest, signed: string): string {
  const [uri, query = ''] = path.split('?');
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  return [method, uri, query, lines.join(''), signed, sha256(body)].join('\n');
}

/** As Alibaba Cloud's document has it: null when the signature does not hold. */
function alibabaSees(request: ReceivedRequest): URLSearchParams | null {
  const match =
    /^ACS3-HMAC-SHA256 Credential=(.+),SignedHeaders=(.+),Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  const query = request.path.split('?')[1] ?? '';
  const sorted = query.split('&').toSorted().join('&') === query;
  const all = Object.keys(request.headers).filter((n) => n === 'host' || n.startsWith('x-acs-'));
  const good =
    match?.[1] === 'LTAI-ours' &&
    match[2] === all.toSorted().join(';') &&
    request.headers['x-acs-content-sha256'] === sha256(request.body) &&
    opensslHmac(hexOf('s/ecret'), `ACS3-HMAC-SHA256\n${sha256(canonical(request, match[2]!))}`) ===
      match[3];
  return good && sorted ? new URLSearchParams(query) : null;
}

/** As Tencent Cloud's document has it. */
function tencentSees(request: ReceivedRequest, service = 'sms'): Record<string, never> | null {
  const { headers } = request;
  const at = String(headers['x-tc-timestamp']);
  const day = new Date(Number(at) * 1000).toISOString().slice(0, 10);
  const match =
    /^TC3-HMAC-SHA256 Credential=AKID-ours\/(.+), SignedHeaders=(.+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (match?.[1] !== `${day}/${service}/tc3_request`) return null;
  const asSigned = { ...headers, 'x-tc-action': String(headers['x-tc-action']).toLowerCase() };
  const text = canonical({ ...request, headers: asSigned }, match[2]!);
  const toSign = `TC3-HMAC-SHA256\n${at}\n${match[1]}\n${sha256(text)}`;
  const key = [day, service, 'tc3_request'].reduce(opensslHmac, hexOf('TC3s/ecret'));
  return opensslHmac(key, toSign) === match[3] ? JSON.parse(request.body.toString()) : null;
}

const fill = (values: Record<string, string>): string =>
  `【${registered.sign}】${registered.text.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!)}`;

async function startAlibaba(): Promise<{
  sms: Sms;
  peer: HttpPeer;
  sent: { phone: string; text: string }[];
}> {
  const peer = await startHttpPeer();
  const sent: { phone: string; text: string }[] = [];
  peer.answer = (request, response) => {
    const seen = alibabaSees(request);
    const {
      PhoneNumbers: phone = '',
      TemplateCode: id,
      TemplateParam: params = '',
    } = Object.fromEntries(seen ?? []);
    if (!seen) return void response.writeHead(400).end('{"Code":"SignatureDoesNotMatch"}');
    if (id === 'SMS_4711') sent.push({ phone, text: fill(JSON.parse(params)) });
    response.end(
      JSON.stringify({ Code: 'OK', Message: 'OK', RequestId: 'R', BizId: `${sent.length}^0` }),
    );
  };
  const url = `alibaba+http://LTAI-ours:s%2Fecret@127.0.0.1:${peer.port}/?templates=${texts}`;
  return { sms: openSms(url, given)[0]!, peer, sent };
}

async function startTencent(longest: number) {
  const peer = await startHttpPeer();
  const sent: { phone: string; text: string }[] = [];
  peer.answer = (request, response) => {
    const seen = tencentSees(request) as {
      PhoneNumberSet: [string];
      TemplateId: string;
      TemplateParamSet: [string, string];
    } | null;
    const answer = (it: object): void => void response.end(JSON.stringify({ Response: it }));
    if (!seen) return answer({ Error: { Code: 'AuthFailure.SignatureFailure', Message: '' } });
    const [code, checkCode] = seen.TemplateParamSet;
    sent.push({
      phone: seen.PhoneNumberSet[0].replace('+86', ''),
      text: fill({ code, checkCode }),
    });
    answer({ SendStatusSet: [{ SerialNo: `5000:${sent.length}`, Code: 'Ok' }], RequestId: 'R' });
  };
  const url = `tencent+http://AKID-ours:s%2Fecret@127.0.0.1:${peer.port}/?app=1400006666&variable=${longest}&templates=${texts}`;
  return { sms: openSms(url, given)[0]!, peer, sent };
}

for (const [name, start] of [
  ['alibaba+https:', startAlibaba],
  ['tencent+https:', () => startTencent(12)],
] as const)
  smsContract(name, { once: false, voice: false }, async () => {
    const { sms, peer, sent } = await start();
    return {
      sms,
      delivered: async () => sent,
      breakDown: () => {
        peer.answer = (_, response) => response.destroy();
      },
      close: peer.close,
    };
  });

describe('signatures', () => {
  // The worked example of "V3 request structure and signature", with the document's own fixed parameters.
  test('ACS3: the example of the vendor’s document', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(
      signAcs3({
        keyId: 'YourAccessKeyId',
        secret: 'YourAccessKeySecret',
        method: 'POST',
        path: '/',
        query: {
          RegionId: 'cn-shanghai',
          ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
        },
        headers: {
          'x-acs-version': '2014-05-26',
          host: 'ecs.cn-shanghai.aliyuncs.com',
          'x-acs-action': 'RunInstances',
          'x-acs-content-sha256': empty,
          'x-acs-date': '2023-10-26T10:22:32Z',
          'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
        },
        body: new Uint8Array(),
      }).authorization,
    ).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,' +
        'SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,' +
        'Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    );
  });

  // The worked example of "Signature v3": DescribeInstances, with the document's example keys.
  test('TC3: the example of the vendor’s document', () => {
    const body = Buffer.from(
      String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
    );
    expect(
      signTc3({
        secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
        secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
        service: 'cvm',
        headers: {
          host: 'cvm.tencentcloudapi.com',
          'content-type': 'application/json; charset=utf-8',
        },
        body,
        at: 1551113065,
      }),
    ).toBe(
      'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, ' +
        'SignedHeaders=content-type;host, ' +
        'Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
    );
  });
});

describe('vendors', () => {
  test('are given what was registered and nothing else, and every request is another one', async () => {
    const { sms, peer } = await startAlibaba();
    await sms.send({ ...sampleMessage, phone: '+8613800138000' });
    await sms.send(sampleMessage);
    const [first, second] = peer.received;
    expect(Object.fromEntries(alibabaSees(first!)!)).toEqual({
      PhoneNumbers: '13800138000',
      SignName: '禾穗消费金融',
      TemplateCode: 'SMS_4711',
      TemplateParam: '{"code":"482913","checkCode":"KQ7-MRX"}',
      OutId: sampleMessage.reference,
    });
    expect(first!.headers['x-acs-date']).toBe(clock.now().toISOString().replace('.000', ''));
    expect(first!.headers['x-acs-signature-nonce']).not.toBe(
      second!.headers['x-acs-signature-nonce'],
    );
    await peer.close();
  });

  const said = async (start: typeof startAlibaba, status: number, body: string) => {
    const { sms, peer } = await start();
    peer.answer = (_, response) => void response.writeHead(status).end(body);
    const outcome = await sms.send(sampleMessage);
    await peer.close();
    return outcome;
  };

  test.each<[number, string, object]>([
    [
      200,
      '{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}',
      { outcome: 'refused', fault: 'number', code: 'isv.MOBILE_NUMBER_ILLEGAL' },
    ],
    [200, '{"Code":"isv.SMS_TEMPLATE_ILLEGAL"}', { outcome: 'refused', fault: 'template' }],
    [200, '{"Code":"isv.BUSINESS_LIMIT_CONTROL"}', { outcome: 'try-again', fault: 'overload' }],
    [200, '{"Code":"isv.AMOUNT_NOT_ENOUGH"}', { outcome: 'try-again', fault: 'account' }],
    [400, '{"Code":"InvalidAccessKeyId.NotFound"}', { outcome: 'refused', fault: 'credentials' }],
    [200, '{"Code":"isv.SOMETHING_NEW"}', { outcome: 'refused', fault: 'other' }],
    [500, '{"Code":"InternalError"}', { outcome: 'unknown', fault: 'other' }],
    [200, '{"Code":"OK"}', { outcome: 'unknown', fault: 'bad-answer' }],
    [200, '{"Code":"OK","BizId":"a b"}', { outcome: 'unknown', fault: 'bad-answer' }],
    [200, '{"Code":7}', { outcome: 'unknown', fault: 'bad-answer' }],
    [502, '<html>', { outcome: 'unknown', fault: 'bad-answer' }],
  ])('Alibaba Cloud: %i %s', async (status, body, outcome) => {
    expect(await said(startAlibaba, status, body)).toMatchObject(outcome);
  });

  const error = (Code: string) => JSON.stringify({ Response: { Error: { Code }, RequestId: 'R' } });
  const status = (it: object) => JSON.stringify({ Response: { SendStatusSet: [it] } });
  test.each<[string, object]>([
    [error('AuthFailure.SignatureExpire'), { outcome: 'refused', fault: 'credentials' }],
    [error('RequestLimitExceeded'), { outcome: 'try-again', fault: 'overload' }],
    [error('InternalError.Timeout'), { outcome: 'unknown', fault: 'other' }],
    [
      status({ Code: 'InvalidParameterValue.IncorrectPhoneNumber' }),
      { outcome: 'refused', fault: 'number' },
    ],
    [
      status({ Code: 'LimitExceeded.PhoneNumberDailyLimit' }),
      { outcome: 'try-again', fault: 'overload' },
    ],
    [
      status({ Code: 'FailedOperation.InsufficientBalanceInSmsPackage' }),
      { outcome: 'try-again', fault: 'account' },
    ],
    [
      status({ Code: 'FailedOperation.ContainSensitiveWord' }),
      { outcome: 'refused', fault: 'content' },
    ],
    [
      status({ Code: 'FailedOperation.TemplateUnapprovedOrNotExist' }),
      { outcome: 'refused', fault: 'template' },
    ],
    [status({ Code: 'Ok' }), { outcome: 'unknown', fault: 'bad-answer' }],
    ['{"Response":{"SendStatusSet":[]}}', { outcome: 'unknown', fault: 'bad-answer' }],
    ['{"Response":{"SendStatusSet":{}}}', { outcome: 'unknown', fault: 'bad-answer' }],
    ['[]', { outcome: 'unknown', fault: 'bad-answer' }],
  ])('Tencent Cloud: %s', async (body, outcome) => {
    expect(await said(() => startTencent(12), 200, body)).toMatchObject(outcome);
  });

  test('a text that is not registered to the letter, or does not fit, is never sent', async () => {
    const { sms, peer } = await startAlibaba();
    const send = (change: Partial<typeof sampleMessage>) =>
      sms.send({ ...sampleMessage, ...change });
    const refused = (fault: string) => ({ outcome: 'refused', fault });
    expect(await send({ text: sampleMessage.text.replace('1次', '2次') })).toEqual(
      refused('template'),
    );
    expect(await send({ text: sampleMessage.text.replace('禾穗消费金融】', '骗子】') })).toEqual(
      refused('template'),
    );
    expect(await send({ templateId: 'signing-code.en' })).toEqual(refused('template'));
    expect(await send({ vars: {} })).toEqual(refused('template'));
    const long = '8'.repeat(36);
    expect(
      await send({
        text: sampleMessage.text.replace('482913', long),
        vars: { ...sampleMessage.vars, code: long },
      }),
    ).toEqual(refused('variable-too-long'));
    expect(peer.received).toEqual([]);
    await peer.close();

    const tencent = await startTencent(6);
    expect(await tencent.sms.send(sampleMessage)).toEqual(refused('variable-too-long'));
    expect(tencent.peer.received).toEqual([]);
    await tencent.peer.close();
  });
});

describe('calls', () => {
  /** The vendor's two products at two addresses; what each was asked for. */
  async function start(vendor: 'alibaba' | 'tencent', query: string) {
    const [written, spoken] = [await startHttpPeer(), await startHttpPeer()];
    const heard: unknown[] = [];
    spoken.answer = (request, response) => {
      const seen =
        vendor === 'alibaba'
          ? alibabaSees(request) && Object.fromEntries(alibabaSees(request)!)
          : tencentSees(request, 'vms');
      const { 'x-acs-action': acs, 'x-acs-version': acsVersion } = request.headers;
      const { 'x-tc-action': tc, 'x-tc-version': tcVersion } = request.headers;
      heard.push(seen && { action: acs ?? tc, version: acsVersion ?? tcVersion, ...seen });
      response.end(
        vendor === 'alibaba'
          ? '{"Code":"OK","CallId":"116012354148^1"}'
          : '{"Response":{"SendStatus":{"CallId":"12582bce-403c"},"RequestId":"R"}}',
      );
    };
    const [user, app] =
      vendor === 'alibaba' ? ['LTAI-ours', ''] : ['AKID-ours', 'app=1&voiceApp=1400006666&'];
    const base = `${vendor}+http://${user}:s%2Fecret@127.0.0.1:${written.port}/?${app}templates=${texts}`;
    const sms = openSms(`${base}&voice=127.0.0.1:${spoken.port}${query}`, given)[0]!;
    const close = () => Promise.all([written.close(), spoken.close()]);
    return { sms, written, spoken, heard, close };
  }

  test('Alibaba Cloud: SingleCallByTts, signed, with what was registered and nothing else', async () => {
    const it = await start('alibaba', '&show=057112345678');
    expect(await it.sms.send({ ...call, phone: '+8613800138000' })).toEqual({
      outcome: 'accepted',
      messageIds: ['116012354148^1'],
    });
    expect(it.heard).toEqual([
      {
        action: 'SingleCallByTts',
        version: '2017-05-25',
        CalledNumber: '13800138000',
        CalledShowNumber: '057112345678',
        TtsCode: 'TTS_4711',
        TtsParam: '{"digits":"4, 8, 2, 9, 1, 3","checkCode":"KQ7-MRX"}',
        PlayTimes: '2',
        OutId: expect.stringMatching(/^[0-9a-f]{15}$/),
      },
    ]);
    expect(it.written.received).toEqual([]);
    await it.close();
  });

  test('Alibaba Cloud: a number abroad that looks like one in mainland China is not called there', async () => {
    const it = await start('alibaba', '');
    for (const phone of ['+13912345678', '+85291234567'])
      expect(await it.sms.send({ ...call, phone })).toMatchObject({ outcome: 'refused' });
    expect(await it.sms.send({ ...call, phone: '+13912345678', channel: 'sms' })).toMatchObject({
      outcome: 'refused',
    });
    expect(it.heard).toEqual([]);
    await it.close();
  });

  test('Tencent Cloud: SendTtsVoice, signed for the voice product, values by their places', async () => {
    const it = await start('tencent', '');
    expect(await it.sms.send(call)).toEqual({ outcome: 'accepted', messageIds: ['12582bce-403c'] });
    expect(it.heard).toEqual([
      {
        action: 'SendTtsVoice',
        version: '2020-09-02',
        TemplateId: 'TTS_4711',
        TemplateParamSet: ['4, 8, 2, 9, 1, 3', 'KQ7-MRX', '4, 8, 2, 9, 1, 3'],
        SessionContext: call.reference,
        CalledNumber: '+8613800138000',
        VoiceSdkAppid: '1400006666',
        PlayTimes: 2,
      },
    ]);
    await it.close();
  });

  test.each(['alibaba', 'tencent'] as const)(
    '%s: another text, too long a value, a refusal and silence are told apart',
    async (vendor) => {
      const it = await start(vendor, '');
      const refused = (fault: string) => ({ outcome: 'refused', fault });
      expect(await it.sms.send({ ...call, text: `${call.text}。` })).toEqual(refused('template'));
      const long = '8, '.repeat(120);
      const text = SPOKEN.replaceAll('{digits}', long).replace('{checkCode}', 'KQ7-MRX');
      expect(await it.sms.send({ ...call, text, vars: { ...call.vars, digits: long } })).toEqual(
        refused('variable-too-long'),
      );
      expect(it.heard).toEqual([]);
      const say = (body: string) => {
        it.spoken.answer = (_, response) => void response.end(body);
      };
      const codes: readonly (readonly [string, string, object])[] = [
        ['isv.TTS_TEMPLATE_ILLEGAL', 'FailedOperation.TemplateIdNotExist', refused('template')],
        [
          'isv.MOBILE_NUMBER_ILLEGAL',
          'InvalidParameterValue.CalledNumberMismatch',
          refused('number'),
        ],
        [
          'isv.BUSINESS_LIMIT_CONTROL',
          'LimitExceeded.DeliveryFrequencyLimit',
          { outcome: 'try-again', fault: 'overload' },
        ],
      ];
      for (const [acs, tc, outcome] of codes) {
        say(
          vendor === 'alibaba'
            ? JSON.stringify({ Code: acs })
            : JSON.stringify({ Response: { Error: { Code: tc } } }),
        );
        expect(await it.sms.send(call)).toMatchObject(outcome);
      }
      say(vendor === 'alibaba' ? '{"Code":"OK"}' : '{"Response":{"SendStatus":{}}}');
      expect(await it.sms.send(call)).toEqual({ outcome: 'unknown', fault: 'bad-answer' });
      it.spoken.answer = (_, response) => response.destroy();
      expect(await it.sms.send(call)).toMatchObject({ outcome: 'unknown', fault: 'no-answer' });
      await it.close();
    },
  );

  test('without the voice product calls are refused; in clear to elsewhere, or without its application, it is a fault', async () => {
    for (const start of [startAlibaba, () => startTencent(12)]) {
      const { sms, peer } = await start();
      expect(await sms.send(call)).toEqual({ outcome: 'refused', fault: 'voice' });
      expect(peer.received).toEqual([]);
      await peer.close();
    }
    for (const query of ['voice=dyvmsapi.aliyuncs.com', 'voice=a%40b'])
      expect(() =>
        openSms(`alibaba+http://a:b@127.0.0.1:1/?templates=${texts}&${query}`, given),
      ).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    expect(() =>
      openSms(`tencent+https://a:b@sms.test/?app=1&templates=${texts}&voice=vms.test`, given),
    ).toThrow('voiceApp');
  });
});
