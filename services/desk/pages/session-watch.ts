import type { Session } from './api/sign-in.js';
import type { DeskClient } from './desk-client.js';
import { atMoment } from './ui/at-moment.js';

/** As long as role vault lets a session idle. */
const IDLE_MILLISECONDS = 30 * 60_000;
const LOOK_EVERY = 5000;
/** Milliseconds between questions to the server whether the session still is. */
const ASK_EVERY = 60_000;
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** `signsOut`: the server is to end the session too. */
type Over = (note: 'over' | 'left', signsOut?: boolean) => void;

interface Told {
  readonly what: 'left' | 'here' | 'touched';
  readonly staff: string;
}

/**
 * Ends the page's part of a session when nobody has touched the page for half an hour, at the session's end, when
 * another tab signs out, when somebody else signs in there, and when the server says that it is over: accounts are
 * closed and sessions ended from elsewhere. What was opened must not outlive that on a screen.
 */
export class SessionWatch {
  readonly #client: Pick<DeskClient, 'now' | 'look'>;
  readonly #over: Over;
  readonly #tabs = new BroadcastChannel('mandate-desk');
  #staff: string | undefined;
  /** In any tab of theirs. */
  #touchedAt = 0;
  #touchedHere = 0;
  #stop: (() => void)[] = [];

  constructor(client: Pick<DeskClient, 'now' | 'look'>, over: Over) {
    this.#client = client;
    this.#over = over;
    this.#tabs.addEventListener('message', ({ data: { what, staff } }: MessageEvent<Told>) => {
      if (this.#staff === undefined) return;
      if (what === 'left' && staff === this.#staff) this.#over('left');
      if (what === 'here' && staff !== this.#staff) this.#over('over');
      if (what === 'touched' && staff === this.#staff) this.#touchedAt = Date.now();
    });
    addEventListener('visibilitychange', () => void this.#ask());
    addEventListener('pageshow', ({ persisted }) => void (persisted && this.#ask()));
    for (const type of INPUT)
      addEventListener(type, () => (this.#touchedAt = this.#touchedHere = Date.now()), {
        passive: true,
      });
  }

  /** Somebody is here. */
  begin({ staff, endsAt }: Session): void {
    this.end();
    this.#staff = staff;
    this.#touchedAt = Date.now();
    this.#tell('here', staff);
    const timer = setInterval(() => {
      const now = Date.now();
      if (now - this.#touchedHere < 2 * LOOK_EVERY) this.#tell('touched', staff);
      // the session of all tabs: nobody has touched any of them
      if (now - this.#touchedAt >= IDLE_MILLISECONDS) this.#over('over', true);
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
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }

  /** Somebody signed out here: the other tabs are told. */
  left(staff: string): void {
    this.#tell('left', staff);
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
    this.#tabs.postMessage({ what, staff } satisfies Told);
  }
}
