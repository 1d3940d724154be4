import { smsCode, utf8, type Sms, type SmsFault, type SmsOutcome } from '@mandate/core';
import type { GatewayDeps, GatewayUrl } from './gateway-url.js';
import {
  matchRegisteredText,
  PLAY_TIMES,
  readRegisteredTexts,
  TENCENT_CALL_LIMITS,
  TENCENT_LIMITS,
} from './registered-texts.js';
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
  [/PhoneNumber|CalledNumber/, 'number'],
  [/^FailedOperation\.ContainSensitiveWord|^FailedOperation\.PhoneNumberInBlacklist/, 'content'],
  [/TemplateParameterLength|TemplateParamSet.*(?:Length|Limit)/, 'variable-too-long'],
  [/Template|Signature/, 'template'],
] as const satisfies readonly (readonly [RegExp, SmsFault])[];

/**
 * Tencent Cloud: short messages by `SendSms` of 2021-01-11, calls by `SendTtsVoice` of 2020-09-02 at `voice=`. A
 * repeated message is sent again. Variables go by their place in the registered text. `app`: SmsSdkAppId; `voiceApp`:
 * VoiceSdkAppid; `region`, `variable` (the account's longest variable of a short message) optional.
 */
export function tencentSms(
  gateway: string,
  { url, user, password, query, optional, beside }: GatewayUrl,
  { clock, timeoutMs }: GatewayDeps,
): Sms {
  const texts = readRegisteredTexts(query('templates'));
  const app = query('app');
  const region = optional('region') ?? 'ap-guangzhou';
  const longest = Number(optional('variable') ?? TENCENT_LIMITS.variable);
  const voiceUrl = beside('voice');
  const voiceApp = voiceUrl === undefined ? '' : query('voiceApp');

  /** One call of the vendor's API. */
  const ask = async (
    at: string,
    { service, action, version }: Readonly<Record<'service' | 'action' | 'version', string>>,
    asked: object,
  ): Promise<SmsOutcome> => {
    const body = utf8(JSON.stringify(asked));
    const seconds = Math.floor(clock.now().getTime() / 1000);
    const contentType = 'application/json; charset=utf-8';
    const headers = {
      'content-type': contentType,
      accept: 'application/json',
      'x-tc-action': action,
      'x-tc-version': version,
      'x-tc-region': region,
      'x-tc-timestamp': String(seconds),
      authorization: signTc3({
        ...{ secretId: user, secretKey: password, service, body, at: seconds },
        headers: {
          ...{ 'content-type': contentType, host: new URL(at).host },
          'x-tc-action': action.toLowerCase(),
        },
      }),
    };
    const answer = await smsExchange(at, { headers, body }, timeoutMs);
    return 'outcome' in answer ? answer : outcomeOf(jsonObject(answer.body));
  };

  return {
    gateway,
    async send(message) {
      const called = message.channel === 'voice';
      if (called && voiceUrl === undefined) return failed('refused', 'voice');
      const limits = called ? TENCENT_CALL_LIMITS : { ...TENCENT_LIMITS, variable: longest };
      const match = matchRegisteredText(texts, message, limits);
      if (typeof match === 'string') return failed('refused', match);
      const phone = message.phone.startsWith('+') ? message.phone : `+86${message.phone}`;
      const common = {
        TemplateId: match.text.id,
        TemplateParamSet: match.values,
        SessionContext: message.reference,
      };
      if (called)
        return ask(voiceUrl!, VOICE, {
          ...common,
          CalledNumber: phone,
          VoiceSdkAppid: voiceApp,
          PlayTimes: PLAY_TIMES,
        });
      return ask(url, SHORT_MESSAGES, {
        ...common,
        PhoneNumberSet: [phone],
        SmsSdkAppId: app,
        SignName: match.text.sign,
      });
    },
    close: async () => {},
  };
}

const SHORT_MESSAGES = { service: 'sms', action: 'SendSms', version: '2021-01-11' };
const VOICE = { service: 'vms', action: 'SendTtsVoice', version: '2020-09-02' };

function outcomeOf(answer: Record<string, unknown> | null): SmsOutcome {
  const response = answer?.Response as
    | {
        Error?: { Code?: unknown };
        SendStatusSet?: { Code?: unknown; SerialNo?: unknown }[];
        SendStatus?: { CallId?: unknown };
      }
    | undefined;
  // a call that was taken has an id and no word beside it
  const callId = messageId(response?.SendStatus?.CallId);
  if (callId && response?.Error === undefined) return { outcome: 'accepted', messageIds: [callId] };
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
