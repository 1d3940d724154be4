import { setTimeout as pause } from 'node:timers/promises';

export interface SettledSeed {
  readonly entry: number;
  readonly size: number;
  readonly note: string;
  readonly seed: string;
}

/** Waits for the ledger's head that settles a sample's seed, a minute at most. `get`: the answer's JSON at that path. */
export async function untilSettled(
  get: (path: string) => Promise<{ settled: SettledSeed | null }>,
  id: string,
): Promise<SettledSeed> {
  for (let tries = 0; tries < 300; tries++) {
    const { settled } = await get(`/desk/api/samples/${id}/seed`);
    if (settled) return settled;
    await pause(200);
  }
  throw new Error('the ledger settles no seed');
}
