import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthorityRole, Random } from '@mandate/core';
import { vkey } from '@mandate/ledger';
import { publicJwk } from '@mandate/pki';
import { keepPassphrase, writePkcs12, writeSecret } from './pkcs12-key-store.js';
import { writeRootLists, writeTrustFolder } from './trust-folder.js';

/** Keys and secrets of a new authority, as `sign` makes them. */
export interface NewAuthority {
  readonly keys: readonly {
    readonly role: AuthorityRole | 'offline';
    readonly name: string;
    readonly pkcs8: Uint8Array;
    readonly publicKey: Uint8Array;
    readonly chain: readonly Uint8Array[];
  }[];
  /** Lists of the roots. */
  readonly crls?: readonly { readonly name: string; readonly der: Uint8Array }[];
  readonly secrets: readonly {
    readonly role: AuthorityRole;
    readonly name: string;
    readonly bytes: Uint8Array;
  }[];
}

/** True when the installation has an authority: its ledger key is written last. */
export const authorityExists = (trustFolder: string): boolean =>
  existsSync(join(trustFolder, 'ledger'));

/**
 * Keys into each role's folder, root keys into `offline` (to be taken away), public anchors into
 * the trust folder. Throws `object-exists` rather than overwrite a key.
 */
export async function storeAuthority(p: {
  made: NewAuthority;
  keyFolder: (role: AuthorityRole | 'offline') => string;
  trustFolder: string;
  ledgerOrigin: string;
  random: Random;
}): Promise<void> {
  const { keys, secrets } = p.made;
  for (const { role, name, pkcs8, chain } of keys) {
    const folder = p.keyFolder(role);
    const passphrase = await keepPassphrase(folder, p.random);
    await writePkcs12(folder, name, { pkcs8, chain }, passphrase, p.random);
  }
  for (const { role, name, bytes } of secrets) await writeSecret(p.keyFolder(role), name, bytes);
  const find = (name: string) => keys.find((key) => key.name === name)!;
  await writeRootLists(p.trustFolder, p.made.crls ?? []);
  await writeTrustFolder(p.trustFolder, {
    scene: [find('root').chain[0]!],
    seal: [find('root').chain[0]!],
    timestamp: [find('timestamp-root').chain[0]!],
    intermediates: [find('scene-ca').chain[0]!],
    ledger: [vkey(p.ledgerOrigin, find('ledger').publicKey)],
    receipt: [publicJwk(find('receipt').publicKey)],
  });
}
