import { DomainError, type CodeChannel } from '@mandate/core';
import { describeUses } from './key-terms.js';
import type { Terms } from './terms.js';

export interface CodeMessage {
  /** Name of the text registered with the gateways. */
  readonly templateId:
    `signing-${'code' | 'call'}.${'zh' | 'en'}` | `signing-${'set' | 'set-call'}.${'zh' | 'en'}`;
  readonly vars: Record<string, string>;
  readonly text: string;
  readonly channel: CodeChannel;
}

/** Two concatenated parts: 67 UCS-2 or 153 GSM 03.38 characters each (3GPP TS 23.040). */
const TWO_PARTS_UCS2 = 134;
const TWO_PARTS_GSM = 306;

/** Gateways put the sender's short name in front; legal forms only cost characters. */
export const shortName = (name: string): string =>
  name.replace(/(?:股份|集团)?(?:有限责任公司|有限公司|公司)$/, '') || name;

/** What the institution may do, as a verb before its object. */
export const actWord = ({ act, language }: Pick<Terms, 'act' | 'language'>): string =>
  act === 'report' ? { zh: '报送', en: 'report' }[language] : { zh: '查询', en: 'query' }[language];

/**
 * The text message of the challenge: code first, purpose and uses named, check code, a warning, no link.
 * Throws `terms-invalid` when even the short form does not fit in two parts.
 */
export function codeMessage(terms: Terms, code: string, checkCode: string): CodeMessage {
  const { name } = terms.institution;
  const vars = {
    sender: shortName(name),
    code,
    institution: name,
    act: actWord(terms),
    data: terms.plain.data,
    uses: describeUses(terms.uses, terms.language),
    purpose: terms.plain.purpose,
    checkCode,
  };
  const templateId = terms.language === 'zh' ? 'signing-code.zh' : 'signing-code.en';
  const write = terms.language === 'zh' ? chineseText : englishText;
  for (const institution of [vars.institution, vars.sender]) {
    const text = write({ ...vars, institution });
    if (fitsTwoParts(text))
      return { templateId, vars: { ...vars, institution }, text, channel: 'sms' };
  }
  throw new DomainError('terms-invalid', 'the code message does not fit in two message parts');
}

/** The same to be spoken: digit by digit, then what for, then the digits again. No limit of message parts. */
export function codeCall(terms: Terms, code: string, checkCode: string): CodeMessage {
  const vars = {
    digits: [...code].join(', '),
    institution: terms.institution.name,
    act: actWord(terms),
    data: terms.plain.data,
    uses: describeUses(terms.uses, terms.language),
    purpose: terms.plain.purpose,
    checkCode,
  };
  const { digits, institution, act, data, uses, purpose } = vars;
  return terms.language === 'zh'
    ? {
        templateId: 'signing-call.zh',
        vars,
        text:
          `${digits}。这是您的签署验证码,5分钟内有效,用途:授权${institution}${act}您的${data}${uses},用于${purpose}。` +
          `核对码${checkCode},应与页面一致。再说一遍:${digits}。向您索要验证码的都是诈骗。`,
        channel: 'voice',
      }
    : {
        templateId: 'signing-call.en',
        vars,
        text:
          `${digits}. This is your signing code, valid 5 minutes: ${institution} may ${act} your ${data} ${uses} for ${purpose}. ` +
          `Check code ${checkCode} must match the page. Once more: ${digits}. Whoever asks you for the code is a fraud.`,
        channel: 'voice',
      };
}

type Vars = Record<
  'sender' | 'code' | 'institution' | 'act' | 'data' | 'uses' | 'purpose' | 'checkCode',
  string
>;

const chineseText = (v: Vars): string =>
  `【${v.sender}】验证码${v.code},5分钟内有效。用途:授权${v.institution}${v.act}您的${v.data}${v.uses},用于${v.purpose}。` +
  `核对码${v.checkCode},应与页面一致。验证码只在签署页面填写,向您索要的都是诈骗;非本人操作请勿填写。`;

const englishText = (v: Vars): string => {
  const long =
    `Code ${v.code}, valid 5 minutes: ${v.institution} may ${v.act} your ${v.data} ${v.uses} for ${v.purpose}. ` +
    `Check code ${v.checkCode} must match the page. Enter the code only there: whoever asks for it is a fraud.`;
  if (fitsTwoParts(long)) return long;
  // A Chinese institution name makes the whole message UCS-2: half the room.
  const short = `Code ${v.code} (5 min): ${v.institution} may ${v.act} your ${v.data} ${v.uses}, ${v.purpose}. Check ${v.checkCode}.`;
  const warned = `${short} Who asks for it is a fraud.`;
  return fitsTwoParts(warned) ? warned : `${short} Tell it nobody.`;
};

export const fitsTwoParts = (text: string): boolean =>
  text.length <= (/^[\x20-\x5a\x61-\x7a]*$/.test(text) ? TWO_PARTS_GSM : TWO_PARTS_UCS2);
