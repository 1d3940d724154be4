import { execFileSync } from 'node:child_process';
import { X509Certificate, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { utf8 } from '@mandate/core';
import { keepPassphrase, openKeyFolder, writePkcs12, writeSecret } from './pkcs12-key-store.js';

const root = mkdtempSync(join(tmpdir(), 'mandate-keys-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder: string;
let passphrase: string;
beforeEach(async () => {
  folder = mkdtempSync(join(root, 'role-'));
  passphrase = await keepPassphrase(folder);
});

const openssl = (args: string, input?: string): string =>
  execFileSync('openssl', args.split(' '), { cwd: folder, input, stdio: 'pipe' }).toString();

/** Root → intermediate → leaf by openssl, so that our own certificate code is not its own witness. */
function makeChain(): { pkcs8: Uint8Array; chain: Uint8Array[] } {
  const names = ['root', 'middle', 'leaf'];
  names.forEach((name, i) => {
    openssl(`ecparam -genkey -name prime256v1 -noout -out ${name}.key`);
    openssl(`req -new -key ${name}.key -subj /CN=${name} -out ${name}.csr`);
    const signer =
      i === 0 ? `-signkey root.key` : `-CA ${names[i - 1]}.crt -CAkey ${names[i - 1]}.key`;
    writeFileSync(join(folder, 'ext'), `basicConstraints=CA:${i < 2 ? 'TRUE' : 'FALSE'}\n`);
    openssl(`x509 -req -in ${name}.csr ${signer} -days 2 -extfile ext -out ${name}.crt`);
  });
  openssl('pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out leaf.pkcs8');
  const der = (name: string) =>
    new Uint8Array(new X509Certificate(readFileSync(join(folder, `${name}.crt`))).raw);
  return {
    pkcs8: new Uint8Array(readFileSync(join(folder, 'leaf.pkcs8'))),
    chain: ['leaf', 'middle', 'root'].map(der),
  };
}

const verifies = (
  spki: Uint8Array,
  hash: string | null,
  message: Uint8Array,
  signature: Uint8Array,
) =>
  verify(
    hash,
    message,
    createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
    signature,
  );

test('openssl reads what we write, and our reader gets the same key and chain back', async () => {
  const made = makeChain();
  await writePkcs12(folder, 'ca', made, passphrase);
  const shown = openssl(`pkcs12 -in ca.p12 -passin pass:${passphrase} -nodes -info`);
  expect(shown.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  const theirKey = openssl('pkey -outform PEM', shown);
  expect(theirKey).toBe(openssl('pkey -in leaf.key -outform PEM'));
  expect(() => openssl('pkcs12 -in ca.p12 -passin pass:wrong -nodes')).toThrow();

  const key = await openKeyFolder(folder).signingKey('ca');
  expect(key.suite).toBe('ecdsa-p256-sha256');
  expect(key.chain).toEqual(made.chain);
  const message = utf8('letter');
  const signature = await key.sign(message);
  expect(verifies(key.publicKey, 'sha256', message, signature)).toBe(true);
  expect(verifies(key.publicKey, 'sha256', utf8('other'), signature)).toBe(false);
});

test('reads what openssl writes, in whatever order the certificates lie', async () => {
  const { chain } = makeChain();
  writeFileSync(
    join(folder, 'others.pem'),
    ['root', 'middle'].map((n) => readFileSync(join(folder, `${n}.crt`), 'utf8')).join(''),
  );
  openssl(
    `pkcs12 -export -inkey leaf.key -in leaf.crt -certfile others.pem -name x -passout pass:${passphrase} -out seal.p12`,
  );
  chmodSync(join(folder, 'seal.p12'), 0o600);
  const key = await openKeyFolder(folder).signingKey('seal');
  expect(key.chain).toEqual(chain);
  const signature = await key.sign(utf8('m'));
  expect(verifies(key.publicKey, 'sha256', utf8('m'), signature)).toBe(true);
});

test('an Ed25519 key lives in a PKCS#12 file without certificates', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
  await writePkcs12(folder, 'ledger', { pkcs8, chain: [] }, passphrase);
  expect(openssl(`pkcs12 -in ledger.p12 -passin pass:${passphrase} -nodes`)).toContain(
    privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  );
  const key = await openKeyFolder(folder).signingKey('ledger');
  expect([key.suite, key.chain]).toEqual(['ed25519', []]);
  const signature = await key.sign(utf8('checkpoint'));
  expect(signature).toHaveLength(64);
  expect(verifies(key.publicKey, null, utf8('checkpoint'), signature)).toBe(true);
});

test('every opening is reported once', async () => {
  await writeSecret(folder, 'code-mac', new Uint8Array(32).fill(5));
  const { privateKey } = generateKeyPairSync('ed25519');
  const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
  await writePkcs12(folder, 'ledger', { pkcs8, chain: [] }, passphrase);
  const opened: string[] = [];
  const store = openKeyFolder(folder, { onKeyOpened: (name) => opened.push(name) });
  expect(opened).toEqual([]);
  await store.secret('code-mac');
  await Promise.all([store.signingKey('ledger'), store.signingKey('ledger')]);
  await expect(store.signingKey('absent')).rejects.toMatchObject({ code: 'key-unavailable' });
  expect(opened).toEqual(['code-mac', 'ledger']);
});

test.each([0o644, 0o640, 0o660, 0o700])('a key file of mode %o is refused', async (mode) => {
  await writeSecret(folder, 'wrap', new Uint8Array(32).fill(1));
  chmodSync(join(folder, 'wrap.secret'), mode);
  const store = openKeyFolder(folder);
  await expect(store.secret('wrap')).rejects.toMatchObject({
    code: 'key-unavailable',
    detail: expect.stringContaining('wrap.secret has mode 0'),
  });
  chmodSync(join(folder, 'wrap.secret'), 0o600);
  expect(await store.secret('wrap')).toEqual(new Uint8Array(32).fill(1));
});

test('a passphrase readable by others refuses the key it opens', async () => {
  await writePkcs12(folder, 'ca', makeChain(), passphrase);
  chmodSync(join(folder, 'passphrase'), 0o644);
  await expect(openKeyFolder(folder).signingKey('ca')).rejects.toMatchObject({
    code: 'key-unavailable',
  });
});

test('a changed byte, a wrong passphrase, a foreign chain, RSA and other MACs do not open', async () => {
  const made = makeChain();
  await writePkcs12(folder, 'ca', made, passphrase);
  const whole = readFileSync(join(folder, 'ca.p12'));
  const refused = async (name: string, bytes: Uint8Array | null) => {
    if (bytes) writeFileSync(join(folder, `${name}.p12`), bytes);
    chmodSync(join(folder, `${name}.p12`), 0o600);
    await expect(openKeyFolder(folder).signingKey(name)).rejects.toMatchObject({
      code: 'key-unavailable',
    });
  };
  for (const at of [1, 30, 60, 200, whole.length >> 1, whole.length - 30, whole.length - 1])
    await refused(
      'flipped',
      whole.map((byte, i) => (i === at ? byte ^ 1 : byte)),
    );
  await refused('empty', new Uint8Array());
  await refused('cut', whole.subarray(0, -5));
  await refused('tail', Buffer.concat([whole, Buffer.of(0)]));
  await writePkcs12(folder, 'foreign', made, 'other passphrase');
  await refused('foreign', null);
  await writePkcs12(
    folder,
    'gap',
    { pkcs8: made.pkcs8, chain: [made.chain[0]!, made.chain[2]!] },
    passphrase,
  );
  await refused('gap', null);
  openssl(
    `pkcs12 -export -inkey leaf.key -in leaf.crt -macalg sha1 -passout pass:${passphrase} -out old.p12`,
  );
  await refused('old', null);
  openssl('req -x509 -newkey rsa:2048 -nodes -subj /CN=r -keyout r.key -out r.crt');
  openssl(`pkcs12 -export -inkey r.key -in r.crt -passout pass:${passphrase} -out rsa.p12`);
  await refused('rsa', null);
});

test('keys are never overwritten, names are checked, secrets have 32 bytes', async () => {
  const secret = new Uint8Array(32);
  await writeSecret(folder, 'a', secret);
  await expect(writeSecret(folder, 'a', secret)).rejects.toMatchObject({ code: 'object-exists' });
  await expect(writeSecret(folder, 'b', secret.subarray(1))).rejects.toMatchObject({
    code: 'key-unavailable',
  });
  writeFileSync(join(folder, 'c.secret'), 'AAAA\n', { mode: 0o600 });
  for (const name of ['../a', 'a/b', '', 'A', 'c', 'missing'])
    await expect(openKeyFolder(folder).secret(name)).rejects.toMatchObject({
      code: 'key-unavailable',
    });
  expect(await keepPassphrase(folder)).toBe(passphrase);
});
