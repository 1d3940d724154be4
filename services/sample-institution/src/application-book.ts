import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Application } from './application.js';

/** More than any trial makes; older ones are forgotten. */
const APPLICATIONS = 200;
const DELIVERIES = 2000;

interface Kept {
  readonly applications: readonly Application[];
  readonly deliveries: readonly string[];
}

/** Applications and handled deliveries, in one file: where a real institution has its database. */
export class ApplicationBook {
  readonly #file: string;
  readonly #applications = new Map<string, Application>();
  readonly #deliveries = new Set<string>();
  readonly #turns = new Map<string, Promise<unknown>>();
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) return;
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    for (const application of kept.applications)
      this.#applications.set(application.number, application);
    for (const delivery of kept.deliveries) this.#deliveries.add(delivery);
  }

  find(number: string): Application | undefined {
    return this.#applications.get(number);
  }

  findByAuthorization(id: string): Application | undefined {
    return [...this.#applications.values()].find(({ authorization }) => authorization === id);
  }

  async put(application: Application): Promise<Application> {
    this.#applications.set(application.number, application);
    forgetOldest(this.#applications, APPLICATIONS);
    await this.#write();
    return application;
  }

  /** Whether this delivery (`webhook-id`) was handled before. */
  wasHandled(delivery: string): boolean {
    return this.#deliveries.has(delivery);
  }

  async noteHandled(delivery: string): Promise<void> {
    this.#deliveries.add(delivery);
    forgetOldest(this.#deliveries, DELIVERIES);
    await this.#write();
  }

  /** One thing at a time for each application: two deliveries must not both use it. */
  async inTurn<T>(number: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(number);
    const mine = after(before, work);
    this.#turns.set(number, mine);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(number) === mine) this.#turns.delete(number);
    }
  }

  #write(): Promise<void> {
    this.#writing = after(this.#writing, async () => {
      const kept: Kept = {
        applications: [...this.#applications.values()],
        deliveries: [...this.#deliveries],
      };
      await writeFile(`${this.#file}.new`, JSON.stringify(kept), { mode: 0o600 });
      await rename(`${this.#file}.new`, this.#file);
    });
    return this.#writing;
  }
}

/** Begins when what came before has ended, well or not. */
async function after<T>(before: Promise<unknown> | undefined, work: () => Promise<T>): Promise<T> {
  await before?.catch(() => undefined);
  return work();
}

function forgetOldest(kept: Map<string, unknown> | Set<string>, most: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(key);
  }
}
