import { birthDate, isResidentId } from '@mandate/terms';

/** Whoever is younger signs nothing; the day of a query in its id is then nobody's birthday. */
const YEARS = 14;
/** Of ID numbers: provinces, Taiwan, Hong Kong, Macao, permanent residents. */
const REGION = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[1-4])/;

/**
 * Whether an ID number (18 or 15 places) or a mobile number stands in a text, as a row of digits of its own: ids of
 * queries are kept and shown.
 */
export function tellsPeople(text: string, at: Date): boolean {
  const year = at.getUTCFullYear() - YEARS;
  for (const [row] of text.matchAll(/\d+[Xx]?/gu)) {
    if (/^(?:86)?1[3-9]\d{9}$/.test(row)) return true;
    const id = row.toUpperCase();
    if (isResidentId(id) && Number(birthDate(id)!.slice(0, 4)) <= year) return true;
    const old = /^(\d{6})(\d{2})(\d{2})(\d{2})\d{3}$/.exec(row);
    if (old && REGION.test(row) && isDay(`19${old[2]}-${old[3]}-${old[4]}`)) return true;
  }
  return false;
}

const isDay = (day: string): boolean => {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
};
