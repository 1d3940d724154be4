import { fitsTwoParts, shortName } from './code-message.js';
import { beijingDay } from './moments.js';
import type { Terms } from './terms.js';

export interface PasskeyMessage {
  readonly templateId: 'passkey-registered.zh' | 'passkey-registered.en';
  readonly vars: Record<string, string>;
  readonly text: string;
}

/**
 * The message after a passkey was registered under this number: what it can do, where to remove it, whom to ask.
 * The address is short, to be typed by hand. No name, and nothing of the letter.
 */
export function passkeyMessage(terms: Terms, at: Date): PasskeyMessage {
  const { name } = terms.institution;
  const vars = {
    sender: shortName(name),
    institution: name,
    day: beijingDay(at),
    address: `${new URL(terms.verifyUrl).host}/my`,
  };
  const chinese = terms.language === 'zh';
  const write = chinese ? chineseText : englishText;
  // A Chinese name makes an English message UCS-2, half the room: there the sender alone has to do.
  const tries = [vars, { ...vars, institution: vars.sender }, { ...vars, institution: '' }];
  const fitting = tries.find((v) => fitsTwoParts(write(v))) ?? tries.at(-1)!;
  return {
    templateId: chinese ? 'passkey-registered.zh' : 'passkey-registered.en',
    vars: fitting,
    text: write(fitting),
  };
}

type Vars = Record<'sender' | 'institution' | 'day' | 'address', string>;

const chineseText = (v: Vars): string =>
  `【${v.sender}】${v.day},有人凭您的手机号设置了通行密钥,可用来签署您的授权书。` +
  `不是您设置的,请到${v.address}移除${v.institution ? `,并联系${v.institution}` : ''}。验证码不要告诉任何人。`;

const englishText = (v: Vars): string =>
  `On ${v.day} a passkey was set up with your number. It can sign letters in your name. ` +
  `Not you? Remove it at once at ${v.address}${v.institution ? ` and tell ${v.institution}` : ''}. Tell nobody a code.`;
