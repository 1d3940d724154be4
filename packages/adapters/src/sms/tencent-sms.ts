import { smsCode, utf8, type Sms, type SmsFault, type SmsOutcome } from '@mandate/core';
import type { GatewayDeps, GatewayUrl } from './gateway-url.js';
import { matchRegisteredText, readRegisteredTexts, TENCENT_LIMITS } from './registered-texts.js';
import { failed, jsonObject, messageId, smsExchange } from './sms-exchange.js';
import { signTc3 } from './tc3-signature.js';

/** By the part before the first point, or the whole; everything else is for good. */
const LATER: Readonly<Record<string, SmsFault>> = {
  LimitExceeded: 'overload',
  RequestLimitExceeded: 'overload',
  ResourceUnavailable: 'overload',
  'FailedOperation.InsufficientBalanceInSmsPackage': 'account',
};

const FOR_GOOD = [
  [/^AuthFailure|^UnauthorizedOperation/, 'credentials'],
  [/PhoneNumber/, 'number'],
  [/^FailedOperation\.ContainSensitiveWord|^FailedOperation\.PhoneNumberInBlacklist/, 'content'],
  [/TemplateParameterLength|TemplateParamSet.*(?:Length|Limit)/, 'variable-too-long'],
  [/Template|Signature/, 'template'],
] as const satisfies readonly (readonly [RegExp, SmsFault])[];

/**
 * Tencent Cloud short messages, `SendSms` of 2021-01-11. A repeated message is sent again. Variables go by their
 * place in the registered text. `app`: SmsSdkAppId; `region`, `variable` (the account's longest variable) optional.
 */
export function tencentSms(
  gateway: string,
  { url, user, password, query, optional }: GatewayUrl,
  { clock, timeoutMs }: GatewayDeps,
): Sms {
  const texts = readRegisteredTexts(query('templates'));
  const app = query('app');
  const region = optional('region') ?? 'ap-guangzhou';
  const longest = Number(optional('variable') ?? TENCENT_LIMITS.variable);
  const limits = { ...TENCENT_LIMITS, variable: longest };
  const { host } = new URL(url);
  return {
    gateway,
    async send(message) {
      if (message.channel === 'voice') return failed('refused', 'voice');
      const match = matchRegisteredText(texts, message, limits);
      if (typeof match === 'string') return failed('refused', match);
      const body = utf8(
        JSON.stringify({
          PhoneNumberSet: [message.phone.startsWith('+') ? message.phone : `+86${message.phone}`],
          SmsSdkAppId: app,
          SignName: match.text.sign,
          TemplateId: match.text.id,
          TemplateParamSet: [...match.vars.values()],
          SessionContext: message.reference,
        }),
      );
      const at = Math.floor(clock.now().getTime() / 1000);
      const contentType = 'application/json; charset=utf-8';
      const headers = {
        'content-type': contentType,
        accept: 'application/json',
        'x-tc-action': 'SendSms',
        'x-tc-version': '2021-01-11',
        'x-tc-region': region,
        'x-tc-timestamp': String(at),
        authorization: signTc3({
          secretId: user,
          secretKey: password,
          service: 'sms',
          headers: { 'content-type': contentType, host, 'x-tc-action': 'sendsms' },
          body,
          at,
        }),
      };
      const answer = await smsExchange(url, { headers, body }, timeoutMs);
      return 'outcome' in answer ? answer : outcomeOf(jsonObject(answer.body));
    },
    close: async () => {},
  };
}

function outcomeOf(answer: Record<string, unknown> | null): SmsOutcome {
  const response = answer?.Response as
    | { Error?: { Code?: unknown }; SendStatusSet?: { Code?: unknown; SerialNo?: unknown }[] }
    | undefined;
  const status = Array.isArray(response?.SendStatusSet) ? response.SendStatusSet[0] : undefined;
  const said = response?.Error?.Code ?? status?.Code;
  if (typeof said !== 'string') return failed('unknown', 'bad-answer');
  if (said === 'Ok') {
    const id = messageId(status?.SerialNo);
    return id ? { outcome: 'accepted', messageIds: [id] } : failed('unknown', 'bad-answer');
  }
  const code = smsCode(said);
  const later = LATER[said] ?? LATER[said.split('.')[0]!];
  if (later) return failed('try-again', later, code);
  // It may have gone out before it broke.
  if (said.startsWith('InternalError')) return failed('unknown', 'other', code);
  return failed('refused', FOR_GOOD.find(([p]) => p.test(said))?.[1] ?? 'other', code);
}
