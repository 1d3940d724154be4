import type { Session } from './api/sign-in.js';
import { atMoment } from './ui/at-moment.js';

/** As long as role vault lets a session idle. */
const IDLE_MILLISECONDS = 30 * 60_000;
const LOOK_EVERY = 5000;
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

interface Told {
  readonly what: 'left' | 'here';
  readonly staff: string;
}

/**
 * Ends the page's part of a session when nobody has touched the page for half an hour, at the session's end, when
 * another tab signs out, and when somebody else signs in there. What was opened must not outlive that on a screen.
 */
export class SessionWatch {
  readonly #client: { readonly now: () => number };
  readonly #over: (note: 'over' | 'left') => void;
  readonly #tabs = new BroadcastChannel('mandate-desk');
  #staff: string | undefined;
  #touchedAt = 0;
  #stop: (() => void)[] = [];

  constructor(client: { readonly now: () => number }, over: (note: 'over' | 'left') => void) {
    this.#client = client;
    this.#over = over;
    this.#tabs.addEventListener('message', ({ data: { what, staff } }: MessageEvent<Told>) => {
      if (this.#staff === undefined) return;
      if (what === 'left' && staff === this.#staff) this.#over('left');
      if (what === 'here' && staff !== this.#staff) this.#over('over');
    });
    for (const type of INPUT)
      addEventListener(type, () => (this.#touchedAt = Date.now()), { passive: true });
  }

  /** Somebody is here. */
  begin({ staff, endsAt }: Session): void {
    this.end();
    this.#staff = staff;
    this.#touchedAt = Date.now();
    this.#tell('here', staff);
    const timer = setInterval(() => {
      if (Date.now() - this.#touchedAt >= IDLE_MILLISECONDS) this.#over('over');
    }, LOOK_EVERY);
    this.#stop = [
      () => clearInterval(timer),
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

  #tell(what: Told['what'], staff: string): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin, ours
    this.#tabs.postMessage({ what, staff } satisfies Told);
  }
}
