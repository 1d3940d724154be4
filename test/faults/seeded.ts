/** Repeatable choices (mulberry32); the seed is printed and can be given as FAULT_SEED. */
export const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
export const full = Boolean(process.env['TEST_FULL']);

export function seeded(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
