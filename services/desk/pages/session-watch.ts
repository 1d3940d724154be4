import type { Session } from './api/sign-in.js';
import type { DeskClient } from './desk-client.js';
import { atMoment } from './ui/at-moment.js';

/** As long as role vault lets a session idle. */
const IDLE_MILLISECONDS = 30 * 60_000;
const LOOK_EVERY = 5000;
/** Milliseconds between questions to the server whether the session still is. */
const ASK_EVERY = 60_000;
/** Milliseconds between two times that the server hears of somebody who is writing and sends nothing yet. */
const KEEP_EVERY = 3 * 60_000;
/** Milliseconds in which a tab that wakes is told what others told meanwhile, before it takes itself for the last. */
const TOLD_WITHIN = 500;
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** `signsOut`: the server is to end the session too. */
type Over = (note: 'over' | 'left', signsOut?: boolean) => void;

interface Told {
  readonly what: 'left' | 'here' | 'touched';
  readonly staff: string;
  /** When that tab was touched last; messages come late where a tab was asleep. */
  readonly at: number;
}

/**
 * Ends the page's part of a session when nobody has touched the page for half an hour, at the session's end, when
 * another tab signs out, when somebody else signs in there, and when the server says that it is over: accounts are
 * closed and sessions ended from elsewhere. What was opened must not outlive that on a screen.
 */
export class SessionWatch {
  readonly #client: Pick<DeskClient, 'now' | 'look' | 'get'>;
  readonly #over: Over;
  readonly #tabs = new BroadcastChannel('mandate-desk');
  #staff: string | undefined;
  /** In any tab of theirs. */
  #touchedAt = 0;
  #touchedHere = 0;
  /** Something was written since the server heard of it. */
  #wrote = false;
  #keptAt = 0;
  #doubting: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void)[] = [];

  constructor(client: Pick<DeskClient, 'now' | 'look' | 'get'>, over: Over) {
    this.#client = client;
    this.#over = over;
    this.#tabs.addEventListener('message', ({ data: { what, staff, at } }: MessageEvent<Told>) => {
      if (this.#staff === undefined) return;
      if (what === 'left' && staff === this.#staff) this.#over('left');
      if (what === 'here' && staff !== this.#staff) this.#over('over');
      if (what === 'touched' && staff === this.#staff)
        this.#touchedAt = Math.max(this.#touchedAt, at);
    });
    addEventListener('visibilitychange', () => void this.#ask());
    addEventListener('pageshow', ({ persisted }) => void (persisted && this.#ask()));
    for (const type of INPUT) addEventListener(type, () => this.#touch(), { passive: true });
    addEventListener('input', () => (this.#wrote = true), { passive: true });
  }

  #idled(): boolean {
    return this.#staff !== undefined && Date.now() - this.#touchedAt >= IDLE_MILLISECONDS;
  }

  /**
   * Nobody has touched this tab for half an hour, as far as it knows: it may have been asleep while others were touched,
   * and what they told comes only now. What is touched here meanwhile counts for nothing.
   */
  #doubt(): void {
    this.#doubting ??= setTimeout(() => {
      this.#doubting = undefined;
      if (this.#idled()) this.#over('over', true);
    }, TOLD_WITHIN);
  }

  /** Of a machine that wakes, the first touch may come before the timer looks: it is late, whoever it is. */
  #touch(): void {
    if (this.#idled()) this.#doubt();
    else this.#touchedAt = this.#touchedHere = Date.now();
  }

  /** Somebody is here. */
  begin({ staff, endsAt }: Session): void {
    this.end();
    this.#staff = staff;
    this.#touchedAt = this.#keptAt = Date.now();
    this.#wrote = false;
    this.#tell('here', staff);
    const timer = setInterval(() => {
      // the session of all tabs: nobody has touched any of them
      if (this.#idled()) return this.#doubt();
      if (Date.now() - this.#touchedHere < 2 * LOOK_EVERY) this.#tell('touched', staff);
      if (this.#wrote && Date.now() - this.#keptAt >= KEEP_EVERY) void this.#keep();
    }, LOOK_EVERY);
    const asking = setInterval(() => void this.#ask(), ASK_EVERY);
    this.#stop = [
      () => clearInterval(timer),
      () => clearInterval(asking),
      atMoment(this.#client, endsAt, () => this.#over('over')),
    ];
  }

  /** Nobody is here any more. */
  end(): void {
    this.#staff = undefined;
    clearTimeout(this.#doubting);
    this.#doubting = undefined;
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }

  /** Somebody signed out here: the other tabs are told. */
  left(staff: string): void {
    this.#tell('left', staff);
  }

  /** A session does not idle while somebody writes. */
  async #keep(): Promise<void> {
    this.#wrote = false;
    this.#keptAt = Date.now();
    try {
      await this.#client.get<Session>('/session');
    } catch {
      // the next time; that it is over, the client tells
    }
  }

  /** Quietly: the session idles on. That it is over, the client tells by itself. */
  async #ask(): Promise<void> {
    const staff = this.#staff;
    if (staff === undefined || document.visibilityState === 'hidden') return;
    try {
      const found = await this.#client.look<Session>('/session');
      if (staff === this.#staff && found.staff !== staff) this.#over('over');
    } catch {
      // no answer says nothing
    }
  }

  #tell(what: Told['what'], staff: string): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin, ours
    this.#tabs.postMessage({ what, staff, at: this.#touchedHere } satisfies Told);
  }
}
