/** Something that happened; what is told of it beside is carried along. */
export interface Moment {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
}

/** Something that lasted; `until` absent: it still does. */
export interface Span {
  readonly what: string;
  readonly from: string;
  readonly until?: string | undefined;
}

export interface TimelineModel<M extends Moment> {
  /** Oldest first, with the milliseconds since the one before; null for the first. */
  readonly rows: readonly (M & { readonly gap: number | null })[];
  /** Places between the rows, which lie one apart: 1.5 is half way between the second and the third. */
  readonly spans: readonly (Span & { readonly fromRow: number; readonly untilRow: number })[];
}

/** Beyond the first or last row, where nothing is to be compared with. */
const BEYOND = 0.4;

/**
 * What every picture of a life is drawn from, on paper and on the screen. Rows lie one apart whatever the time between
 * them: minutes of a signature and years of use on one page. Moments of the same millisecond keep the order in which
 * they come.
 */
export function timelineModel<M extends Moment>(
  moments: readonly M[],
  spans: readonly Span[] = [],
): TimelineModel<M> {
  const ordered = inOrder(moments);
  const times = ordered.map(({ at }) => Date.parse(at));
  return {
    rows: ordered.map((moment, i) => ({
      ...moment,
      gap: i === 0 ? null : times[i]! - times[i - 1]!,
    })),
    spans:
      times.length === 0
        ? []
        : spans
            .map((span) => ({
              ...span,
              fromRow: placeOf(times, Date.parse(span.from)),
              untilRow: placeOf(
                times,
                span.until === undefined ? Infinity : Date.parse(span.until),
              ),
            }))
            .filter(({ fromRow, untilRow }) => untilRow > fromRow),
  };
}

export const inOrder = <M extends Moment>(moments: readonly M[]): M[] =>
  moments.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

/** A moment's place between the others, in rows; beyond them a little more. */
function placeOf(times: readonly number[], at: number): number {
  const next = times.findIndex((time) => time > at);
  if (next === 0) return -BEYOND;
  if (next === -1) return times.length - 1 + (at === times.at(-1) ? 0 : BEYOND);
  const [before, after] = [times[next - 1]!, times[next]!];
  return next - 1 + (at - before) / (after - before);
}
