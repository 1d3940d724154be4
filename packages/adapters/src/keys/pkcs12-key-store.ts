import {
  type KeyObject,
  X509Certificate,
  createPrivateKey,
  createPublicKey,
  sign as nodeSign,
} from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DomainError,
  bytesEqual,
  fromBase64Url,
  systemRandom,
  toBase64Url,
  type KeyStore,
  type Random,
  type SignatureSuite,
  type SigningKey,
} from '@mandate/core';
import { writeOnce } from '../write-once.js';
import { decodePkcs12, encodePkcs12 } from './pkcs12.js';

const PASSPHRASE = 'passphrase';

/**
 * The keys of one authority role in a folder: `<name>.p12` (key and chain), `<name>.secret`
 * (32 bytes, base64url), `passphrase`; each file 0600 or 0400. Opened on first use, then kept.
 * `onKeyOpened` hears the name of every key or secret this process opens.
 */
export function openKeyFolder(
  folder: string,
  options: { onKeyOpened?: (name: string) => void } = {},
): KeyStore {
  const keys = new Map<string, Promise<SigningKey>>();
  const secrets = new Map<string, Promise<Uint8Array>>();
  return {
    signingKey: (name) =>
      openOnce(keys, name, async () => {
        const container = await readPrivate(folder, `${checkedName(name)}.p12`);
        const passphrase = (await readPrivate(folder, PASSPHRASE)).toString('utf8').trim();
        const key = openSigningKey(container, passphrase);
        options.onKeyOpened?.(name);
        return key;
      }),
    secret: (name) =>
      openOnce(secrets, name, async () => {
        const text = (await readPrivate(folder, `${checkedName(name)}.secret`)).toString('utf8');
        const secret = decodeSecret(text.trim());
        options.onKeyOpened?.(name);
        return secret;
      }),
  };
}

/** The folder's passphrase, drawn (256 bits) when there is none yet. */
export async function keepPassphrase(
  folder: string,
  random: Random = systemRandom,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeOnce(join(folder, PASSPHRASE), `${toBase64Url(random.bytes(32))}\n`, 0o600);
  return (await readPrivate(folder, PASSPHRASE)).toString('utf8').trim();
}

/**
 * Writes `<folder>/<name>.p12`. `pkcs8`: PrivateKeyInfo, DER; `chain`: the key's certificate and
 * issuers, DER, empty for raw keys. Keys are never overwritten: throws `object-exists`.
 */
export async function writePkcs12(
  folder: string,
  name: string,
  content: { pkcs8: Uint8Array; chain: readonly Uint8Array[] },
  passphrase: string,
  random: Random = systemRandom,
): Promise<void> {
  const { pkcs8, chain } = content;
  const bytes = encodePkcs12({ pkcs8, certificates: chain }, passphrase, random);
  await writePrivate(folder, `${checkedName(name)}.p12`, bytes);
}

/** Writes `<folder>/<name>.secret`: exactly 32 bytes. Never overwritten: throws `object-exists`. */
export async function writeSecret(folder: string, name: string, secret: Uint8Array): Promise<void> {
  if (secret.length !== 32) throw new DomainError('key-unavailable', 'a secret has 32 bytes');
  await writePrivate(folder, `${checkedName(name)}.secret`, `${toBase64Url(secret)}\n`);
}

async function writePrivate(folder: string, file: string, content: Uint8Array | string) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await writeOnce(join(folder, file), content, 0o600)))
    throw new DomainError('object-exists', `key file ${file} exists`);
}

/** A failed opening is not remembered, so that a repaired file works without a restart. */
function openOnce<T>(
  opened: Map<string, Promise<T>>,
  name: string,
  openIt: () => Promise<T>,
): Promise<T> {
  const known = opened.get(name);
  if (known) return known;
  const opening = openIt();
  opened.set(name, opening);
  opening.catch(() => opened.delete(name));
  return opening;
}

function checkedName(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new DomainError('key-unavailable', 'key names are lower-case letters, digits, hyphens');
  return name;
}

async function readPrivate(folder: string, file: string): Promise<Buffer> {
  const handle = await open(join(folder, file), 'r').catch((cause: unknown) => {
    throw new DomainError('key-unavailable', `key file ${file} cannot be opened`, { cause });
  });
  try {
    const mode = (await handle.stat()).mode & 0o777;
    if (mode !== 0o600 && mode !== 0o400)
      throw new DomainError(
        'key-unavailable',
        `key file ${file} has mode ${mode.toString(8).padStart(4, '0')}: must be 0600`,
      );
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function decodeSecret(text: string): Uint8Array {
  try {
    const secret = fromBase64Url(text);
    if (secret.length === 32) return secret;
  } catch {
    // The same refusal as for a wrong length.
  }
  throw new DomainError('key-unavailable', 'a secret file holds 32 bytes in base64url');
}

function openSigningKey(container: Uint8Array, passphrase: string): SigningKey {
  const { encryptedKey, certificates } = decodePkcs12(container, passphrase);
  const key = importKey(encryptedKey, passphrase);
  const suite = suiteOf(key);
  const publicKey = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const chain = orderChain(certificates, publicKey);
  const algorithm = suite === 'ed25519' ? null : 'sha256';
  return {
    suite,
    publicKey,
    chain,
    async sign(message) {
      try {
        // Synchronous: the thread pool costs more than a P-256 signature.
        return new Uint8Array(nodeSign(algorithm, message, { key, dsaEncoding: 'der' }));
      } catch (cause) {
        throw new DomainError('key-unavailable', 'the key does not sign', { cause });
      }
    },
  };
}

function importKey(encrypted: Uint8Array, passphrase: string): KeyObject {
  try {
    return createPrivateKey({
      key: Buffer.from(encrypted),
      format: 'der',
      type: 'pkcs8',
      passphrase,
    });
  } catch (cause) {
    throw new DomainError('key-unavailable', 'the private key does not open', { cause });
  }
}

function suiteOf(key: KeyObject): SignatureSuite {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ecdsa-p256-sha256';
  throw new DomainError('key-unavailable', 'only P-256 and Ed25519 keys are supported');
}

function readCertificate(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new DomainError('key-unavailable', 'a certificate beside the key is damaged', { cause });
  }
}

/** From the key's own certificate up, whatever the order in the file; strangers are refused. */
function orderChain(ders: readonly Uint8Array[], publicKey: Uint8Array): Uint8Array[] {
  if (ders.length === 0) return [];
  const rest = ders.map(readCertificate);
  const chain: X509Certificate[] = [];
  let at = rest.findIndex((c) =>
    bytesEqual(c.publicKey.export({ type: 'spki', format: 'der' }), publicKey),
  );
  while (at >= 0) {
    const [next] = rest.splice(at, 1);
    chain.push(next!);
    at = rest.findIndex((c) => next!.checkIssued(c));
  }
  if (chain.length === 0 || rest.length > 0)
    throw new DomainError('key-unavailable', 'the certificates are not a chain of this key');
  return chain.map((c) => new Uint8Array(c.raw));
}
