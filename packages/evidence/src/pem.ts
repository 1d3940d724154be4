import { DomainError, fromBase64, toBase64 } from '@mandate/core';

/** RFC 7468 text encoding, lines of 64, newline at the end. */
export function toPem(label: 'CERTIFICATE' | 'PUBLIC KEY', der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * All blocks of one label, DER. Text around blocks is ignored as openssl does; a block that is
 * broken, or of another label, is not. Throws `format-certificate`.
 */
export function fromPem(label: 'CERTIFICATE' | 'PUBLIC KEY', text: string): Uint8Array[] {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]*?)-----END \1-----/g)];
  if (blocks.length !== [...text.matchAll(/-----(BEGIN|END)/g)].length / 2)
    throw new DomainError('format-certificate', 'broken PEM block');
  return blocks.map(([, found, body = '']) => {
    if (found !== label) throw new DomainError('format-certificate', `PEM block is no ${label}`);
    try {
      return fromBase64(body.replaceAll(/[\r\n \t]/g, ''));
    } catch (cause) {
      throw new DomainError('format-certificate', 'broken PEM block', { cause });
    }
  });
}
