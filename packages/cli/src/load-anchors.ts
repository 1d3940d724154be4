import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDomainError, type PublicJwk } from '@mandate/core';
import { fromPem } from '@mandate/evidence';
import { parseVkey } from '@mandate/ledger';
import { parseCertificate, parseJwkSet } from '@mandate/pki';
import type { IdentityKey, TrustAnchors } from '@mandate/verify';
import { UsageError } from './command.js';
import { readInput, readTextInput } from './read-limited.js';

const PURPOSES = ['scene', 'seal', 'timestamp', 'ledger', 'receipt'] as const;
type Purpose = (typeof PURPOSES)[number];

export interface LoadedAnchors {
  readonly anchors: TrustAnchors;
  /** Paths whose anchors serve every purpose because no purpose was named; to be said to the user. */
  readonly unassigned: readonly string[];
}

interface Anchor {
  readonly certificates: readonly Uint8Array[];
  readonly vkeys: readonly string[];
  readonly jwks: readonly PublicJwk[];
}

/**
 * Trust anchors from paths: a certificate file (DER or PEM), a ledger key file (`.vkey`), a JWK set of
 * receipt keys (`.json`), a folder with `scene`, `seal`, `timestamp`, `ledger` and `receipt` subfolders, or a
 * folder of such files. Keys of witnesses stand in `witness`, or in `ledger` beside the ledger's. What has no purpose by its folder serves all it can; keys of identity providers stand in
 * `identity` alone. Throws UsageError naming the path.
 */
export function loadAnchors(paths: readonly string[]): LoadedAnchors {
  const anchors = { scene: [], seal: [], timestamp: [], ledger: [], receipt: [] } as {
    scene: Uint8Array[];
    seal: Uint8Array[];
    timestamp: Uint8Array[];
    ledger: string[];
    receipt: PublicJwk[];
  };
  const identity: IdentityKey[] = [];
  const unassigned: string[] = [];
  const add = (
    { certificates, vkeys, jwks }: Anchor,
    purposes: readonly Purpose[],
    path: string,
  ): void => {
    let fits = false;
    for (const purpose of purposes) {
      const found =
        purpose === 'ledger'
          ? vkeys
          : purpose === 'receipt'
            ? jwks
            : (certificates as readonly unknown[]);
      fits ||= found.length > 0;
      (anchors[purpose] as unknown[]).push(...found);
    }
    // With one purpose, a file of another kind is a mistake nobody should overlook.
    if (!fits) throw new UsageError(`${path} is no anchor for ${purposes.join(', ')}`);
  };
  for (const path of paths) {
    const assigned = statOf(path).isDirectory()
      ? PURPOSES.filter((purpose) => isFolder(join(path, purpose)))
      : [];
    for (const purpose of assigned)
      for (const file of filesIn(join(path, purpose))) add(readAnchor(file), [purpose], file);
    const vouching = statOf(path).isDirectory() ? identityKeys(join(path, 'identity')) : [];
    identity.push(...vouching);
    const witnesses = statOf(path).isDirectory() ? witnessKeys(join(path, 'witness')) : [];
    anchors.ledger.push(...witnesses);
    if (assigned.length + vouching.length + witnesses.length > 0) continue;
    const files = statOf(path).isDirectory() ? filesIn(path) : [path];
    if (files.length === 0) throw new UsageError(`${path} holds no trust anchor`);
    for (const file of files) add(readAnchor(file), PURPOSES, file);
    unassigned.push(path);
  }
  return { anchors: { ...anchors, identity }, unassigned };
}

function statOf(path: string): ReturnType<typeof statSync> & object {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new UsageError(`no such trust anchor: ${path}`);
  return stat;
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** `identity/NAME.pem`: the public key of whoever vouches for persons under that name. */
function identityKeys(folder: string): IdentityKey[] {
  if (!isFolder(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.pem'));
  return names.sort().flatMap((name) => {
    try {
      return fromPem('PUBLIC KEY', readTextInput(join(folder, name))).map((publicKey) => ({
        provider: name.slice(0, -'.pem'.length),
        publicKey,
      }));
    } catch (error) {
      if (!isDomainError(error)) throw error;
      throw new UsageError(`${join(folder, name)} is no public key`);
    }
  });
}

/** `witness/*.vkey`: keys that cosign, and no others. */
function witnessKeys(folder: string): readonly string[] {
  if (!isFolder(folder)) return [];
  return filesIn(folder).flatMap((file) => {
    const { vkeys } = readAnchor(file);
    if (vkeys.length === 0 || vkeys.some((text) => parseVkey(text).use !== 'cosignature'))
      throw new UsageError(`${file} is no witness’s verifier key`);
    return vkeys;
  });
}

/** Anchor files of a folder by their ending, sorted; other files are none of our business. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /\.(?:pem|crt|cer|der|vkey|json)$/.test(name))
    .sort()
    .map((name) => join(folder, name));

function readAnchor(path: string): Anchor {
  const bytes = readInput(path);
  try {
    const text = new TextDecoder('latin1').decode(bytes);
    if (path.endsWith('.vkey') || /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+\s*$/.test(text)) {
      const vkeys = text.split('\n').filter((line) => line.trim() !== '');
      vkeys.forEach(parseVkey);
      if (vkeys.length > 0) return { certificates: [], vkeys, jwks: [] };
    }
    if (path.endsWith('.json')) return { certificates: [], vkeys: [], jwks: parseJwkSet(text) };
    const certificates = text.includes('-----BEGIN ') ? fromPem('CERTIFICATE', text) : [bytes];
    certificates.forEach((der) => parseCertificate(der, 'foreign'));
    if (certificates.length > 0) return { certificates, vkeys: [], jwks: [] };
  } catch (error) {
    if (!isDomainError(error)) throw error;
  }
  throw new UsageError(
    `${basename(path)} is neither a certificate nor a ledger key nor a set of receipt keys`,
  );
}
