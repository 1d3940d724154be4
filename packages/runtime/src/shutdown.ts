import type { Log } from './logs.js';

export interface Shutdown {
  /** Registers a part to be closed; parts close in the reverse order of their opening. */
  defer(name: string, close: () => unknown): void;
  /** Closes everything once; a part that fails does not keep the others open. True when all closed. */
  close(): Promise<boolean>;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What `createShutdown` needs of a process; tests pass their own. */
interface SignalSource {
  on(signal: (typeof SIGNALS)[number], listener: () => void): unknown;
  exit(code: number): void;
}

/** Ctrl-C reaches a process both from the terminal and from the parent that passes it on. */
const SAME_SIGNAL_MS = 500;

/**
 * Orderly stop on SIGINT and SIGTERM: exit code 0 when every part closed, 1 when one failed.
 * A second signal, half a second or more after the first, exits at once with 130: whoever presses
 * Ctrl-C twice means it.
 */
export function createShutdown(
  log: Log,
  source: SignalSource = process,
  sameSignalMs = SAME_SIGNAL_MS,
): Shutdown {
  const parts: { name: string; close: () => unknown }[] = [];
  let closing: Promise<boolean> | undefined;

  async function closeParts(): Promise<boolean> {
    let clean = true;
    for (let part = parts.pop(); part; part = parts.pop()) {
      try {
        await part.close();
      } catch (err) {
        clean = false;
        log.error({ part: part.name, err }, 'did not close');
      }
    }
    return clean;
  }

  const close = (): Promise<boolean> => (closing ??= closeParts());
  let signalled = false;
  let impatient = false;
  for (const signal of SIGNALS)
    source.on(signal, () => {
      if (signalled) {
        if (impatient) source.exit(130);
        return;
      }
      signalled = true;
      setTimeout(() => (impatient = true), sameSignalMs).unref();
      log.info({ signal }, 'stopping');
      void close().then((clean) => source.exit(clean ? 0 : 1));
    });

  return { defer: (name, part) => void parts.push({ name, close: part }), close };
}
