import type { Random } from './random.js';

/** What an input was taken for. */
export interface Judged {
  /** Everything holds. */
  readonly accepted: boolean;
  /** What it says, as text; compared only when it is accepted. */
  readonly claims: Readonly<Record<string, string>>;
  /** An error nobody foresaw that was caught on the way and reported as a finding. */
  readonly untyped?: string;
}

/** One kind of input: the specimens it starts from, their changes, and who judges them. */
export interface Target {
  /** A changed specimen. The same numbers give the same input. */
  readonly make: (random: Random) => { readonly specimen: string; readonly bytes: Uint8Array };
  /** May throw DomainErrors only. */
  readonly judge: (bytes: Uint8Array, specimen: string) => Judged;
  /** The unchanged specimens by name; each must be accepted. */
  readonly specimens: ReadonlyMap<string, Uint8Array>;
  /**
   * Claims that may be absent, or less, in an accepted input: a letter without its later timestamps is the
   * letter as it was before, and says less.
   */
  readonly isLess?: (name: string, claimed: string, original: string) => boolean;
}

/** Values as text: bytes in hex, maps and dates included, members in their own order. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, it: unknown) => {
    if (it instanceof Uint8Array) return Buffer.from(it).toString('hex');
    if (it instanceof Map) return [...it];
    return typeof it === 'bigint' ? `${it}n` : it;
  }) ?? 'undefined';
