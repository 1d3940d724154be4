import { inflateSync } from 'node:zlib';
import { fromBase64Url, isDomainError, toUtcSeconds } from '@mandate/core';
import { checkKeyEnds } from '../checks/key-ends.js';
import { check, fail, pass } from '../finding.js';
import { integer, record, text } from '../material/json-shape.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';
import type { ReceiptMaterial } from './verify-receipt.js';
import { checkSignedJson } from './signed-json.js';

export const STATUS_LIST_TYPE = 'statuslist+jwt';
/** Two bits: 0 valid, 1 invalid, 2 suspended; 3 is nobody's, so no permission. */
const BITS = 2;
/** Far more than any list of ours unpacks to; a list that does not end is refused. */
const LARGEST_LIST = 1 << 20;
/** Clocks of two parties differ by so much at most, seconds. */
const CLOCK_SKEW = 60;

export type ReceiptStatus = 'valid' | 'invalid' | 'suspended';

interface Payload {
  readonly iss: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly ttl: number;
  readonly status_list: { readonly bits: number; readonly lst: string };
}

const seconds = integer(0, 253_402_300_799);
const url = text(/^https?:\/\/[!-~]{1,300}$/);
const payloadShape = record<Payload>({
  iss: url,
  sub: url,
  iat: seconds,
  exp: seconds,
  ttl: integer(1, 31_536_000),
  status_list: record({ bits: integer(BITS, BITS), lst: text(/^[A-Za-z0-9_-]{1,300000}$/) }),
});

interface StatusListMaterial {
  readonly issuer: string;
  readonly uri: string;
  readonly bytes: Uint8Array;
}

export interface StatusListJudgement {
  readonly material: StatusListMaterial | null;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
}

/** An IETF Token Status List of ours: which receipts a source may still act on. Bad input is a finding. */
export function verifyStatusList(bytes: Uint8Array, trust: Trust, at: Date): StatusListJudgement {
  const signed = checkSignedJson(bytes, trust);
  if (!signed.material) return { material: null, findings: signed.findings, facts: {} };
  const stop = (finding: Finding): StatusListJudgement => ({
    material: null,
    findings: [...signed.findings, finding],
    facts: {},
  });
  const { type } = signed.material;
  if (type !== STATUS_LIST_TYPE) return stop(fail('receipt-type', 'FORMAT_FAILURE', { type }));
  let payload: Payload;
  let list: Uint8Array;
  try {
    payload = payloadShape(signed.material.payload);
    list = inflateSync(fromBase64Url(payload.status_list.lst), { maxOutputLength: LARGEST_LIST });
  } catch (error) {
    const reason = isDomainError(error) ? error.detail : 'the list does not unpack';
    return stop(fail('status-list-content', 'FORMAT_FAILURE', { reason }));
  }
  const [issuedAt, expiresAt] = [payload.iat, payload.exp].map((it) => new Date(it * 1000));
  const key = trust.receipt.get(signed.material.keyId);
  const early = at.getTime() < issuedAt!.getTime() - CLOCK_SKEW * 1000;
  const period = { from: toUtcSeconds(issuedAt!), until: toUtcSeconds(expiresAt!) };
  return {
    material: { issuer: payload.iss, uri: payload.sub, bytes: list },
    findings: [
      ...signed.findings,
      pass('receipt-type'),
      pass('status-list-content'),
      check(
        'status-list-current',
        !early && at < expiresAt!,
        early ? 'NOT_YET_VALID' : 'EXPIRED',
        period,
      ),
      ...checkKeyEnds(key ? [{ what: 'status list', key, at: issuedAt! }] : [], trust.keyEnds),
    ],
    facts: {
      statusList: {
        issuer: payload.iss,
        uri: payload.sub,
        issuedAt: period.from,
        expiresAt: period.until,
        places: Math.floor((list.length * 8) / BITS),
      },
    },
  };
}

/** What a list says of a receipt; the list must be the one the receipt names. */
export function statusIn(
  { issuer, uri, bytes }: StatusListMaterial,
  { payload }: ReceiptMaterial,
): ReceiptStatus | null {
  const place = payload.status?.status_list;
  if (!place || place.uri !== uri || payload.iss !== issuer) return null;
  const bit = place.idx * BITS;
  const byte = bytes[bit >> 3];
  if (byte === undefined) return null;
  const status = (byte >> (bit & 7)) & 3;
  return status === 0 ? 'valid' : status === 2 ? 'suspended' : 'invalid';
}
