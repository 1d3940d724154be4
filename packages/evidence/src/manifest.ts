import { DomainError, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from '@mandate/core';
import { mimeOf, SEAL } from './layout.js';

/** One line of the manifest. */
export interface ManifestPart {
  readonly name: string;
  /** SHA-256, lower-case hex. */
  readonly digest: string;
}

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n';
const reference = (seal: string): string =>
  `<asic:SigReference URI="${seal}" MimeType="application/pkcs7-signature"/>\n`;
const FOOT = '</asic:ASiCManifest>\n';
const METHOD = '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>';

/** ASiCManifest (ETSI EN 319 162-1 annex A.4) for one seal, one fixed spelling, parts sorted by name. */
export function manifestXml(parts: readonly ManifestPart[], seal: string = SEAL): Uint8Array {
  const sorted = [...parts].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const references = sorted.map(({ name, digest }) => {
    // No name needs escaping, so nothing is escaped: what would need it is refused.
    if (!/^[A-Za-z0-9._/-]+$/.test(name))
      throw new DomainError('format-bundle', 'unfit name in the manifest');
    return (
      `<asic:DataObjectReference URI="${name}" MimeType="${mimeOf(name)}">${METHOD}` +
      `<ds:DigestValue>${toBase64(fromHex(digest))}</ds:DigestValue></asic:DataObjectReference>\n`
    );
  });
  return utf8(`${HEAD}${reference(seal)}${references.join('')}${FOOT}`);
}

/** Reads exactly what `manifestXml` writes, so no XML parser is involved. Throws `format-bundle`. */
export function parseManifest(bytes: Uint8Array, seal: string = SEAL): ManifestPart[] {
  const parts: ManifestPart[] = [];
  try {
    const text = fromUtf8(bytes);
    for (const match of text.matchAll(
      /<asic:DataObjectReference URI="([^"]+)" MimeType="[^"]+">[^\n]*<ds:DigestValue>([^<]+)<\/ds:DigestValue>/g,
    ))
      parts.push({ name: match[1]!, digest: toHex(fromBase64(match[2]!)) });
    if (fromUtf8(manifestXml(parts, seal)) === text) return parts;
  } catch (cause) {
    throw new DomainError('format-bundle', 'malformed manifest', { cause });
  }
  throw new DomainError('format-bundle', 'manifest is not in canonical form');
}
