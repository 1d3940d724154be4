import { parseVkey } from '@mandate/ledger';
import type { PublicJwk, ReaderJwk } from '@mandate/core';
import { parseCertificate, spkiOfJwk, SUNSETS, type Certificate, type Sunset } from '@mandate/pki';

/** What the caller believes, by purpose. Never taken from the input. */
export interface TrustAnchors {
  /** Root certificates, DER. */
  readonly scene: readonly Uint8Array[];
  readonly seal: readonly Uint8Array[];
  readonly timestamp: readonly Uint8Array[];
  /** C2SP verifier keys: of ledgers, and of witnesses (those that cosign). */
  readonly ledger: readonly string[];
  /** Public keys (SubjectPublicKeyInfo, DER) of those who vouch for persons, by the provider's name. */
  readonly identity?: readonly IdentityKey[];
  /** Keys that sign receipts, status lists and releases: P-256, each named by its RFC 7638 thumbprint. */
  readonly receipt?: readonly PublicJwk[];
}

export interface IdentityKey {
  readonly provider: string;
  readonly publicKey: Uint8Array;
}

export const NO_ANCHORS: TrustAnchors = { scene: [], seal: [], timestamp: [], ledger: [] };

/** Anchors, parsed. */
export interface Trust {
  readonly scene: readonly Certificate[];
  readonly seal: readonly Certificate[];
  readonly timestamp: readonly Certificate[];
  readonly ledger: readonly string[];
  readonly identity: readonly IdentityKey[];
  /** Keys of receipts (SubjectPublicKeyInfo, DER) by their thumbprint. */
  readonly receipt: ReadonlyMap<string, Uint8Array>;
  /** When algorithms end. */
  readonly sunsets: readonly Sunset[];
  /** So many operators must have stamped a letter; 1 asks for no more than its signature's timestamp. */
  readonly minOperators: number;
  /** Distinct trusted witnesses that must have cosigned the checkpoint of the letter’s proof. */
  readonly minWitnesses: number;
  /** Nothing passes without revocation data; otherwise short-term certificates and silent files may. */
  readonly requireRevocation: boolean;
  /** When passkeys ended, by the commitment of their registration (hex); null: not known. */
  readonly passkeyEnds: ReadonlyMap<string, Date> | null;
  /** When keys of operator and authorities ended, by SHA-256 of the SubjectPublicKeyInfo (hex); null: not known. */
  readonly keyEnds: ReadonlyMap<string, Date> | null;
  /** Of whoever reads, to open what a bundle discloses to them alone. */
  readonly readerKey: ReaderJwk | null;
}

/** The end of a key, as a ledger's `key-event` entry tells it. */
export interface KeyEnded {
  /** SHA-256 of the SubjectPublicKeyInfo, hex. */
  readonly key: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The end of a passkey, as a ledger's `credential-end` entry tells it. */
export interface PasskeyEnded {
  readonly credential: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Throws `format-certificate`, `format-ledger` or `format-json`: a broken anchor is the caller's fault, not the input's. */
export function parseTrust(
  anchors: TrustAnchors,
  rules: {
    sunsets?: readonly Sunset[] | undefined;
    minOperators?: number | undefined;
    minWitnesses?: number | undefined;
    requireRevocation?: boolean | undefined;
    passkeyEnds?: readonly PasskeyEnded[] | undefined;
    keyEnds?: readonly KeyEnded[] | undefined;
    readerKey?: ReaderJwk | undefined;
  } = {},
): Trust {
  anchors.ledger.forEach(parseVkey);
  return {
    scene: anchors.scene.map((der) => parseCertificate(der, 'foreign')),
    seal: anchors.seal.map((der) => parseCertificate(der, 'foreign')),
    timestamp: anchors.timestamp.map((der) => parseCertificate(der, 'foreign')),
    ledger: anchors.ledger,
    identity: anchors.identity ?? [],
    receipt: new Map((anchors.receipt ?? []).map((jwk) => [jwk.kid, spkiOfJwk(jwk)])),
    sunsets: rules.sunsets ?? SUNSETS,
    minOperators: rules.minOperators ?? 1,
    minWitnesses: rules.minWitnesses ?? 0,
    requireRevocation: rules.requireRevocation ?? false,
    passkeyEnds: rules.passkeyEnds
      ? earliestEnds(rules.passkeyEnds.map(({ credential, at }) => [credential, new Date(at)]))
      : null,
    keyEnds: rules.keyEnds
      ? earliestEnds(rules.keyEnds.map(({ key, at }) => [key, new Date(at)]))
      : null,
    readerKey: rules.readerKey ?? null,
  };
}

/** Of each passkey or key the first end that is told: one told again later takes nothing back. */
export function earliestEnds(
  ends: Iterable<readonly [name: string, at: Date]>,
): ReadonlyMap<string, Date> {
  const earliest = new Map<string, Date>();
  for (const [name, at] of ends) {
    const known = earliest.get(name);
    if (!known || at < known) earliest.set(name, at);
  }
  return earliest;
}
