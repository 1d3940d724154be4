import {
  fromHex,
  fromUtf8,
  kindDigestHex,
  personPseudonym,
  sha256Hex,
  toUtcSeconds,
} from '@mandate/core';
import { entryBytes, type LedgerEntry } from '@mandate/ledger';
import type { DestroyedIdImage } from '../ports/id-image.js';
import type { AuthorizationRow, Institution } from '../ports.js';
import type { ErasureRow, ReleaseRow, RestrictionRow } from '../ports/privacy.js';
import type { StoredFact } from '../ports/receipt.js';
import type { EndRow, HoldRow, WithdrawalRow } from '../ports/stop.js';
import type { RedemptionRow, ScopeRow } from '../ports/use.js';

/** Facts after release in the form that is digested, ledgered and put into receipts. */

const about = (authorization: AuthorizationRow) => ({
  authorization: authorization.id,
  letterNumber: authorization.letterNumber,
  letter: authorization.letterDigest,
  terms: authorization.termsDigest,
});

/** One use. `operator` is a salted commitment, so the whole cannot be guessed from its digest. */
export const redemptionFact = (
  authorization: AuthorizationRow,
  institution: Institution,
  scope: ScopeRow,
  row: Pick<
    RedemptionRow,
    'id' | 'purpose' | 'source' | 'recipient' | 'items' | 'operator' | 'number' | 'period' | 'at'
  > & { reservedUntil: Date | null },
) => ({
  format: 'mandate-redemption/v1',
  id: row.id,
  ...about(authorization),
  institution: institution.creditCode,
  purpose: row.purpose,
  source: row.source,
  recipient: row.recipient,
  items: [...row.items],
  operator: row.operator,
  number: row.number,
  of: scope.maxUses,
  ...(scope.per ? { per: scope.per, period: row.period } : {}),
  at: toUtcSeconds(row.at),
  ...(row.reservedUntil ? { reservedUntil: toUtcSeconds(row.reservedUntil) } : {}),
});

export const withdrawalFact = (authorization: AuthorizationRow, row: WithdrawalRow) => ({
  format: 'mandate-withdrawal/v1',
  id: row.id,
  ...about(authorization),
  by: row.by,
  channel: row.channel,
  proof: { kind: row.proofKind, ref: row.proofRef },
  salt: row.salt,
  at: toUtcSeconds(row.at),
});

export const holdFact = (authorization: AuthorizationRow, row: HoldRow) => ({
  format: 'mandate-hold/v1',
  id: row.id,
  ...about(authorization),
  by: row.by,
  reason: row.reason,
  proof: { kind: row.proofKind, ref: row.proofRef },
  salt: row.salt,
  at: toUtcSeconds(row.openedAt),
});

/** How a dispute ended. Who proposed and who agreed are commitments under the salt: two people, told apart. */
export const resolutionFact = (authorization: AuthorizationRow, row: HoldRow) => {
  const salt = fromHex(row.resolutionSalt!);
  return {
    format: 'mandate-hold-resolution/v1',
    id: row.resolutionId!,
    ...about(authorization),
    hold: row.id,
    outcome: row.outcome!,
    grounds: row.grounds!,
    proposedBy: personPseudonym(salt, row.proposedBy!),
    resolvedBy: personPseudonym(salt, row.resolvedBy!),
    proposedAt: toUtcSeconds(row.proposedAt!),
    at: toUtcSeconds(row.resolvedAt!),
  };
};

export const endFact = (authorization: AuthorizationRow, row: EndRow) => ({
  format: 'mandate-end/v1',
  id: row.id,
  ...about(authorization),
  event: row.event,
  happenedAt: toUtcSeconds(row.happenedAt),
  salt: row.salt,
  at: toUtcSeconds(row.at),
});

/** Who received what of the subject, for which use. `content` is a salted commitment. */
export const releaseFact = (authorization: AuthorizationRow, row: ReleaseRow) => ({
  format: 'mandate-release/v1',
  id: row.id,
  ...about(authorization),
  redemption: row.redemptionId,
  recipient: row.recipient,
  key: row.keyId,
  fields: [...row.fields],
  content: row.content,
  sealed: row.sealed,
  at: toUtcSeconds(row.at),
});

export const restrictionFact = (authorization: AuthorizationRow, row: RestrictionRow) => ({
  format: 'mandate-restriction/v1',
  id: row.id,
  ...about(authorization),
  by: row.by,
  proof: { kind: row.proofKind, ref: row.proofRef },
  salt: row.salt,
  at: toUtcSeconds(row.at),
});

