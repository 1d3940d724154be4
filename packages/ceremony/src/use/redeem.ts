import {
  canonicalBytes,
  canonicalize,
  commitment,
  decrypt,
  DomainError,
  encrypt,
  fromHex,
  fromUtf8,
  hmacSha256,
  newId,
  sha256Hex,
  toBase64Url,
  toHex,
  toUtcSeconds,
  utf8,
  type Receipt,
  type SealRole,
  type VaultRole,
} from '@mandate/core';
import type { DisclosedValue } from '@mandate/evidence';
import type { StepDeps } from '../deps.js';
import type { AuthorizationRow, Institution } from '../ports.js';
import { checkAgreement } from './check-agreement.js';
import { factDigest, factEntry, redemptionFact } from './use-facts.js';
import type {
  RedemptionFilter,
  RedemptionRow,
  UseParticulars,
  UseReads,
  UseRecord,
} from '../ports/use.js';

export interface UseDeps extends StepDeps {
  readonly record: UseRecord;
  readonly vault: Pick<VaultRole, 'unwrap'>;
  readonly seal: Pick<SealRole, 'receipt'>;
}

/** How long a reservation waits for its confirmation, seconds. */
export const RESERVATION_LIFE = 10 * 60;

export interface RedemptionRequest {
  readonly purpose: string;
  readonly source: { readonly creditCode: string };
  /** Who receives the data; default: the institution itself. */
  readonly recipient?: { readonly creditCode: string } | undefined;
  readonly items: readonly string[];
  /** Who at the institution makes the use; a refusal without. */
  readonly operator?: Person | undefined;
  readonly approver?: Person | undefined;
  readonly businessReference?: string | undefined;
  /** Reserve only: the use counts, and comes back when it is released or its time is over. */
  readonly hold?: boolean | undefined;
}
export interface Person {
  readonly id: string;
  readonly name?: string | undefined;
}

/** What stands in a redemption's encrypted box. */
export interface UseDetails {
  readonly operator: Person;
  readonly approver?: Person;
  readonly businessReference?: string;
  /** Hex; opens the operator's commitment. */
  readonly salt: string;
}

export interface RedemptionView {
  readonly redemption: string;
  readonly authorization: string;
  readonly state: RedemptionRow['state'];
  readonly purpose: string;
  readonly source: { readonly creditCode: string };
  readonly recipient: { readonly creditCode: string };
  readonly items: readonly string[];
  readonly number: number;
  readonly of: number;
  /** Beijing calendar period of a recurring use: `2026-11`, `2026-Q4`, `2026`. */
  readonly period?: string;
  readonly at: string;
  readonly reservedUntil?: string;
  readonly settledAt?: string;
  readonly timedOut?: boolean;
}

export interface MadeRedemption extends RedemptionView {
  /** Compact JWS. */
  readonly receipt: string;
  /** RFC 3161 token over the receipt, base64url; null until it is stamped. */
  readonly timestamp: string | null;
  readonly usesLeft: number;
}

/**
 * One use of a released authorization. The record decides under one lock; what it decided is receipted by
 * role seal. Repeating it with the same key finds the same redemption, also after a crash half-way.
 * Throws `operator-missing` and the predicate's refusals: `withdrawn`, `on-hold`, `authorization-ended`,
 * `purpose-mismatch`, `source-mismatch`, `recipient-mismatch`, `scope-exceeded`, `used-up`,
 * `source-expired`, `recipient-expired`; `illegal-transition` before release; `terms-changed` when the record does not
 * hold what was signed; `idempotency-key-reused`.
 */
export async function redeem(
  deps: UseDeps,
  input: {
    authorization: Pick<AuthorizationRow, 'id'>;
    institution: Institution;
    request: RedemptionRequest;
    idempotencyKey: string;
  },
): Promise<MadeRedemption> {
  const { record, clock, random } = deps;
  const { authorization, institution, request, idempotencyKey } = input;
  const requestKey = sha256Hex(utf8(idempotencyKey));
  const requestDigest = toHex(
    hmacSha256(utf8(idempotencyKey), canonicalBytes(JSON.parse(JSON.stringify(request)))),
  );
  const before = await record.redemptionByKey(authorization.id, requestKey);
  if (before) {
    if (before.requestDigest !== requestDigest) throw reused();
    return made(deps, before);
  }
  if (!request.operator) throw new DomainError('operator-missing', 'name who makes this use');
  const use = particulars(request, institution);
  await record.checkRedeemable(authorization.id, use, clock.now());

  const id = newId('redemption', clock, random);
  const salt = random.bytes(32);
  const details: UseDetails = {
    operator: person(request.operator),
    ...(request.approver ? { approver: person(request.approver) } : {}),
    ...(request.businessReference ? { businessReference: request.businessReference } : {}),
    salt: toHex(salt),
  };
  const { dataKey } = await deps.vault.unwrap({
    authorizationId: authorization.id,
    purpose: 'redeem',
    actor: `institution:${institution.id}`,
  });
  checkAgreement(dataKey, authorization, await record.agreement(authorization.id));
  const row = await record.redeem(
    {
      id,
      authorizationId: authorization.id,
      ...use,
      operator: toHex(commitment(salt, 'operator', canonicalize(details.operator))),
      box: encrypt(dataKey, canonicalBytes(details), boxContext(id), random),
      requestKey,
      requestDigest,
    },
    request.hold ? RESERVATION_LIFE : null,
    clock.now(),
    ({ authorization: locked, scope, number, period, at, ...slot }) => {
      const { reservedUntil } = slot;
      const fact = redemptionFact(locked, institution, scope, {
        id,
        ...use,
        operator: toHex(commitment(salt, 'operator', canonicalize(details.operator))),
        number,
        period,
        at,
        reservedUntil,
      });
      const digest = factDigest(fact);
      const step = reservedUntil ? 'reserved' : 'confirmed';
      return {
        digest,
        ...factEntry('redemption', locked, { at, fact: digest, step }),
        data: { id, state: step, fact: digest, number, of: scope.maxUses, period },
      };
    },
  );
  return made(deps, row);
}

