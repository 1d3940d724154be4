import { DomainError } from '@mandate/core';
import encodeQR from 'qr';

/** Byte-mode capacity of the two versions in use, at error correction M (ISO/IEC 18004 table 7). */
const VERSIONS = [
  { version: 5, bytes: 84 },
  { version: 9, bytes: 180 },
] as const;
/** One mask for all letters: choosing the best of eight costs more than the rest of the page. */
const MASK = 3;

/**
 * Dark modules, row by row from the top. Fixed versions and mask: size and bytes depend on nothing
 * but the text. ASCII only. Throws `text-overflow`.
 */
export function qrModules(text: string): boolean[][] {
  const fitting = VERSIONS.find(({ bytes }) => text.length <= bytes);
  if (!fitting) throw new DomainError('text-overflow', 'the address is too long for the QR code');
  const framed = encodeQR(text, 'raw', {
    ecc: 'medium',
    encoding: 'byte',
    version: fitting.version,
    mask: MASK,
    border: 1, // the least it draws; the page has its own quiet zone
  });
  return framed.slice(1, -1).map((row) => row.slice(1, -1));
}
