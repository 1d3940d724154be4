/** Dates and times are told in UTC+8, as letters and reports tell them. */
const parts = (at: string): Record<string, string> =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: 'Asia/Shanghai', hourCycle: 'h23' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit' },
    })
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  );

/** `2026-11-22`. */
export const day = (at: string): string => {
  const { year, month, day } = parts(at);
  return `${year}-${month}-${day}`;
};

/** `2026-11-22 18:04`, in UTC+8; the page says once which time it is. */
export const moment = (at: string): string => {
  const { hour, minute } = parts(at);
  return `${day(at)} ${hour}:${minute}`;
};

/** How many days of the calendar from `now` (milliseconds) to then, in UTC+8: 0 on the same day, negative when past. */
export const daysLeft = (at: string, now: number): number =>
  (Date.parse(day(at)) - Date.parse(day(new Date(now).toISOString()))) / 86_400_000;

/** Midnight of a day `2026-11-22`, in UTC+8. */
export const startOfDay = (day: string): string => `${day}T00:00:00+08:00`;

/** The last second of a day `2026-11-22`, in UTC+8: what happened on it is counted from its end. */
export const endOfDay = (day: string): string => `${day}T23:59:59+08:00`;

/** The last day of a time that ends before `to`. */
export const lastDay = (to: string): string => day(new Date(Date.parse(to) - 1).toISOString());

/** The same time some days later. */
export const dayAfter = (at: string, days = 1): string =>
  new Date(Date.parse(at) + days * 86_400_000).toISOString();
