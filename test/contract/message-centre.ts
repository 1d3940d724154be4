import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface CentreEvent {
  readonly event: string;
  readonly [name: string]: unknown;
}

/** `smsc.pl` in a process of its own: an SMPP message centre on Debian's Net::SMPP. */
export interface MessageCentre {
  readonly port: number;
  readonly events: CentreEvent[];
  /** Waits for the n-th event of a kind. */
  event(kind: string, nth?: number): Promise<CentreEvent>;
  close(): Promise<void>;
}

export async function startMessageCentre(password: string): Promise<MessageCentre> {
  const script = fileURLToPath(new URL('./smsc.pl', import.meta.url));
  const centre = spawn('perl', [script, password], { stdio: ['ignore', 'pipe', 'inherit'] });
  const events: CentreEvent[] = [];
  let told: () => void = () => undefined;
  const lines = createInterface({ input: centre.stdout });
  const started = new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const said = JSON.parse(line) as CentreEvent & { port?: number };
      if (said.port) return resolve(said.port);
      events.push(said);
      told();
    });
    centre.once('exit', () =>
      reject(new Error('perl with Net::SMPP (libnet-smpp-perl) is needed')),
    );
  });
  return {
    port: await started,
    events,
    event: async (kind, nth = 1) => {
      for (;;) {
        const found = events.filter(({ event }) => event === kind)[nth - 1];
        if (found) return found;
        await new Promise<void>((resolve) => (told = resolve));
      }
    },
    close: async () => {
      if (centre.exitCode !== null || centre.signalCode !== null) return;
      centre.kill();
      await once(centre, 'exit');
    },
  };
}
