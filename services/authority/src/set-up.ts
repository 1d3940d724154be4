import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthorityRole, Clock, Random } from '@mandate/core';
import { keepPassphrase, writePkcs12, writeSecret } from '@mandate/adapters';
import { vkey } from '@mandate/ledger';
import { makeBuiltInAuthority } from '@mandate/sign';
import { writeTrustFolder } from './trust-folder.js';

/**
 * Makes the self-operated authority of a fresh installation: keys into each role's folder, root keys
 * into `offline` (to be taken away), public anchors into the trust folder. Does nothing when the
 * trust folder is there, which is written last.
 */
export async function setUpBuiltInAuthority(p: {
  keyFolder: (role: AuthorityRole | 'offline') => string;
  trustFolder: string;
  operator: string;
  ledgerOrigin: string;
  clock: Clock;
  random: Random;
}): Promise<boolean> {
  if (existsSync(join(p.trustFolder, 'ledger'))) return false;
  const { keys, secrets } = await makeBuiltInAuthority({
    now: p.clock.now(),
    random: p.random,
    operator: p.operator,
  });
  for (const { role, name, pkcs8, chain } of keys) {
    const folder = p.keyFolder(role);
    await writePkcs12(
      folder,
      name,
      { pkcs8, chain },
      await keepPassphrase(folder, p.random),
      p.random,
    );
  }
  for (const { role, name, bytes } of secrets) await writeSecret(p.keyFolder(role), name, bytes);

  const chainOf = (name: string) => keys.find((key) => key.name === name)!.chain;
  const ledger = keys.find((key) => key.name === 'ledger')!;
  await writeTrustFolder(p.trustFolder, {
    scene: [chainOf('root')[0]!],
    seal: [chainOf('root')[0]!],
    timestamp: [chainOf('timestamp-root')[0]!],
    intermediates: [chainOf('scene-ca')[0]!],
    ledger: [vkey(p.ledgerOrigin, ledger.publicKey)],
  });
  return true;
}
