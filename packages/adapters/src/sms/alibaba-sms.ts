import { sha256Hex, smsCode, toHex, utf8, type Sms, type SmsOutcome } from '@mandate/core';
import { signAcs3 } from './acs3-signature.js';
import type { GatewayDeps, GatewayUrl } from './gateway-url.js';
import {
  ALIBABA_CALL_LIMITS,
  ALIBABA_LIMITS,
  matchRegisteredText,
  PLAY_TIMES,
  readRegisteredTexts,
} from './registered-texts.js';
import { failed, jsonObject, messageId, smsExchange } from './sms-exchange.js';

/** Codes of SendSms that say: not now. Everything else it names is for good. */
const LATER: Readonly<Record<string, 'overload' | 'account'>> = {
  'isv.BUSINESS_LIMIT_CONTROL': 'overload',
  'isv.DAY_LIMIT_CONTROL': 'overload',
  'isv.MONTH_LIMIT_CONTROL': 'overload',
  'isp.SYSTEM_ERROR': 'overload',
  'isp.GATEWAY_ERROR': 'overload',
  'Throttling.User': 'overload',
  'Throttling.Api': 'overload',
  ServiceUnavailable: 'overload',
  'isv.AMOUNT_NOT_ENOUGH': 'account',
  'isv.OUT_OF_SERVICE': 'account',
};

const FOR_GOOD = [
  [/^isv\.MOBILE_/, 'number'],
  [/^isv\.(?:SMS_(?:TEMPLATE|SIGNATURE)|TEMPLATE_|SMS_SIGN|TTS_)/, 'template'],
  [/^isv\.(?:PARAM_LENGTH_LIMIT)/, 'variable-too-long'],
  [/^isv\.(?:BLACK_KEY|PARAM_NOT_SUPPORT_URL|SMS_CONTENT)/, 'content'],
  [
    /^(?:InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|Forbidden|NoPermission|isp\.RAM)/,
    'credentials',
  ],
] as const;

/**
 * Alibaba Cloud: short messages by `SendSms`, calls by `SingleCallByTts` of the voice product at `voice=`, both of
 * 2017-05-25. Neither knows the reference: a repeated message is sent again. Texts are registered ones only, see
 * `readRegisteredTexts`. `show`: the number or service instance that calls; without it one of the vendor's pool.
 */
export function alibabaSms(
  gateway: string,
  { url, user, password, query, optional, beside }: GatewayUrl,
  { clock, random, timeoutMs }: GatewayDeps,
): Sms {
  const texts = readRegisteredTexts(query('templates'));
  const voiceUrl = beside('voice');
  const show = optional('show');

  /** One call of the vendor's API. */
  const ask = async (
    at: string,
    action: string,
    asked: Readonly<Record<string, string>>,
    idName: 'BizId' | 'CallId',
  ): Promise<SmsOutcome> => {
    const body = new Uint8Array();
    const headers = {
      host: new URL(at).host,
      'x-acs-action': action,
      'x-acs-content-sha256': sha256Hex(body),
      'x-acs-date': clock
        .now()
        .toISOString()
        .replace(/\.\d{3}Z$/, 'Z'),
      'x-acs-signature-nonce': toHex(random.bytes(16)),
      'x-acs-version': '2017-05-25',
    };
    const signed = signAcs3({
      ...{ keyId: user, secret: password, method: 'POST', path: '/' },
      ...{ query: asked, headers, body },
    });
    const { host: _, ...sent } = headers;
    const answer = await smsExchange(
      `${at}?${signed.query}`,
      {
        headers: { ...sent, accept: 'application/json', authorization: signed.authorization },
        body,
      },
      timeoutMs,
    );
    return 'outcome' in answer ? answer : outcomeOf(jsonObject(answer.body), idName);
  };

  return {
    gateway,
    async send(message) {
      const called = message.channel === 'voice';
      if (called && voiceUrl === undefined) return failed('refused', 'voice');
      const limits = called ? ALIBABA_CALL_LIMITS : ALIBABA_LIMITS;
      const match = matchRegisteredText(texts, message, limits);
      if (typeof match === 'string') return failed('refused', match);
      const phone = message.phone.replace(/^\+86/, '').replace(/^\+/, '');
      // Eleven digits without a prefix are a number in mainland China there; calls go nowhere else at all.
      const abroad = message.phone.startsWith('+') && !message.phone.startsWith('+86');
      if (abroad && (called || /^1\d{10}$/.test(phone))) return failed('refused', 'number');
      const params = JSON.stringify(Object.fromEntries(match.vars));
      if (called)
        return ask(
          voiceUrl!,
          'SingleCallByTts',
          {
            CalledNumber: phone,
            ...(show === undefined ? {} : { CalledShowNumber: show }),
            TtsCode: match.text.id,
            TtsParam: params,
            PlayTimes: String(PLAY_TIMES),
            // at most fifteen bytes of it
            OutId: sha256Hex(utf8(message.reference)).slice(0, 15),
          },
          'CallId',
        );
      return ask(
        url,
        'SendSms',
        {
          PhoneNumbers: phone,
          SignName: match.text.sign,
          TemplateCode: match.text.id,
          TemplateParam: params,
          OutId: message.reference,
        },
        'BizId',
      );
    },
    close: async () => {},
  };
}

function outcomeOf(answer: Record<string, unknown> | null, idName: 'BizId' | 'CallId'): SmsOutcome {
  const said = answer?.Code;
  if (typeof said !== 'string') return failed('unknown', 'bad-answer');
  if (said === 'OK') {
    const id = messageId(answer?.[idName]);
    return id ? { outcome: 'accepted', messageIds: [id] } : failed('unknown', 'bad-answer');
  }
  const code = smsCode(said);
  const later = LATER[said];
  if (later) return failed('try-again', later, code);
  const fault = FOR_GOOD.find(([pattern]) => pattern.test(said))?.[1];
  if (fault) return failed('refused', fault, code);
  // A code it may have added since: `isv.` is about what was asked, the rest about itself.
  return said.startsWith('isv.')
    ? failed('refused', 'other', code)
    : failed('unknown', 'other', code);
}
