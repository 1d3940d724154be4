/** `D:YYYYMMDDHHmmSSZ` (ISO 32000-1 §7.9.4) in UTC; sub-seconds are cut. */
export function formatPdfDate(at: Date): string {
  return `D:${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

/** Inverse of `formatPdfDate`; undefined for every other spelling and for impossible dates. */
export function parsePdfDate(text: string): Date | undefined {
  const m = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!m) return undefined;
  const at = new Date(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`);
  return Number.isNaN(at.getTime()) || formatPdfDate(at) !== text ? undefined : at;
}
