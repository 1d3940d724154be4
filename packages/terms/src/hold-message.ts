import { fitsTwoParts, shortName } from './code-message.js';
import { beijingDay } from './moments.js';
import type { Terms } from './terms.js';

export type HoldMessageId =
  'hold-opened.zh' | 'hold-opened.en' | 'hold-resolved.zh' | 'hold-resolved.en';

export interface HoldMessage {
  readonly templateId: HoldMessageId;
  readonly vars: Record<string, string>;
  readonly text: string;
}

/** A dispute, or its end, as the subject is told of it. */
export interface HoldNews {
  readonly at: Date;
  readonly by: 'subject' | 'institution';
  /** Null: it has just begun. */
  readonly outcome: 'upheld' | 'rejected' | 'retracted' | null;
}

const WHAT = {
  zh: {
    opened: '已暂停使用,待争议处理完毕',
    upheld: '争议成立,该授权不再可用',
    rejected: '争议不成立,该授权恢复原状',
    retracted: '争议已撤销,该授权恢复原状',
  },
  en: {
    opened: 'is disputed and cannot be used until that is decided',
    upheld: 'cannot be used any more: the dispute was upheld',
    rejected: 'is as it was before: the dispute was rejected',
    retracted: 'is as it was before: the dispute was retracted',
  },
} as const;

/**
 * The message when a letter is disputed and when that is decided, also where the institution disputed it: nothing
 * happens to a letter behind its subject's back. No name, no number of the subject, no link.
 */
export function holdMessage(terms: Terms, { at, outcome }: HoldNews): HoldMessage {
  const { language } = terms;
  const vars = {
    sender: shortName(terms.institution.name),
    day: beijingDay(at),
    letterNumber: terms.letterNumber,
    what: WHAT[language][outcome ?? 'opened'],
    address: `${new URL(terms.verifyUrl).host}/my`,
  };
  const write = language === 'zh' ? chineseText : englishText;
  const fitting = fitsTwoParts(write(vars)) ? vars : { ...vars, address: '' };
  return {
    templateId: `${outcome ? 'hold-resolved' : 'hold-opened'}.${language}`,
    vars: fitting,
    text: write(fitting),
  };
}

type Vars = Record<'sender' | 'day' | 'letterNumber' | 'what' | 'address', string>;

const chineseText = (v: Vars): string =>
  `【${v.sender}】您的授权书${v.letterNumber}于${v.day}${v.what}。` +
  `${v.address ? `查看:${v.address}。` : ''}如有疑问请联系该机构。验证码不要告诉任何人。`;

const englishText = (v: Vars): string =>
  `${v.sender}: as of ${v.day} your letter ${v.letterNumber} ${v.what}. ` +
  `${v.address ? `See ${v.address}. ` : ''}Tell nobody a code.`;
