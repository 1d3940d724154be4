/** A view in which something can be typed. */
export interface Writing {
  readonly tagName: string;
  /** What was typed and not sent, to be put back as it is; undefined: nothing. */
  readonly typed: unknown;
}

/** Milliseconds: no session is longer, and whoever comes back after that begins anew. */
const KEPT_FOR = 10 * 3_600_000;

/** Those on the page. */
const writing = new Set<Writing>();
/** What was not sent when a session ended, by address and view: it lives as long as the page, for that person alone. */
const kept = new Map<string, unknown>();
let keptFor: string | undefined;
let keptAt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const placeOf = ({ tagName }: Writing): string => `${location.pathname} ${tagName}`;

/** From now on `view` is looked at; the answer ends that. */
export function watchTyped(view: Writing): () => void {
  writing.add(view);
  return () => void writing.delete(view);
}

/** Something stands on the page that would be lost by leaving it. */
export const somethingTyped = (): boolean => [...writing].some(({ typed }) => typed !== undefined);

/** Something of a session that ended waits: it is lost with the page. */
export const somethingKept = (): boolean => {
  forgetLate();
  return kept.size > 0;
};

/** The session is over, and not by a sign-out on this page: what was typed waits for the same person's next. */
export function keepTyped(staff: string): void {
  forgetTyped();
  for (const view of writing) if (view.typed !== undefined) kept.set(placeOf(view), view.typed);
  if (kept.size === 0) return;
  keptFor = staff;
  keptAt = Date.now();
  timer = setTimeout(forgetTyped, KEPT_FOR);
}

/** Somebody has signed out here. */
export function forgetTyped(): void {
  clearTimeout(timer);
  kept.clear();
  keptFor = undefined;
}

/** Of a machine that slept, the timer comes late. */
function forgetLate(): void {
  if (Date.now() - keptAt >= KEPT_FOR) forgetTyped();
}

/** What `view` had there when the session of `staff` ended, once; of somebody else it is forgotten. */
export function keptTyped(view: Writing, staff: string): unknown {
  forgetLate();
  if (keptFor !== staff) forgetTyped();
  const found = kept.get(placeOf(view));
  kept.delete(placeOf(view));
  return found;
}
