import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError, type PublicAnchors } from '@mandate/core';
import { anchorFiles, fromPem, toPem } from '@mandate/evidence';
import { parseJwkSet } from '@mandate/pki';

const PURPOSES = ['scene', 'seal', 'timestamp'] as const;

/**
 * The public side of the installation, one folder per purpose: `scene seal timestamp` with PEM
 * roots, `ledger` with verifier keys, `receipt` with JWK sets, `intermediates`. What is published, and what tokens of
 * timestamp authorities are checked against. Throws `key-unavailable` when a folder is missing.
 */
export async function readTrustFolder(folder: string): Promise<PublicAnchors> {
  const files = async (purpose: string): Promise<string[]> => {
    try {
      const names = (await readdir(join(folder, purpose))).sort();
      return await Promise.all(names.map((name) => readFile(join(folder, purpose, name), 'utf8')));
    } catch (cause) {
      throw new DomainError('key-unavailable', `no trust anchors for ${purpose}`, { cause });
    }
  };
  const certificates = async (purpose: string): Promise<Uint8Array[]> =>
    (await files(purpose)).flatMap((text) => fromPem('CERTIFICATE', text));
  const [scene, seal, timestamp] = await Promise.all(PURPOSES.map(certificates));
  return {
    scene: scene!,
    seal: seal!,
    timestamp: timestamp!,
    ledger: (await files('ledger')).map((text) => text.trim()),
    intermediates: await certificates('intermediates'),
    crls: await readRootLists(folder),
    identity: await readIdentityKeys(folder),
    receipt: await readReceiptKeys(folder),
  };
}

/** Files of one kind below it, in order; none where there is no such folder. */
const namesIn = async (folder: string, kind: string, ending: string): Promise<string[]> =>
  (await readdir(join(folder, kind)).catch(() => []))
    .filter((name) => name.endsWith(ending))
    .sort();

/** `identity/NAME.pem`: public keys of those who vouch for persons, by their names. None is fine. */
async function readIdentityKeys(folder: string): Promise<NonNullable<PublicAnchors['identity']>> {
  const names = await namesIn(folder, 'identity', '.pem');
  const keys = await Promise.all(
    names.map(async (name) => {
      const pem = await readFile(join(folder, 'identity', name), 'utf8');
      return fromPem('PUBLIC KEY', pem).map((publicKey) => ({
        provider: name.slice(0, -'.pem'.length),
        publicKey,
      }));
    }),
  );
  return keys.flat();
}

/** `receipt/*.json`: JWK sets of the keys receipts are signed with, those that ended included. None is fine. */
async function readReceiptKeys(folder: string): Promise<NonNullable<PublicAnchors['receipt']>> {
  const names = await namesIn(folder, 'receipt', '.json');
  const sets = await Promise.all(
    names.map(async (name) => parseJwkSet(await readFile(join(folder, 'receipt', name), 'utf8'))),
  );
  return sets.flat();
}

/** `crls/*.crl`, DER: what the roots say about the authorities below them. None is fine. */
async function readRootLists(folder: string): Promise<Uint8Array[]> {
  const lists = await namesIn(folder, 'crls', '.crl');
  return Promise.all(
    lists.map(async (name) => new Uint8Array(await readFile(join(folder, 'crls', name)))),
  );
}

export async function writeRootLists(
  folder: string,
  lists: readonly { readonly name: string; readonly der: Uint8Array }[],
): Promise<void> {
  await mkdir(join(folder, 'crls'), { recursive: true });
  for (const { name, der } of lists) await writeFile(join(folder, 'crls', `${name}.crl`), der);
}

/**
 * The roots pinned for each timestamp authority: `timestamp/NAME.pem`, or else whatever stands there and is
 * not named after another one. So no authority can speak under another's root.
 */
export async function readTimestampRoots(
  folder: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly Uint8Array[]>> {
  const files = new Map<string, Uint8Array[]>();
  for (const file of (await readdir(join(folder, 'timestamp'))).sort())
    files.set(
      file,
      fromPem('CERTIFICATE', await readFile(join(folder, 'timestamp', file), 'utf8')),
    );
  const fileOf = (name: string): string => `${name}.pem`;
  const taken = new Set(names.map(fileOf));
  const common = [...files].filter(([file]) => !taken.has(file)).flatMap(([, roots]) => roots);
  return new Map(names.map((name) => [name, files.get(fileOf(name)) ?? common]));
}

/** Written once, when the installation makes its own authority. */
export async function writeTrustFolder(folder: string, anchors: PublicAnchors): Promise<void> {
  const write = async (name: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  };
  const chain = anchors.intermediates.map((der) => toPem('CERTIFICATE', der)).join('');
  await write('intermediates/scene-ca.pem', chain);
  // The ledger's key says that all is there: it comes last.
  const files = anchorFiles(anchors);
  const last = ([name]: (typeof files)[number]): number => Number(name.startsWith('ledger/'));
  for (const [name, bytes] of files.sort((a, b) => last(a) - last(b))) await write(name, bytes);
}
