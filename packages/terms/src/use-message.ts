import { actWord, fitsTwoParts, shortName } from './code-message.js';
import { beijingDay } from './moments.js';
import type { Terms } from './terms.js';

export interface UseMessage {
  readonly templateId: 'use-made.zh' | 'use-made.en';
  readonly vars: Record<string, string>;
  readonly text: string;
}

/** One use, as the subject is told of it. */
export interface ToldUse {
  readonly at: Date;
  /** Credit code of the source that was asked. */
  readonly source: string;
  readonly number: number;
  readonly of: number;
}

/**
 * The message after a use: who, what, when, which of how many, and the short address where the subject sees and
 * withdraws it, to be typed by hand. No name, no phone number, no link: whoever reads it over a shoulder learns
 * nothing that the institution's name does not say.
 */
export function useMessage(terms: Terms, use: ToldUse): UseMessage {
  const reports = terms.act === 'report';
  // A report comes out of the institution's own records: where from is no news.
  const source = reports
    ? ''
    : (terms.sources.find(({ creditCode }) => creditCode === use.source)?.name ?? '');
  const vars = {
    sender: shortName(terms.institution.name),
    institution: terms.institution.name,
    source,
    act: terms.language === 'zh' ? actWord(terms) : reports ? 'reported' : 'queried',
    data: terms.plain.data,
    purpose: terms.plain.purpose,
    day: beijingDay(use.at),
    number: String(use.number),
    of: String(use.of),
    letterNumber: terms.letterNumber,
    address: `${new URL(terms.verifyUrl).host}/my`,
  };
  const templateId = terms.language === 'zh' ? 'use-made.zh' : 'use-made.en';
  const write = terms.language === 'zh' ? chineseText : englishText;
  const tries = [
    vars,
    { ...vars, source: '' },
    { ...vars, source: '', institution: vars.sender },
    { ...vars, source: '', institution: vars.sender, address: '' },
  ];
  const fitting = tries.find((v) => fitsTwoParts(write(v))) ?? tries.at(-1)!;
  return { templateId, vars: fitting, text: write(fitting) };
}

type Vars = Record<
  | 'sender'
  | 'institution'
  | 'source'
  | 'act'
  | 'data'
  | 'purpose'
  | 'day'
  | 'number'
  | 'of'
  | 'letterNumber'
  | 'address',
  string
>;

const chineseText = (v: Vars): string =>
  `【${v.sender}】${v.institution}已于${v.day}依据您的授权书${v.letterNumber}${v.source ? `向${v.source}` : ''}${v.act}您的${v.data}` +
  `(第${v.number}次,共${v.of}次),用于${v.purpose}。${v.address ? `查看、撤回:${v.address}` : '您可随时撤回授权'};非本人授权请联系该机构。`;

const englishText = (v: Vars): string =>
  `${v.institution} ${v.act} your ${v.data}${v.source ? ` from ${v.source}` : ''} on ${v.day} under letter ${v.letterNumber} ` +
  `(${v.number} of ${v.of}) for ${v.purpose}. ${v.address ? `See and withdraw: ${v.address}` : 'You may withdraw at any time.'}`;
