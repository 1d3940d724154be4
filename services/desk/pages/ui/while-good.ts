import { Problem } from '@mandate/pages/browser/problem';
import { stillGood, type Grant } from '../api/grants.js';
import type { DeskClient } from '../desk-client.js';
import { atMoment } from './at-moment.js';

/** Milliseconds between questions. */
const ASK_EVERY = 10_000;
/** Unanswered for so long, in milliseconds, it counts as over: whoever cuts the line keeps nothing on the screen. */
const UNHEARD = 120_000;
/** The server said nothing about the grant. */
const PASSING = new Set<string>([
  ...['offline', 'timeout', 'internal', 'rate-limited'],
  ...['authority-unavailable', 'database-unavailable'],
]);

/**
 * Calls `over` once when what was opened under a grant has to go: at its end by the server's clock, within seconds of
 * its being taken back or its case being ended, and when the page comes back out of the browser's store of pages. The
 * answer calls it off.
 */
export function whileGood(
  client: Pick<DeskClient, 'look' | 'now'>,
  grant: Grant,
  over: () => void,
): () => void {
  let done = false;
  let asking = false;
  let heardAt = Date.now();
  let callOff = (): void => undefined;
  const timer = setInterval(() => void ask(), ASK_EVERY);
  addEventListener('pageshow', shown);
  addEventListener('visibilitychange', ask);
  callOff = atMoment(client, grant.good?.until, end);
  return off;

  function off(): void {
    done = true;
    clearInterval(timer);
    removeEventListener('pageshow', shown);
    removeEventListener('visibilitychange', ask);
    callOff();
  }
  function end(): void {
    if (done) return;
    off();
    over();
  }
  function shown({ persisted }: PageTransitionEvent): void {
    if (persisted) end();
  }
  async function ask(): Promise<void> {
    if (asking || done) return;
    asking = true;
    try {
      if (await stillGood(client, grant)) heardAt = Date.now();
      else end();
    } catch (thrown) {
      const passing = thrown instanceof Problem && PASSING.has(thrown.code);
      if (!passing || Date.now() - heardAt >= UNHEARD) end();
    }
    asking = false;
  }
}
