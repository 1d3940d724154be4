import { DomainError } from '@mandate/core/errors';

const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d*[1-9]))?Z$/;

/** `YYMMDDHHMMSSZ`, years 1950–2049 (RFC 5280 §4.1.2.5.1). Throws `format-der`. */
export function readUtcTime(text: string): Date {
  const match = UTC.exec(text);
  if (!match) throw new DomainError('format-der', 'bad UTCTime');
  const year = Number(match[1]);
  return instant(year < 50 ? 2000 + year : 1900 + year, match.slice(2, 7), 0);
}

/** `YYYYMMDDHHMMSS[.f]Z`; a fraction never ends in zero (X.690 §11.7). Throws `format-der`. */
export function readGeneralizedTime(text: string, fraction: boolean): Date {
  const match = GENERALIZED.exec(text);
  if (!match || (match[7] !== undefined && !fraction))
    throw new DomainError('format-der', 'bad GeneralizedTime');
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return instant(Number(match[1]), match.slice(2, 7), ms);
}

const FOUR_CENTURIES_MS = 146_097 * 86_400_000;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function instant(year: number, rest: readonly string[], ms: number): Date {
  const [month, day, hour, minute, second] = rest.map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  // By table rather than by building a date and looking what became of it: lists have thousands.
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59)
    throw new DomainError('format-der', 'no such time');
  // Date.UTC takes the years 0–99 for 1900–1999; the calendar repeats every 400 years.
  const early = year < 100;
  const at = Date.UTC(early ? year + 400 : year, month - 1, day, hour, minute, second, ms);
  return new Date(early ? at - FOUR_CENTURIES_MS : at);
}

/** `YYYYMMDDHHMMSSZ`; milliseconds are added as a DER fraction if asked for and not zero. */
export function writeGeneralizedTime(at: Date, fraction: boolean): string {
  const iso = at.toISOString();
  if (iso.length !== 24) throw new DomainError('format-der', 'year out of range');
  const whole = iso.slice(0, 19).replace(/[-:T]/g, '');
  const ms = fraction ? iso.slice(20, 23).replace(/0+$/, '') : '';
  return ms ? `${whole}.${ms}Z` : `${whole}Z`;
}
