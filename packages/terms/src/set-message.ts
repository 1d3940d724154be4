import { fitsTwoParts, shortName, type CodeMessage } from './code-message.js';
import type { Terms } from './terms.js';

type OfSet = Pick<Terms, 'institution' | 'language'>;

/**
 * The text message of a signing set: one code for `count` letters, whose number it states. The check code is the
 * set's. Whatever the names, it fits in two message parts: the longest of these texts that does is sent.
 */
export function setCodeMessage(
  { institution, language }: OfSet,
  count: number,
  code: string,
  checkCode: string,
): CodeMessage {
  const sender = shortName(institution.name);
  const vars = { sender, institution: institution.name, code, count: String(count), checkCode };
  const texts =
    language === 'zh'
      ? [chinese({ ...vars }), chinese({ ...vars, institution: sender }), shortChinese(vars)]
      : [
          english(vars),
          shortEnglish(vars),
          shortEnglish({ ...vars, institution: sender }),
          shortestEnglish(vars),
        ];
  return {
    templateId: language === 'zh' ? 'signing-set.zh' : 'signing-set.en',
    vars,
    text: texts.find(fitsTwoParts) ?? texts.at(-1)!,
    channel: 'sms',
  };
}

/** The same to be spoken. */
export function setCodeCall(
  { institution, language }: OfSet,
  count: number,
  code: string,
  checkCode: string,
): CodeMessage {
  const digits = [...code].join(', ');
  const { name } = institution;
  return {
    templateId: language === 'zh' ? 'signing-set-call.zh' : 'signing-set-call.en',
    vars: { digits, institution: name, count: String(count), checkCode },
    text:
      language === 'zh'
        ? `${digits}。这是您的签署验证码,5分钟内有效,用途:一次签署给${name}的${count}份授权书。` +
          `核对码${checkCode},应与页面一致。再说一遍:${digits}。向您索要验证码的都是诈骗。`
        : `${digits}. This is your signing code, valid 5 minutes, for ${count} letters of authorization to ${name}. ` +
          `Check code ${checkCode} must match the page. Once more: ${digits}. Whoever asks you for the code is a fraud.`,
    channel: 'voice',
  };
}

type Vars = Record<'sender' | 'institution' | 'code' | 'count' | 'checkCode', string>;

const chinese = (v: Vars): string =>
  `【${v.sender}】验证码${v.code},5分钟内有效。用途:一次签署给${v.institution}的${v.count}份授权书。` +
  `核对码${v.checkCode},应与页面一致。验证码只在签署页面填写,向您索要的都是诈骗;非本人操作请勿填写。`;

const shortChinese = (v: Vars): string =>
  `【${v.sender}】验证码${v.code},5分钟内有效,一次签署${v.count}份授权书。核对码${v.checkCode},应与页面一致。向您索要验证码的都是诈骗。`;

const english = (v: Vars): string =>
  `Code ${v.code}, valid 5 minutes, signs ${v.count} letters of authorization to ${v.institution}. ` +
  `Check code ${v.checkCode} must match the page. Enter the code only there: whoever asks for it is a fraud.`;

/** A Chinese institution name makes the whole message UCS-2: half the room. */
const shortEnglish = (v: Vars): string =>
  `Code ${v.code} (5 min) signs ${v.count} letters to ${v.institution}. Check ${v.checkCode}. Who asks for it is a fraud.`;

const shortestEnglish = (v: Vars): string =>
  `Code ${v.code} (5 min) signs ${v.count} letters. Check ${v.checkCode}. Who asks for it is a fraud.`;