export const erasureFact = (authorization: AuthorizationRow, row: ErasureRow) => ({
  format: 'mandate-erasure/v1',
  id: row.id,
  ...about(authorization),
  basis: row.basis,
  keptUntil: toUtcSeconds(row.keptUntil),
  askedBy: row.askedBy,
  ...(row.approvedBy ? { approvedBy: row.approvedBy } : {}),
  salt: row.salt,
  at: toUtcSeconds(row.at),
});

/** A picture of an identity document is no more. `content` is the commitment that stood in the trail when it was kept. */
export const idImageFact = (authorization: AuthorizationRow, row: DestroyedIdImage) => ({
  format: 'mandate-id-image-destruction/v1',
  id: row.id,
  ...about(authorization),
  content: row.content,
  keptAt: toUtcSeconds(row.keptAt),
  keepUntil: toUtcSeconds(row.keepUntil),
  why: row.destroyedWhy,
  by: row.destroyedBy,
  salt: row.salt,
  at: toUtcSeconds(row.destroyedAt),
});

/** Any stored fact in its digested form. */
export function factOf(stored: StoredFact): Readonly<Record<string, unknown>> & { id: string } {
  const { authorization } = stored;
  switch (stored.kind) {
    case 'redemption':
      return redemptionFact(authorization, stored.institution, stored.scope, stored.row);
    case 'withdrawal':
      return withdrawalFact(authorization, stored.row);
    case 'hold':
      return holdFact(authorization, stored.row);
    case 'hold-resolution':
      return resolutionFact(authorization, stored.row);
    case 'end':
      return endFact(authorization, stored.row);
    case 'release':
      return releaseFact(authorization, stored.row);
    case 'restriction':
      return restrictionFact(authorization, stored.row);
    case 'erasure':
      return erasureFact(authorization, stored.row);
    case 'id-image-destruction':
      return idImageFact(authorization, stored.row);
  }
}

export const factDigest = (fact: unknown): string => kindDigestHex('receipt', fact);

type FactEntry = Extract<LedgerEntry, { fact: string }>;

/** The ledger's entry about a fact: digests only. Canonical text and its SHA-256 (hex). */
export function factEntry<K extends FactEntry['kind']>(
  kind: K,
  authorization: Pick<AuthorizationRow, 'letterDigest'>,
  p: { at: Date; fact: string } & (Extract<FactEntry, { kind: K }> extends { step: infer S }
    ? { step: S }
    : object),
): { ledgerEntry: string; ledgerDigest: string } {
  const { at, ...rest } = p;
  const bytes = entryBytes({
    format: 'mandate-entry/v1',
    kind,
    at: toUtcSeconds(at),
    letter: authorization.letterDigest,
    ...rest,
  } as unknown as LedgerEntry);
  return { ledgerEntry: fromUtf8(bytes), ledgerDigest: sha256Hex(bytes) };
}

/** When a fact came to be. */
export function factMoment(stored: StoredFact): Date {
  switch (stored.kind) {
    case 'hold':
      return stored.row.openedAt;
    case 'hold-resolution':
      return stored.row.resolvedAt!;
    case 'id-image-destruction':
      return stored.row.destroyedAt;
    default:
      return stored.row.at;
  }
}

/** The entry with which a stored fact was made; later steps of a redemption have their own. */
export function factEntryOf(stored: StoredFact): ReturnType<typeof factEntry> {
  const { authorization } = stored;
  const p = { at: factMoment(stored), fact: factDigest(factOf(stored)) };
  switch (stored.kind) {
    case 'redemption': {
      const step = stored.row.reservedUntil ? 'reserved' : 'confirmed';
      return factEntry('redemption', authorization, { ...p, step });
    }
    case 'hold':
      return factEntry('hold', authorization, { ...p, step: 'opened' });
    case 'hold-resolution':
      return factEntry('hold', authorization, { ...p, step: stored.row.outcome! });
    case 'release':
      return factEntry('access', authorization, p);
    case 'restriction':
      return factEntry('shred', authorization, { ...p, step: 'restricted' });
    case 'erasure':
      return factEntry('shred', authorization, { ...p, step: 'erased' });
    case 'id-image-destruction':
      return factEntry('shred', authorization, { ...p, step: 'id-image-destroyed' });
    default:
      return factEntry(stored.kind, authorization, p);
  }
}
