import { isDomainError, sha256Hex, toUtcSeconds } from '@mandate/core';
import type { Bundle } from '@mandate/evidence';
import { parseVkey, verifyNote, vkeySpki } from '@mandate/ledger';
import {
  findSigner,
  parseSignedData,
  parseToken,
  responderOf,
  type Certificate,
  type OcspResponse,
  type SignedData,
  type Token,
} from '@mandate/pki';
import { fail, pass } from '../finding.js';
import type { LaterMaterial, LaterProof } from '../material/later-material.js';
import { earliestEnds, type Trust } from '../trust.js';
import type { Finding } from '../verification.js';

/** Something was signed with a key; `at` is when, by what it is known from. */
export interface KeyUse {
  readonly what: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly key: Uint8Array;
  readonly at: Date;
}

/**
 * Keys whose end the ledger tells (`key-event`, `ended`): what they signed before stands, what they signed after
 * counts as revoked. Nothing is said where no ends are known.
 */
export function checkKeyEnds(uses: readonly KeyUse[], ends: Trust['keyEnds']): Finding[] {
  if (!ends) return [];
  for (const { what, key, at } of uses) {
    const end = ends.get(sha256Hex(key));
    if (end && at > end)
      return [fail('keys-not-ended', 'REVOKED', { what, end: toUtcSeconds(end) })];
  }
  return [pass('keys-not-ended')];
}

/** Of the caller's knowledge and of what later generations tell, the earlier. */
export function knownEnds(
  material: readonly LaterMaterial[],
  { keyEnds }: Pick<Trust, 'keyEnds'>,
): Trust['keyEnds'] {
  const told = material.flatMap(({ proofs }) =>
    proofs.flatMap(({ entry }): [string, Date][] =>
      entry.kind === 'key-event' && entry.event === 'ended'
        ? [[entry.key, new Date(entry.at)]]
        : [],
    ),
  );
  return told.length > 0 ? earliestEnds([...(keyEnds ?? []), ...told]) : keyEnds;
}

/** The authority's key, when its token says. */
export function tokenUse(what: string, token: Token | null | undefined): KeyUse[] {
  if (!token) return [];
  return signerUse(`${what} timestamp`, token.signedData, token.info.genTime);
}

function signerUse(what: string, signedData: SignedData, at: Date): KeyUse[] {
  const [signer] = signedData.signers;
  const certificate = signer && findSigner(signedData, signer);
  return certificate ? [{ what, key: certificate.spki, at }] : [];
}

/** Who answered that the certificate is good, at the moment the answer bears. */
export function statusUse(response: OcspResponse | null, issuer: Certificate): KeyUse[] {
  const responder = response && responderOf(response, issuer);
  return responder ? [{ what: 'status', key: responder.spki, at: response.producedAt }] : [];
}

/** All seals of a bundle. */
export const sealUses = (bundle: Bundle, at: Date): KeyUse[] =>
  [bundle, ...bundle.later].flatMap(({ signature }) => sealUse(signature, at));

/** A seal, as old as its own timestamp or, without one, as `at`; what cannot be read is told elsewhere. */
export function sealUse(signature: Uint8Array, at: Date): KeyUse[] {
  try {
    const signedData = parseSignedData(signature);
    const [first] = signedData.signers[0]?.timestampTokens ?? [];
    const token = first ? parseToken(first) : null;
    return [
      ...signerUse('seal', signedData, token?.info.genTime ?? at),
      ...tokenUse('seal', token),
    ];
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return [];
  }
}

/** Of a proof of the ledger. */
export const proofUses = (
  material: Pick<LaterProof, 'proof' | 'entry'> | null,
  trust: Pick<Trust, 'ledger'>,
): KeyUse[] =>
  material ? checkpointUses(material.proof.checkpoint, new Date(material.entry.at), trust) : [];

/** The ledger's keys that signed a checkpoint; when, the caller knows. */
export function checkpointUses(
  checkpoint: string,
  at: Date,
  { ledger }: Pick<Trust, 'ledger'>,
): KeyUse[] {
  const own = ledger.filter((text) => parseVkey(text).use === 'signature');
  return own
    .filter((text) => verifyNote(checkpoint, [text]).signers.length > 0)
    .map((text) => ({ what: 'ledger', key: vkeySpki(text), at }));
}

/** Receipts, their timestamps and proofs of later generations. */
export function laterUses(
  material: readonly LaterMaterial[],
  trust: Pick<Trust, 'ledger' | 'receipt'>,
): KeyUse[] {
  return material.flatMap(({ receipts, proofs }) => [
    ...receipts.flatMap(({ kid, fact, token }): KeyUse[] => {
      const key = trust.receipt.get(kid);
      const at = token?.info.genTime ?? new Date(fact.at);
      return [...(key ? [{ what: 'receipt', key, at }] : []), ...tokenUse('receipt', token)];
    }),
    ...proofs.flatMap((it) => proofUses(it, trust)),
  ]);
}
