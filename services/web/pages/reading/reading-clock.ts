/** Milliseconds a thing was in front of somebody: runs only while the page is visible. */
export class ReadingClock {
  #milliseconds = 0;
  #since: number | undefined;
  readonly #follow = (): void => {
    if (document.visibilityState === 'visible') this.#since ??= performance.now();
    else this.#pause();
  };

  /** `milliseconds`: what was read before the page was loaded anew. */
  start(milliseconds = 0): void {
    this.#milliseconds = milliseconds;
    document.addEventListener('visibilitychange', this.#follow);
    this.#follow();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#follow);
    this.#pause();
  }

  get milliseconds(): number {
    const running = this.#since === undefined ? 0 : performance.now() - this.#since;
    return Math.floor(this.#milliseconds + running);
  }

  /** Whole seconds so far. */
  get seconds(): number {
    return Math.floor(this.milliseconds / 1000);
  }

  #pause(): void {
    if (this.#since !== undefined) this.#milliseconds += performance.now() - this.#since;
    this.#since = undefined;
  }
}
