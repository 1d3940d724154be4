/** Letters speak Beijing time; the typed terms hold UTC. China has had no daylight saving since 1992. */
const BEIJING_OFFSET_MS = 8 * 3600 * 1000;

export type Language = 'zh' | 'en';

/** Day and time in Beijing, `YYYY-MM-DD HH:MM:SS`. */
export const beijingMoment = (at: Date): string =>
  new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');

/** Calendar day in Beijing, `YYYY-MM-DD`. */
export const beijingDay = (at: Date): string => beijingMoment(at).slice(0, 10);

export type CalendarPeriod = 'month' | 'quarter' | 'year';

/** Calendar period in Beijing as facts of uses name it: `2026-11`, `2026-Q4`, `2026`. */
export function beijingPeriod(at: Date, per: CalendarPeriod): string {
  const [year, month] = beijingDay(at).split('-');
  if (per === 'year') return year!;
  return `${year}-${per === 'month' ? month : `Q${Math.ceil(Number(month) / 3)}`}`;
}

/** `2026年12月21日23:59:59(北京时间)` or `2026-12-21 23:59:59 (Beijing time, UTC+8)`. */
export function formatMoment(utc: string, language: Language): string {
  const time = beijingMoment(new Date(utc)).slice(11);
  return language === 'zh'
    ? `${formatDay(utc, 'zh')}${time}（北京时间）`
    : `${formatDay(utc, 'en')} ${time} (Beijing time, UTC+8)`;
}

/** The Beijing day of a UTC moment: `2026年12月21日` or `2026-12-21`. */
export function formatDay(utc: string, language: Language): string {
  const day = beijingDay(new Date(utc));
  if (language === 'en') return day;
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}
