import { sha256Hex, toUtcSeconds } from '@mandate/core';
import { newestArchivedLetter, PART, partOf, type Bundle } from '@mandate/evidence';
import { verifyNote } from '@mandate/ledger';
import { termsDigest } from '@mandate/terms';
import { checkLaterFacts } from './checks/later-facts.js';
import { checkLaterLetter } from './checks/later-letter.js';
import { checkLaterOrder, checkLaterSeals, type LaterSeals } from './checks/later-seals.js';
import { credentialCommitment } from './checks/passkey.js';
import { pass } from './finding.js';
import type { AuthorizationMaterial } from './material/authorization-material.js';
import { gatherLater, type LaterMaterial } from './material/later-material.js';
import type { Trust } from './trust.js';
import type { Facts, Finding, LaterFacts } from './verification.js';

/** What was added to a bundle after signing, as far as it can be judged without the letter. */
export interface OpenedLater {
  /** Null when something cannot be read. */
  readonly material: readonly LaterMaterial[] | null;
  readonly seals: LaterSeals;
  /** The newest archived letter, where it extends the signed one as the ledger says. */
  readonly letter: Uint8Array | null;
  readonly findings: readonly Finding[];
}

/** Reads it, and judges manifests, seals and the archived letter: what proofs of existence follow from. */
export function openLater(bundle: Bundle, trust: Trust, at: Date): OpenedLater {
  const { material, findings } = gatherLater(bundle.later);
  const seals = checkLaterSeals(bundle, trust, at);
  const letter = checkLaterLetter(material ?? [], partOf(bundle, PART.signedLetter));
  return {
    material,
    seals,
    letter: letter.letter,
    findings: [...findings, ...seals.findings, ...letter.findings],
  };
}

/** When the letter's passkey ended, by the entries of later generations; whether it did, they need not say. */
export const passkeyEnds = ({ material }: OpenedLater): [credential: string, at: Date][] =>
  (material ?? []).flatMap(({ proofs }) =>
    proofs.flatMap(({ entry }): [string, Date][] =>
      entry.kind === 'credential-end' ? [[entry.credential, new Date(entry.at)]] : [],
    ),
  );

/** Receipts, entries and statements against the letter they are about. */
export function verifyLater(
  bundle: Bundle,
  { material, seals }: OpenedLater,
  authorization: AuthorizationMaterial | null,
  letter: {
    readonly serial: string | null;
    readonly index: number | null;
    readonly sealedAt: Date | null;
  },
  { trust, at }: { readonly trust: Trust; readonly at: Date },
): { readonly findings: readonly Finding[]; readonly facts: Pick<Facts, 'later'> } {
  const order = checkLaterOrder(letter.sealedAt, seals);
  const newest = material?.at(-1);
  if (!newest || !material || !authorization) return { findings: order, facts: {} };
  const { scene, terms, passkey } = authorization;
  const { findings, facts } = checkLaterFacts(
    material,
    {
      authorization: scene.authorization,
      letter: sha256Hex(partOf(bundle, PART.letter)),
      termsDigest: termsDigest(terms),
      terms,
      serial: letter.serial,
      ledgerOrigin: scene.ledgerOrigin,
      passkey: passkey && {
        entry: passkey.registration.entry,
        credential: credentialCommitment(passkey),
      },
    },
    trust,
    { at, sealedAt: seals.sealedAt },
  );
  const sealedAt = seals.claimedAt.at(-1);
  const archived = newestArchivedLetter(bundle.later);
  const ledgered = ['later-checkpoint', 'later-proofs', 'later-entries'].every((id) =>
    findings.some((it) => it.id === id && it.status === 'passed'),
  );
  const registered = material
    .flatMap(({ proofs }) => proofs)
    .find(({ entry }) => entry.kind === 'credential');
  const later: LaterFacts = {
    generation: newest.generation.number,
    ...(sealedAt ? { sealedAt: sealedAt.toISOString() } : {}),
    state: newest.state,
    facts,
    ...(archived && {
      archived: {
        generation: archived.generation,
        digest: sha256Hex(archived.bytes),
        renewals: material
          .flatMap(({ proofs }) => proofs)
          .filter(({ entry }) => entry.kind === 'renewal').length,
      },
    }),
    accesses: material.flatMap(({ accesses }) => accesses),
    ...(ledgered && registered && { registration: registrationOf(registered, trust) }),
  };
  const before =
    ledgered && registered && letter.index !== null && registered.named < letter.index
      ? [pass('passkey-registered-before', { at: registered.entry.at })]
      : [];
  return { findings: [...order, ...findings, ...before], facts: { later } };
}

function registrationOf(
  { named, entry, proof }: LaterMaterial['proofs'][number],
  trust: Trust,
): NonNullable<LaterFacts['registration']> {
  const { cosigners } = verifyNote(proof.checkpoint, trust.ledger);
  return {
    index: named,
    at: entry.at,
    cosigners: cosigners.map(({ name, at }) => ({ name, at: toUtcSeconds(at) })),
  };
}
