import { sha256Hex, toUtcSeconds, utf8, type Clock, type PublicAnchors } from '@mandate/core';
import { entryText, vkey, vkeySpki, type KeyEventEntry, type KeyPurpose } from '@mandate/ledger';
import { parseCertificate } from '@mandate/pki';
import type { EntryQueue } from '../ports.js';

/** A public key and where more about it stands. */
export interface KnownKey {
  readonly purpose: KeyPurpose;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Its certificate (DER), its published form, or the minutes of the act. */
  readonly record: Uint8Array;
}

/**
 * Queues an entry for each key and event, once: whoever starts using a key says so before it signs, and a key that
 * turns up in evidence without having been entered was never announced.
 */
export async function recordKeys(
  { clock, record }: { readonly clock: Clock; readonly record: EntryQueue },
  event: KeyEventEntry['event'],
  keys: readonly KnownKey[],
): Promise<void> {
  const at = toUtcSeconds(clock.now());
  for (const { purpose, publicKey, record: told } of keys) {
    const entry: KeyEventEntry = {
      format: 'mandate-entry/v1',
      kind: 'key-event',
      at,
      event,
      purpose,
      key: sha256Hex(publicKey),
      record: sha256Hex(told),
    };
    const dedupe = `key-event:${event}:${purpose}:${entry.key}`;
    await record.queue(dedupe, entryText(entry));
  }
}

/** Everything public that evidence rests on and that no running role holds, and the ledger's own key. */
export function publishedKeys(p: {
  readonly scene: PublicAnchors['scene'];
  readonly seal: PublicAnchors['seal'];
  readonly timestamp: PublicAnchors['timestamp'];
  readonly ledgerOrigin: string;
  /** The ledger's, Ed25519. */
  readonly publicKey: Uint8Array;
  /** Verifier keys. */
  readonly witnesses: readonly string[];
}): readonly KnownKey[] {
  const roots = (purpose: KeyPurpose, certificates: readonly Uint8Array[]): KnownKey[] =>
    certificates.map((record) => ({
      purpose,
      publicKey: parseCertificate(record, 'foreign').spki,
      record,
    }));
  const { publicKey } = p;
  return [
    { purpose: 'ledger', publicKey, record: utf8(vkey(p.ledgerOrigin, publicKey)) },
    ...roots('scene-root', p.scene),
    ...roots('seal-root', p.seal),
    ...roots('timestamp-root', p.timestamp),
    ...p.witnesses.map((text) => ({
      purpose: 'witness' as const,
      publicKey: vkeySpki(text),
      record: utf8(text),
    })),
  ];
}
