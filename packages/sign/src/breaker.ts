import type { Clock } from '@mandate/core';

/** Keeps an authority that fails again and again from costing every signature its time-out. */
export interface Breaker {
  /** Until then it is passed over; null while it may be asked. */
  openUntil(): Date | null;
  succeeded(): void;
  failed(): void;
}

/**
 * Opens after some failures in a row and for a while; then one try is let through, whose outcome decides.
 */
export function breaker(
  clock: Clock,
  { failures = 3, pauseSeconds = 30 }: { failures?: number; pauseSeconds?: number } = {},
): Breaker {
  let inARow = 0;
  let until = 0;
  return {
    openUntil: () => (clock.now().getTime() < until ? new Date(until) : null),
    succeeded: () => {
      inARow = 0;
      until = 0;
    },
    failed: () => {
      inARow++;
      if (inARow >= failures) until = clock.now().getTime() + pauseSeconds * 1000;
    },
  };
}
