/** Masks for screens (JR/T 0171-2020): enough for the subject to recognise, not enough to learn. */

const stars = (count: number): string => '*'.repeat(Math.max(count, 1));

/** `张*`, `欧**`; at most three stars, so that the length of a long name is not told. */
export function maskName(name: string): string {
  const [first = '', ...rest] = [...name];
  return first + stars(Math.min(rest.length, 3));
}

/** `138****1234`, `+852****5678`. */
export function maskPhone(phone: string): string {
  return phone.slice(0, Math.max(phone.length - 8, 1)) + stars(4) + phone.slice(-4);
}

/** `110***********1234`; shorter numbers keep one character in front and two behind. */
export function maskIdNumber(idNumber: string): string {
  const [front, back] = idNumber.length >= 15 ? [3, 4] : [1, 2];
  return idNumber.slice(0, front) + stars(idNumber.length - front - back) + idNumber.slice(-back);
}
