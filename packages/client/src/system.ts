/** Everything the client takes from its surroundings; each can be replaced for tests. */
export interface System {
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A new idempotency key: unguessable, never used before. */
  readonly newKey: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The platform's own: Node 20 and later, Deno, Bun, edge runtimes. */
export const platform: System = {
  fetch: (...call) => globalThis.fetch(...call),
  now: () => Date.now(),
  newKey: () => globalThis.crypto.randomUUID(),
  sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
};
