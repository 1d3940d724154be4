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

function instant(year: number, rest: readonly string[], ms: number): Date {
  const [month, day, hour, minute, second] = rest.map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(hour, minute, second, ms);
  // A 31st of February rolls over instead of failing; comparing the fields catches it.
  const exact =
    at.getUTCFullYear() === year &&
    at.getUTCMonth() === month - 1 &&
    at.getUTCDate() === day &&
    at.getUTCHours() === hour &&
    at.getUTCMinutes() === minute &&
    at.getUTCSeconds() === second;
  if (!exact) throw new DomainError('format-der', 'no such time');
  return at;
}

/** `YYYYMMDDHHMMSSZ`; milliseconds are added as a DER fraction if asked for and not zero. */
export function writeGeneralizedTime(at: Date, fraction: boolean): string {
  const iso = at.toISOString();
  if (iso.length !== 24) throw new DomainError('format-der', 'year out of range');
  const whole = iso.slice(0, 19).replace(/[-:T]/g, '');
  const ms = fraction ? iso.slice(20, 23).replace(/0+$/, '') : '';
  return ms ? `${whole}.${ms}Z` : `${whole}Z`;
}
