import { Problem } from '@mandate/pages/browser/problem';

/** Which ticket this page is about and whose pages may frame it, as the server wrote it on the page. */
const { ticket = '', origins = '' } =
  document.querySelector<HTMLElement>('mandate-ceremony')?.dataset ?? {};

/** The link id of `/w/{id}`; empty on other pages. */
export const TICKET = ticket;
export const ORIGINS: readonly string[] = origins === '' ? [] : origins.split(' ');

/** True inside any other page. */
export const FRAMED = window.parent !== window;

/**
 * Old browsers do not know `frame-ancestors`, so the page looks for itself. Throws `frame-refused`.
 */
export function checkAncestors(): void {
  const ancestors: readonly string[] = [...(location.ancestorOrigins ?? [])];
  if (ORIGINS.length === 0 || ancestors.some((origin) => !ORIGINS.includes(origin)))
    throw new Problem('frame-refused');
}
