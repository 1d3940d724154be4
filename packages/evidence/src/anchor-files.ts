import { utf8, type PublicAnchors } from '@mandate/core';
import { toPem } from './pem.js';
import type { ZipEntry } from './zip.js';

/**
 * Trust anchors as files, a folder for each purpose: `scene seal timestamp` with a PEM of roots, `ledger` with
 * verifier keys, `receipt` with a JWK set, `identity` with a PEM for each name. Sorted, so the same anchors are
 * the same files; purposes without an anchor have none.
 */
export function anchorFiles(anchors: Omit<PublicAnchors, 'intermediates'>): ZipEntry[] {
  const files: (readonly [string, string])[] = [];
  const providers = [...new Set((anchors.identity ?? []).map(({ provider }) => provider))].sort();
  for (const name of providers) {
    const keys = anchors.identity!.filter(({ provider }) => provider === name);
    const pem = keys.map(({ publicKey }) => toPem('PUBLIC KEY', publicKey));
    files.push([`identity/${name}.pem`, pem.join('')]);
  }
  if (anchors.ledger.length > 0)
    files.push(['ledger/ledger.vkey', `${anchors.ledger.join('\n')}\n`]);
  if (anchors.receipt?.length)
    files.push(['receipt/receipt-keys.json', receiptKeyFile(anchors.receipt)]);
  for (const purpose of ['scene', 'seal', 'timestamp'] as const)
    if (anchors[purpose].length > 0)
      files.push([
        `${purpose}/root.pem`,
        anchors[purpose].map((der) => toPem('CERTIFICATE', der)).join(''),
      ]);
  return files.map(([name, text]) => [name, utf8(text)]);
}

/** A JWK set (RFC 7517 §5), legible. */
export const receiptKeyFile = (keys: NonNullable<PublicAnchors['receipt']>): string =>
  `${JSON.stringify({ keys }, null, 2)}\n`;