const person = ({ id, name }: Person): Person => ({ id, ...(name ? { name } : {}) });

const boxContext = (id: string): string => `redemptions/${id}`;

export const reused = (): DomainError =>
  new DomainError('idempotency-key-reused', 'this Idempotency-Key was used with another request');

const particulars = (request: RedemptionRequest, institution: Institution): UseParticulars => ({
  purpose: request.purpose,
  source: request.source.creditCode,
  recipient: request.recipient?.creditCode ?? institution.creditCode,
  items: [...new Set(request.items)].sort(),
});

async function made(deps: UseDeps, row: RedemptionRow): Promise<MadeRedemption> {
  const { scope, usesLeft } = await deps.record.condition(row.authorizationId, row.at);
  const receipt: Receipt = await deps.seal.receipt({ factId: row.id });
  return {
    ...redemptionView(row, scope!.maxUses),
    receipt: receipt.jws,
    timestamp: receipt.token && toBase64Url(receipt.token),
    usesLeft,
  };
}

export function redemptionView(row: RedemptionRow, of: number): RedemptionView {
  return {
    redemption: row.id,
    authorization: row.authorizationId,
    state: row.state,
    purpose: row.purpose,
    source: { creditCode: row.source },
    recipient: { creditCode: row.recipient },
    items: row.items,
    number: row.number,
    of,
    ...(row.period ? { period: row.period } : {}),
    at: toUtcSeconds(row.at),
    ...(row.reservedUntil ? { reservedUntil: toUtcSeconds(row.reservedUntil) } : {}),
    ...(row.settledAt ? { settledAt: toUtcSeconds(row.settledAt) } : {}),
    ...(row.settledBy === 'time-out' ? { timedOut: true } : {}),
  };
}

export interface ListedRedemption extends RedemptionView {
  readonly operator: Person;
  readonly approver?: Person;
  readonly businessReference?: string;
  /** Null until role seal has signed it. */
  readonly receipt: string | null;
  readonly timestamp: string | null;
  /** Only where asked for: what the receipt's `operator` was made of, as a bundle's disclosure tells it. */
  readonly operatorCommitment?: DisclosedValue;
}

/**
 * The register of uses, newest first: who, when, what, why. Opening it stands in the access register.
 * `limit + 1` rows tell whether more follow.
 */
export async function listRedemptions(
  deps: { record: UseReads; vault: Pick<VaultRole, 'unwrap'>; clock: UseDeps['clock'] },
  input: {
    authorizationId: string;
    /** As it stands in the access register, e.g. `institution:ins_…` or `visit:vis_…`. */
    actor: string;
    before?: string | undefined;
    limit: number;
    /** Also what opens the operator's commitment. */
    opened?: boolean;
  } & RedemptionFilter,
): Promise<readonly ListedRedemption[]> {
  const { authorizationId, actor, opened = false, ...page } = input;
  const rows = await deps.record.redemptions(authorizationId, page);
  if (rows.length === 0) return [];
  const { scope } = await deps.record.condition(authorizationId, deps.clock.now());
  const { dataKey } = await deps.vault.unwrap({ authorizationId, purpose: 'uses', actor });
  return Promise.all(
    rows.map(async (row) => {
      const { salt, ...details } = openUseDetails(dataKey, row);
      const receipt = await deps.record.receipt(row.id);
      return {
        ...redemptionView(row, scope!.maxUses),
        ...details,
        receipt: receipt?.jws ?? null,
        timestamp: receipt?.token ? toBase64Url(receipt.token) : null,
        ...(opened && {
          operatorCommitment: {
            commitment: row.operator,
            field: 'operator',
            salt: toBase64Url(fromHex(salt)),
            value: canonicalize(details.operator),
          },
        }),
      };
    }),
  );
}

/** The words behind the operator's commitment. Throws `object-corrupt`. */
export function openUseDetails(
  dataKey: Uint8Array,
  row: Pick<RedemptionRow, 'id' | 'box' | 'operator'>,
): UseDetails {
  const details = JSON.parse(fromUtf8(decrypt(dataKey, row.box, boxContext(row.id)))) as UseDetails;
  const opened = commitment(fromHex(details.salt), 'operator', canonicalize(details.operator));
  if (toHex(opened) !== row.operator)
    throw new DomainError('object-corrupt', 'the operator is not the one committed to');
  return details;
}
