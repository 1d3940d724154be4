import type { Language } from '../moments.js';

/** A number, date or code in a text, comparable across languages. */
export interface Figure {
  /** `6 month`, `2026-11-21`, `91110000ma00dem01m`; a number without known unit is `6`. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const DIGITS = '零〇一二两三四五六七八九';
const VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  [...DIGITS].map((digit, i) => [digit, i < 2 ? 0 : i === 2 ? 1 : i <= 4 ? 2 : i - 2]),
);

const ENGLISH = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
  ...['eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen'],
  'nineteen',
];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september'],
  ...['october', 'november', 'december'],
];

const UNITS: Readonly<Record<string, string>> = {
  工作日: 'workday',
  小时: 'hour',
  分钟: 'minute',
  年: 'year',
  月: 'month',
  日: 'day',
  天: 'day',
  秒: 'second',
  '%': 'percent',
};
const ENGLISH_UNITS: readonly [RegExp, string][] = [
  [/^(?:working|business) ?days?$/, 'workday'],
  [/^hours?$/, 'hour'],
  [/^minutes?$/, 'minute'],
  [/^years?$/, 'year'],
  [/^months?$/, 'month'],
  [/^days?$/, 'day'],
  [/^seconds?$/, 'second'],
  [/^(?:%|percent|per cent)$/, 'percent'],
];

const englishWord = `(?:(?:${TENS.join('|')})(?:[- ](?:${ENGLISH.slice(1, 10).join('|')}))?|${[...ENGLISH].reverse().join('|')})`;
const monthName = `(?:${MONTHS.join('|')})`;

/** Dates, credit codes and digit groups first: their digits are no numbers of their own. */
const WHOLE: Readonly<Record<Language, RegExp>> = {
  zh: /(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})-(\d\d)-(\d\d)(?![\d-])|(?<![0-9a-z])[0-9a-hj-npqrtuwxy]{17}[0-9a-z](?![0-9a-z])|\d[\d-]{5,20}\d/g,
  en: new RegExp(
    `(?<day>\\d{1,2}) (?<month>${monthName}),? (?<year>\\d{4})|(?<month2>${monthName}) (?<day2>\\d{1,2}),? (?<year2>\\d{4})|(\\d{4})-(\\d\\d)-(\\d\\d)(?![\\d-])|(?<![0-9a-z])[0-9a-hj-npqrtuwxy]{17}[0-9a-z](?![0-9a-z])|\\d[\\d-]{5,20}\\d`,
    'g',
  ),
};

const NUMBER: Readonly<Record<Language, RegExp>> = {
  zh: new RegExp(
    `(百分之)?(\\d{1,9}(?:\\.\\d{1,4})?|[${DIGITS}十百千万]{1,8})个?(周岁|工作日|小时|分钟|年|月|日|天|秒|次|岁|%|元|倍|条|家|项|类|笔|位|周)?`,
    'g',
  ),
  en: new RegExp(
    `(?<![\\w.])(\\d{1,9}(?:\\.\\d{1,4})?|${englishWord})(?![\\w])(?:[- ]?((?:working|business) days?|years?|months?|days?|hours?|minutes?|seconds?|%|percent|per cent)(?![a-z]))?`,
    'g',
  ),
};

/**
 * The figures of folded text that the other language must have too. One is left out (一次性, 统一; `one`,
 * `a`), and so is a Chinese numeral without unit (第三方).
 */
export function findFigures(text: string, language: Language): Figure[] {
  const figures: Figure[] = [];
  const rest = text.replace(WHOLE[language], (...args) => {
    const found = args[0] as string;
    const start = args.find((arg, i) => i > 0 && typeof arg === 'number') as number;
    figures.push({ key: wholeKey(found), start, end: start + found.length });
    return ' '.repeat(found.length);
  });
  for (const found of rest.matchAll(NUMBER[language])) {
    const key = language === 'zh' ? chineseKey(found) : englishKey(found);
    if (key !== null) figures.push({ key, start: found.index, end: found.index + found[0].length });
  }
  return figures.sort((a, b) => a.start - b.start);
}

/** Figures of one text that the other lacks; a number without unit matches one with any unit. */
export function missingFigures(from: readonly Figure[], other: readonly Figure[]): Figure[] {
  const keys = new Set(other.map((figure) => figure.key));
  const bare = new Set(other.map((figure) => figure.key.split(' ')[0]!));
  return from.filter(({ key }) => {
    const [value, unit] = key.split(' ');
    if (keys.has(key) || keys.has(value!)) return false;
    return unit === undefined ? !bare.has(value!) : true;
  });
}

function wholeKey(found: string): string {
  const pad = (text: string) => text.padStart(2, '0');
  const chinese = /^(\d{4})年(\d{1,2})月(\d{1,2})日$/.exec(found);
  if (chinese) return `${chinese[1]}-${pad(chinese[2]!)}-${pad(chinese[3]!)}`;
  const month = MONTHS.findIndex((name) => found.includes(name));
  if (month < 0) return found;
  const year = /\d{4}/.exec(found)![0];
  const day = /(?<!\d)\d{1,2}(?!\d)/.exec(found)![0];
  return `${year}-${pad(String(month + 1))}-${pad(day)}`;
}

function chineseKey(found: RegExpMatchArray): string | null {
  const [, percent, number, unit] = found;
  const chinese = !/^\d/.test(number!);
  if (chinese && unit === undefined && percent === undefined) return null;
  const value = chinese ? chineseNumber(number!) : Number(number);
  if (value < 2) return null;
  const name = percent ? 'percent' : UNITS[unit ?? ''];
  return name === undefined ? String(value) : `${value} ${name}`;
}

function englishKey(found: RegExpMatchArray): string | null {
  const [, number, unit] = found;
  const value = /^\d/.test(number!) ? Number(number) : englishNumber(number!);
  if (value < 2) return null;
  const name = ENGLISH_UNITS.find(([pattern]) => unit !== undefined && pattern.test(unit))?.[1];
  return name === undefined ? String(value) : `${value} ${name}`;
}

/** 二十一 → 21, 一百二十 → 120, 二〇二六 → 2026. */
function chineseNumber(text: string): number {
  if (!/[十百千万]/.test(text)) return Number([...text].map((digit) => VALUES[digit]).join(''));
  let total = 0;
  let digit = 0;
  for (const character of text) {
    const value = VALUES[character];
    if (value !== undefined) digit = value;
    else if (character === '万') {
      total = (total + digit) * 10_000;
      digit = 0;
    } else {
      total += (digit || 1) * { 十: 10, 百: 100, 千: 1000 }[character as '十']!;
      digit = 0;
    }
  }
  return total + digit;
}

function englishNumber(text: string): number {
  const [first, second] = text.split(/[- ]/);
  const tens = TENS.indexOf(first!);
  return tens < 0
    ? ENGLISH.indexOf(first!)
    : (tens + 2) * 10 + (second ? ENGLISH.indexOf(second) : 0);
}
