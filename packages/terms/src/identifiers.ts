/** Identifiers of people and organisations, by their published check rules. All functions are pure predicates. */

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECKS = '10X98765432';

/** GB 11643-1999: 17 digits and a check character (ISO 7064 MOD 11-2), with a real birth date. */
export function isResidentId(text: string): boolean {
  if (!/^[1-8]\d{16}[\dX]$/.test(text)) return false;
  const sum = RESIDENT_WEIGHTS.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  return RESIDENT_CHECKS[sum % 11] === text[17] && birthDate(text) !== null;
}

/** `YYYY-MM-DD` from a resident ID number, null when that day does not exist. */
export function birthDate(residentId: string): string | null {
  const day = `${residentId.slice(6, 10)}-${residentId.slice(10, 12)}-${residentId.slice(12, 14)}`;
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) return null;
  return day < '1850-01-01' ? null : day;
}

/** Full years on the given Beijing calendar day; negative for a birth in the future. */
export function ageOn(born: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
  return today.slice(5) < born.slice(5) ? years - 1 : years;
}

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** GB 32100-2015 unified social credit code: 18 characters without I O S V Z, last one a check character. */
export function isCreditCode(text: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) return false;
  const sum = CREDIT_WEIGHTS.reduce(
    (total, weight, i) => total + weight * CREDIT_ALPHABET.indexOf(text[i]!),
    0,
  );
  return CREDIT_ALPHABET[(31 - (sum % 31)) % 31] === text[17];
}

/** Mainland mobile number of 11 digits, or E.164 of another country. `+86` is written without it. */
export const isPhone = (text: string): boolean =>
  /^1[3-9]\d{9}$/.test(text) || /^\+(?!86)[1-9]\d{6,14}$/.test(text);

/** One spelling per number, so that limits per number cannot be passed by a prefix. */
export const normalizePhone = (text: string): string => text.replace(/^\+86(?=1\d{10}$)/, '');

const ID_PATTERNS = {
  passport: /^[A-Z0-9]{5,17}$/,
  'hk-macau-permit': /^[HM]\d{8}(?:\d{2})?$/,
  'taiwan-permit': /^\d{8}(?:\d{2})?$/,
} as const;

export const ID_TYPES = ['cn-resident-id', 'passport', 'hk-macau-permit', 'taiwan-permit'] as const;
export type IdType = (typeof ID_TYPES)[number];

export const isIdNumber = (type: IdType, text: string): boolean =>
  type === 'cn-resident-id' ? isResidentId(text) : ID_PATTERNS[type].test(text);
