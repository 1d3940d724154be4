import { deflateSync } from 'node:zlib';
import {
  addSeconds,
  DomainError,
  isDomainError,
  sha256,
  sha256Hex,
  toBase64Url,
  utf8,
  type Clock,
  type Receipt,
  type SignedStatusList,
  type TsaRole,
} from '@mandate/core';
import { factDigest, factEntryOf, factMoment, factOf } from './use-facts.js';
import type { ReceiptRow, SealRecord, StoredFact } from '../ports/receipt.js';

export interface ReceiptDeps {
  readonly clock: Clock;
  readonly record: SealRecord;
  readonly tsa: Pick<TsaRole, 'token'>;
  /** Issuer of receipts and status lists. */
  readonly publicUrl: string;
  /** Compact JWS under the receipt key. */
  readonly sign: (p: {
    typ: string;
    payload: Readonly<Record<string, unknown>>;
  }) => Promise<string>;
}

/** How long a source may act on the receipt of a use that was not reserved, seconds. */
const RECEIPT_LIFE = 24 * 3600;
/** Receipts in one status list. */
export const STATUS_LIST_SIZE = 2 ** 15;
/** A list may be kept this long, seconds, and is not believed after `STATUS_LIFE`. */
export const STATUS_TTL = 60;
const STATUS_LIFE = 300;

export const statusListUri = (publicUrl: string, list: number): string =>
  `${publicUrl}/status/${list}`;

/**
 * Signs the receipt of a fact, once. The fact comes from the record as role seal reads it and must have the
 * digest that stands in trail and ledger. Throws `not-found`, `object-corrupt`.
 */
export async function signReceipt(deps: ReceiptDeps, factId: string): Promise<Receipt> {
  return receiptOf((await deps.record.receipt(factId)) ?? (await signNew(deps, factId)));
}

const receiptOf = ({ jws, token }: ReceiptRow): Receipt => ({ jws, token });

async function signNew(deps: ReceiptDeps, factId: string): Promise<ReceiptRow> {
  const stored = await deps.record.fact(factId);
  const fact = factOf(stored);
  const digest = factDigest(fact);
  const at = factMoment(stored);
  const entry = factEntryOf(stored).ledgerDigest;
  if (
    stored.kind === 'redemption' &&
    (stored.row.digest !== digest || stored.row.ledgerEntry !== entry)
  )
    throw new DomainError('object-corrupt', 'the redemption is not the one that was recorded');
  const jws = await deps.sign({
    typ: `mandate-${stored.kind === 'redemption' ? 'receipt' : stored.kind}+jwt`,
    payload: {
      iss: deps.publicUrl,
      jti: factId,
      iat: seconds(at),
      ...(stored.kind === 'redemption' ? permission(deps, stored) : {}),
      fact,
      factDigest: digest,
      ledgerEntry: entry,
      institution: {
        name: stored.institution.name,
        creditCode: stored.institution.creditCode,
      },
    },
  });
  return deps.record.addReceipt({ factId, jws, signedAt: deps.clock.now() });
}

/** What makes a receipt a permission for its source: for whom, until when, and where to look for withdrawal. */
function permission(
  { publicUrl }: ReceiptDeps,
  { row, scope }: StoredFact & { kind: 'redemption' },
) {
  const until = row.reservedUntil ?? addSeconds(row.at, RECEIPT_LIFE);
  return {
    aud: row.source,
    exp: seconds(until < scope.endAt ? until : scope.endAt),
    status: {
      status_list: {
        idx: row.statusIndex % STATUS_LIST_SIZE,
        uri: statusListUri(publicUrl, Math.floor(row.statusIndex / STATUS_LIST_SIZE)),
      },
    },
  };
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** The receipt with its timestamp, asked for once. Throws `timestamp-unavailable`. */
export async function stampReceipt(deps: ReceiptDeps, factId: string): Promise<Receipt> {
  const receipt = await signReceipt(deps, factId);
  if (receipt.token) return receipt;
  const { token, operator } = await deps.tsa.token({ digest: sha256(utf8(receipt.jws)) });
  return receiptOf(await deps.record.stampReceipt(factId, token, operator));
}

/** IETF Token Status List: two bits each, so that a hold (suspended) is told from an end. */
const BITS = 2;
const STATUS = { invalid: 1, suspended: 2 } as const;

/**
 * Status lists as role seal signs them: every receipt's place says whether a source may still act on it.
 * Whoever fetches a list does not say which receipt it holds.
 */
export function statusLists(deps: ReceiptDeps) {
  const signed = new Map<number, SignedStatusList & { until: Date }>();
  return async ({ list }: { list: number }): Promise<SignedStatusList> => {
    if (!Number.isSafeInteger(list) || list < 0 || list > 2 ** 31)
      throw new DomainError('not-found', 'no such status list');
    const now = deps.clock.now();
    const from = list * STATUS_LIST_SIZE;
    const bytes = new Uint8Array((STATUS_LIST_SIZE * BITS) / 8);
    for (const { index, status } of await deps.record.statuses(
      from,
      from + STATUS_LIST_SIZE,
      now,
    )) {
      const bit = (index - from) * BITS;
      bytes[bit >> 3]! |= STATUS[status] << (bit & 7);
    }
    const tag = sha256Hex(bytes);
    const old = signed.get(list);
    if (old?.tag === tag && old.until > now) return old;
    const jws = await deps.sign({
      typ: 'statuslist+jwt',
      payload: {
        iss: deps.publicUrl,
        sub: statusListUri(deps.publicUrl, list),
        iat: seconds(now),
        exp: seconds(now) + STATUS_LIFE,
        ttl: STATUS_TTL,
        status_list: { bits: BITS, lst: toBase64Url(new Uint8Array(deflateSync(bytes))) },
      },
    });
    // a list that was kept for its whole ttl is still good then
    const made = { jws, tag, until: addSeconds(now, STATUS_LIFE - 2 * STATUS_TTL) };
    signed.set(list, made);
    return made;
  };
}

/** Receipts that were not signed or stamped at once. */
export async function stampWaiting(deps: {
  readonly clock: Clock;
  readonly record: { unstamped(before: Date, limit: number): Promise<readonly string[]> };
  readonly seal: { stamp(request: { factId: string }): Promise<unknown> };
  readonly onProblem: (what: string, error: unknown) => void;
}): Promise<void> {
  const before = addSeconds(deps.clock.now(), -30);
  for (const factId of await deps.record.unstamped(before, 50)) {
    try {
      await deps.seal.stamp({ factId });
    } catch (error) {
      deps.onProblem('receipt', error);
      // Nobody stamps just now: the others will not be luckier.
      if (isDomainError(error, 'timestamp-unavailable')) return;
    }
  }
}
