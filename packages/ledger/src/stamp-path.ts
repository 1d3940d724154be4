import { indexPath } from './tile-path.js';

/** The two files of one stamp: the signed head as it was stamped, and the RFC 3161 token over exactly its bytes. */
export type StampFile = 'checkpoint' | 'token';

const ENDINGS = { checkpoint: 'note', token: 'tst' } as const satisfies Record<StampFile, string>;

/**
 * Path below the ledger's prefix: `stamp/000.note`, `stamp/000.tst`, …, `stamp/x001/234.tst`. Stamps are numbered
 * from 0 without gaps, so whoever copies the files reads on until one is missing. Throws `format-ledger`.
 */
export const stampPath = (number: number, file: StampFile): string =>
  `stamp/${indexPath(number)}.${ENDINGS[file]}`;

/** Whether it is what `stampPath` would write. */
export function isStampPath(path: string): boolean {
  const match = /^stamp\/((?:x\d{3}\/){0,4}\d{3})\.(note|tst)$/.exec(path);
  if (!match) return false;
  const number = Number(match[1]!.replaceAll(/[x/]/g, ''));
  return path === stampPath(number, match[2] === 'tst' ? 'token' : 'checkpoint');
}
