/** Letters speak Beijing time; the typed terms hold UTC. China has had no daylight saving since 1992. */
const BEIJING_OFFSET_MS = 8 * 3600 * 1000;

export type Language = 'zh' | 'en';

/** Calendar day in Beijing, `YYYY-MM-DD`. */
export const beijingDay = (at: Date): string =>
  new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 10);

/** `2026年12月21日23:59:59(北京时间)` or `2026-12-21 23:59:59 (Beijing time, UTC+8)`. */
export function formatMoment(utc: string, language: Language): string {
  const local = new Date(Date.parse(utc) + BEIJING_OFFSET_MS).toISOString();
  const time = local.slice(11, 19);
  return language === 'zh'
    ? `${formatDay(utc, 'zh')}${time}（北京时间）`
    : `${formatDay(utc, 'en')} ${time} (Beijing time, UTC+8)`;
}

/** The Beijing day of a UTC moment: `2026年12月21日` or `2026-12-21`. */
export function formatDay(utc: string, language: Language): string {
  const day = beijingDay(new Date(Date.parse(utc)));
  if (language === 'en') return day;
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}
