/** Seconds a thing was in front of somebody: runs only while the page is visible. An indication, no more. */
export class ReadingClock {
  #milliseconds = 0;
  #since: number | undefined;
  readonly #follow = (): void => {
    if (document.visibilityState === 'visible') this.#since ??= performance.now();
    else this.#pause();
  };

  start(): void {
    document.addEventListener('visibilitychange', this.#follow);
    this.#follow();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#follow);
    this.#pause();
  }

  /** Whole seconds so far. */
  get seconds(): number {
    const running = this.#since === undefined ? 0 : performance.now() - this.#since;
    return Math.floor((this.#milliseconds + running) / 1000);
  }

  #pause(): void {
    if (this.#since !== undefined) this.#milliseconds += performance.now() - this.#since;
    this.#since = undefined;
  }
}
