/** A view in which something can be typed. */
export interface Writing {
  readonly tagName: string;
  /** What was typed and not sent, to be put back as it is; undefined: nothing. */
  readonly typed: unknown;
}

/** Those on the page. */
const writing = new Set<Writing>();
/** What was not sent when a session ended, by address and view: it lives as long as the page, for that person alone. */
const kept = new Map<string, unknown>();
let keptFor: string | undefined;

const placeOf = ({ tagName }: Writing): string => `${location.pathname} ${tagName}`;

/** From now on `view` is looked at; the answer ends that. */
export function watchTyped(view: Writing): () => void {
  writing.add(view);
  return () => void writing.delete(view);
}

/** Something stands on the page that would be lost by leaving it. */
export const somethingTyped = (): boolean => [...writing].some(({ typed }) => typed !== undefined);

/** The session is over, by itself: what was typed waits for the same person's next. */
export function keepTyped(staff: string): void {
  forgetTyped();
  keptFor = staff;
  for (const view of writing) if (view.typed !== undefined) kept.set(placeOf(view), view.typed);
}

/** Somebody has signed out. */
export function forgetTyped(): void {
  kept.clear();
  keptFor = undefined;
}

/** What `view` had there when the session of `staff` ended, once; of somebody else it is forgotten. */
export function keptTyped(view: Writing, staff: string): unknown {
  if (keptFor !== staff) forgetTyped();
  const found = kept.get(placeOf(view));
  kept.delete(placeOf(view));
  return found;
}
