/** Waits until that moment of `performance.now()`, so that what came before cannot be heard in the answer's time. */
export const untilMilliseconds = (end: number): Promise<void> =>
  new Promise((done) => setTimeout(done, Math.max(0, end - performance.now())));
