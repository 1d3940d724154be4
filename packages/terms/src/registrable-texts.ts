import { codeCall, codeMessage } from './code-message.js';
import { holdMessage } from './hold-message.js';
import { ownCodeMessage } from './own-message.js';
import { passkeyMessage } from './passkey-message.js';
import { setCodeCall, setCodeMessage } from './set-message.js';
import type { Terms } from './terms.js';
import { useMessage } from './use-message.js';

/** One text as a vendor wants it registered: what varies from message to message stands as `{name}`. */
export interface RegistrableText {
  readonly template: string;
  /** Signature, without its brackets; English texts have none of their own. */
  readonly sign: string | null;
  readonly text: string;
  /** The longest value each variable can have. */
  readonly longest: Readonly<Record<string, number>>;
}

/** Stand-ins of the size of the real values, so that the same wording is chosen; none occurs in a text by itself. */
const CODE = 'QZQZQZ';
const CHECK = 'XJX-JXJ';
const DAY = new Date('2099-12-30T04:00:00Z');
const NUMBER = 88;
const OF = 99;
const COUNT = 4;

/**
 * Every written message about letters with these terms. Institution, data, purpose and uses are part of the
 * wording: vendors approve a text, not a pattern that could say anything.
 */
export function registrableTexts(terms: Terms): readonly RegistrableText[] {
  const { language } = terms;
  const code = { [CODE]: 'code', [CHECK]: 'checkCode' };
  const made = [
    { message: codeMessage(terms, CODE, CHECK), vars: code },
    {
      message: setCodeMessage(terms, COUNT, CODE, CHECK),
      vars: { ...code, [language === 'zh' ? `${COUNT}份` : `${COUNT} letters`]: 'count' },
    },
    { message: ownCodeMessage(language, CODE), vars: { [CODE]: 'code' } },
    {
      message: useMessage(terms, {
        at: DAY,
        source: terms.sources[0]?.creditCode ?? '',
        number: NUMBER,
        of: OF,
      }),
      vars: { [NUMBER]: 'number', [OF]: 'of', [terms.letterNumber]: 'letterNumber' },
    },
    { message: passkeyMessage(terms, DAY), vars: {} },
    ...([null, 'upheld', 'rejected', 'retracted'] as const).map((outcome) => ({
      message: holdMessage(terms, { at: DAY, by: 'subject', outcome }),
      vars: { [terms.letterNumber]: 'letterNumber' },
    })),
  ];
  return made.map(({ message, vars }) => {
    const sign = /^【([^】]+)】/.exec(message.text)?.[1] ?? null;
    const longest: Record<string, number> = {};
    let text = sign === null ? message.text : message.text.slice(sign.length + 2);
    const put = (value: string, name: string, tail = ''): void => {
      if (!text.includes(value + tail)) return;
      text = text.replace(value + tail, `{${name}}${tail}`);
      longest[name] = value.length;
    };
    const day = (message.vars as Record<string, string>)['day'];
    if (day) put(day, 'day');
    for (const [value, name] of Object.entries(vars)) {
      const tail = name === 'count' ? value.slice(1) : '';
      put(tail ? value.slice(0, 1) : value, name, tail);
    }
    return { template: message.templateId, sign, text, longest };
  });
}

/** Every call about letters with these terms, as a vendor's voice product wants it registered; calls have no signature. */
export function registrableCalls(terms: Terms): readonly RegistrableText[] {
  const { language } = terms;
  const counted = language === 'zh' ? '份' : ' letters';
  const calls = [codeCall(terms, CODE, CHECK), setCodeCall(terms, COUNT, CODE, CHECK)];
  return calls.map(({ templateId, text, vars }) => {
    const digits = vars['digits']!;
    const spoken = text
      .replaceAll(digits, '{digits}')
      .replace(CHECK, '{checkCode}')
      .replace(`${COUNT}${counted}`, `{count}${counted}`);
    const longest = { digits: digits.length, checkCode: CHECK.length, count: 1 };
    const used = Object.entries(longest).filter(([name]) => spoken.includes(`{${name}}`));
    return { template: templateId, sign: null, text: spoken, longest: Object.fromEntries(used) };
  });
}
