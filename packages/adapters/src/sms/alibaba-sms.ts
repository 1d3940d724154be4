import { sha256Hex, smsCode, toHex, type Sms, type SmsOutcome } from '@mandate/core';
import { signAcs3 } from './acs3-signature.js';
import type { GatewayDeps, GatewayUrl } from './gateway-url.js';
import { ALIBABA_LIMITS, matchRegisteredText, readRegisteredTexts } from './registered-texts.js';
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
  [/^isv\.(?:SMS_(?:TEMPLATE|SIGNATURE)|TEMPLATE_|SMS_SIGN)/, 'template'],
  [/^isv\.(?:PARAM_LENGTH_LIMIT)/, 'variable-too-long'],
  [/^isv\.(?:BLACK_KEY|PARAM_NOT_SUPPORT_URL|SMS_CONTENT)/, 'content'],
  [
    /^(?:InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|Forbidden|NoPermission|isp\.RAM)/,
    'credentials',
  ],
] as const;

/**
 * Alibaba Cloud short messages, `SendSms` of 2017-05-25. It does not know the reference: a repeated message is
 * sent again. Texts are registered ones only, see `readRegisteredTexts`.
 */
export function alibabaSms(
  gateway: string,
  { url, user, password, query }: GatewayUrl,
  { clock, random, timeoutMs }: GatewayDeps,
): Sms {
  const texts = readRegisteredTexts(query('templates'));
  const { host } = new URL(url);
  return {
    gateway,
    async send(message) {
      if (message.channel === 'voice') return failed('refused', 'voice');
      const match = matchRegisteredText(texts, message, ALIBABA_LIMITS);
      if (typeof match === 'string') return failed('refused', match);
      const body = new Uint8Array();
      const headers = {
        host,
        'x-acs-action': 'SendSms',
        'x-acs-content-sha256': sha256Hex(body),
        'x-acs-date': clock
          .now()
          .toISOString()
          .replace(/\.\d{3}Z$/, 'Z'),
        'x-acs-signature-nonce': toHex(random.bytes(16)),
        'x-acs-version': '2017-05-25',
      };
      const signed = signAcs3({
        keyId: user,
        secret: password,
        method: 'POST',
        path: '/',
        query: {
          PhoneNumbers: message.phone.replace(/^\+86/, '').replace(/^\+/, ''),
          SignName: match.text.sign,
          TemplateCode: match.text.id,
          TemplateParam: JSON.stringify(Object.fromEntries(match.vars)),
          OutId: message.reference,
        },
        headers,
        body,
      });
      const { host: _, ...sent } = headers;
      const answer = await smsExchange(
        `${url}?${signed.query}`,
        {
          headers: { ...sent, accept: 'application/json', authorization: signed.authorization },
          body,
        },
        timeoutMs,
      );
      return 'outcome' in answer ? answer : outcomeOf(jsonObject(answer.body));
    },
    close: async () => {},
  };
}

function outcomeOf(answer: Record<string, unknown> | null): SmsOutcome {
  const said = answer?.Code;
  if (typeof said !== 'string') return failed('unknown', 'bad-answer');
  if (said === 'OK') {
    const id = messageId(answer?.BizId);
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
