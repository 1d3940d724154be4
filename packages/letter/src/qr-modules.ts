import { DomainError } from '@mandate/core';
import qrcode from 'qrcode-generator';

/** Byte-mode capacity of the two versions in use, at error correction M (ISO/IEC 18004 table 7). */
const VERSIONS = [
  { version: 5, bytes: 84 },
  { version: 9, bytes: 180 },
] as const;

/**
 * Dark modules, row by row from the top. Two fixed versions, so the picture's size depends on nothing
 * else; the mask is the standard's own choice and thus a function of the text. ASCII only.
 * Throws `text-overflow`.
 */
export function qrModules(text: string): boolean[][] {
  const fitting = VERSIONS.find(({ bytes }) => text.length <= bytes);
  if (!fitting) throw new DomainError('text-overflow', 'the address is too long for the QR code');
  const code = qrcode(fitting.version, 'M');
  code.addData(text, 'Byte');
  code.make();
  const side = code.getModuleCount();
  return Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => code.isDark(row, column)),
  );
}
