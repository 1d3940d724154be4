import { isDomainError } from '@mandate/core';
import type { Log } from './logs.js';

/** What a piece of work that repeats sees of the loop around it. */
export interface Turn {
  /** Told to end: what goes on for long looks at it between its steps. */
  stopped(): boolean;
  /** Something was done: a failure after it is a first one again. */
  went(): void;
}

/**
 * Runs `work` again and again, `every` milliseconds after its end. A failure is logged as `what` and tried again, after
 * `every`, or by `pauses`: after `first` milliseconds, doubled with each failure in a row, at most `most`. `close` ends
 * the pause and waits for work that is under way.
 */
export function repeat(
  work: (turn: Turn) => Promise<void>,
  p: {
    readonly every: number;
    readonly pauses?: { readonly first: number; readonly most: number };
    readonly log: Pick<Log, 'warn' | 'error'>;
    readonly what: string;
  },
): { close(): Promise<void> } {
  const { first, most } = p.pauses ?? { first: p.every, most: p.every };
  let closed = false;
  let failures = 0;
  let wake: () => void = () => undefined;
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  const turn: Turn = {
    stopped: () => closed,
    went: () => {
      failures = 0;
    },
  };
  const loop = async (): Promise<void> => {
    while (!closed) {
      try {
        await work(turn);
        failures = 0;
      } catch (err) {
        failures += 1;
        // What goes away while this ends is no news, and what was begun is taken up after the next start.
        const away = isDomainError(
          err,
          ...(['database-unavailable', 'queue-unavailable'] as const),
          ...(['authority-unavailable', 'objects-unavailable'] as const),
        );
        if (!(closed && away))
          p.log[away ? 'warn' : 'error']({ what: p.what, err }, 'failed; trying again');
      }
      if (!closed)
        await pause(failures === 0 ? p.every : Math.min(first * 2 ** (failures - 1), most));
    }
  };
  const running = loop();
  return {
    close: () => {
      closed = true;
      wake();
      return running;
    },
  };
}
