import { execFileSync } from 'node:child_process';
import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { keepPassphrase, openKeyFolder, writePkcs12, writeSecret } from '@mandate/adapters';
import { keysContract } from './keys-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'mandate-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

keysContract('folder of PKCS#12 files', async () => {
  const args =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -days 2 -keyout k.pem -out c.pem';
  execFileSync('openssl', args.split(' '), { cwd: folder, stdio: 'pipe' });
  const pkcs8 = execFileSync('openssl', 'pkcs8 -topk8 -nocrypt -in k.pem -outform DER'.split(' '), {
    cwd: folder,
  });
  const certificate = new X509Certificate(readFileSync(join(folder, 'c.pem'))).raw;
  const raw = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' });
  const keys = join(folder, 'role');
  const passphrase = await keepPassphrase(keys);
  await writePkcs12(keys, 'p256', { pkcs8, chain: [certificate] }, passphrase);
  await writePkcs12(keys, 'ed25519', { pkcs8: raw, chain: [] }, passphrase);
  await writeSecret(keys, 'wrap', new Uint8Array(32).fill(3));
  return openKeyFolder(keys);
});
