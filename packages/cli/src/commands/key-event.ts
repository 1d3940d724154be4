import { fromUtf8, isDomainError, sha256Hex, toUtcSeconds } from '@mandate/core';
import { fromPem } from '@mandate/evidence';
import { entryBytes, KEY_PURPOSES, vkeySpki, type KeyPurpose } from '@mandate/ledger';
import { parseCertificate } from '@mandate/pki';
import { entryQueue, openDatabase } from '@mandate/store';
import { UsageError, type CommandIo, tell } from '../command.js';
import { withInstallation } from '../installation.js';
import { parseOptions } from '../parse-options.js';
import { FILE_LIMITS, readInput } from '../read-limited.js';

/**
 * `mandate ledger key-event`: that a key was made in a ceremony or ended, with the digest of the minutes, is entered in
 * the ledger. That keys are in use the roles enter themselves.
 */
export async function keyEvent(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseOptions(args, ['event', 'purpose', 'key', 'minutes'], []);
  const { event, key, minutes } = options as Record<string, string>;
  const purpose = KEY_PURPOSES.find((it) => it === options['purpose']);
  if (event !== 'ceremony' && event !== 'ended')
    throw new UsageError('--event is ceremony or ended');
  if (!purpose) throw new UsageError(`--purpose is one of ${KEY_PURPOSES.join(', ')}`);
  const [publicKey, record] = [
    sha256Hex(readKey(key!)),
    sha256Hex(readInput(minutes!, FILE_LIMITS.document)),
  ];
  return withInstallation(async ({ ownerUrl, clock }) => {
    const db = openDatabase(ownerUrl, 'ledger', 1);
    try {
      const queued = await entryQueue(db).queue(
        `key-event:${event}:${purpose}:${publicKey}`,
        entryOf({ event, purpose, key: publicKey, record }, clock.now()),
      );
      tell(io, { event, purpose, key: publicKey, record, queued }, [
        queued ? 'queued for the ledger' : 'entered before',
      ]);
      return queued ? 0 : 1;
    } finally {
      await db.destroy();
    }
  });
}

const entryOf = (
  said: { event: 'ceremony' | 'ended'; purpose: KeyPurpose; key: string; record: string },
  now: Date,
): string =>
  fromUtf8(
    entryBytes({
      format: 'mandate-entry/v1',
      kind: 'key-event',
      at: toUtcSeconds(now),
      ...said,
    }),
  );

/** SubjectPublicKeyInfo of a certificate (PEM or DER), a public key (PEM) or a verifier key. */
function readKey(path: string): Uint8Array {
  const bytes = readInput(path);
  const text = new TextDecoder('latin1').decode(bytes);
  try {
    if (text.includes('BEGIN PUBLIC KEY')) return fromPem('PUBLIC KEY', text)[0]!;
    if (/^[^\s+]+\+[0-9a-f]{8}\+/.test(text)) return vkeySpki(text.trim());
    const certificate = text.includes('-----BEGIN ') ? fromPem('CERTIFICATE', text)[0]! : bytes;
    return parseCertificate(certificate, 'foreign').spki;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    throw new UsageError(`${path} is neither a certificate nor a public key nor a verifier key`);
  }
}
