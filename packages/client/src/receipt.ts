import { refuse, verifySignedJson, type KeySet } from './signed-json.js';

/** Clocks of two parties differ by so much at most, seconds. */
export const CLOCK_SKEW_SECONDS = 60;

/** One use, as its receipt says it. */
export interface Receipt {
  /** `red_…` */
  readonly id: string;
  /** Address of the service that signed it. */
  readonly issuer: string;
  readonly institution: { readonly name: string; readonly creditCode: string };
  readonly authorization: string;
  readonly letterNumber: string;
  readonly purpose: string;
  /** Credit code of the source the receipt is for. */
  readonly source: string;
  /** Credit code of who may receive the data. */
  readonly recipient: string;
  readonly items: readonly string[];
  /**
   * Which use it is, of how many. A source answers each number of an authorization's period once, and
   * remembers that: a use that was given back frees its number for another receipt.
   */
  readonly number: number;
  readonly of: number;
  readonly period: string | undefined;
  /** RFC 3339. */
  readonly at: string;
  /** Not to be acted on from then on, milliseconds since 1970. */
  readonly expiresAt: number;
  /** Its place in the status list. */
  readonly status: { readonly uri: string; readonly index: number };
}

/** What the source knows of the query in front of it; each member given must agree. */
export interface ExpectedUse {
  readonly issuer?: string;
  /** Your own credit code, when you are the source. */
  readonly source?: string;
  readonly institution?: string;
  readonly recipient?: string;
  readonly purpose?: string;
  readonly letterNumber?: string;
  /** The items asked for; all of them must be in the receipt. */
  readonly items?: readonly string[];
}

/**
 * Checks a receipt of use without asking anybody: signature, type, time and, as far as `expected` says,
 * what it is for. Whether it was withdrawn since says `checkStatus`.
 * Throws `MandateSignatureError`: `malformed`, `algorithm-refused`, `type-mismatch`, `key-unknown`,
 * `signature-mismatch`, `expired`, `in-the-future`, `issuer-mismatch`, `source-mismatch`,
 * `institution-mismatch`, `recipient-mismatch`, `purpose-mismatch`, `letter-mismatch`, `scope-exceeded`.
 */
export async function verifyReceipt(
  jws: string,
  check: {
    readonly keys: KeySet;
    /** Milliseconds since 1970. */
    readonly now: number;
    readonly expected?: ExpectedUse;
  },
): Promise<Receipt> {
  const payload = await verifySignedJson(jws, 'mandate-receipt+jwt', check.keys);
  const receipt = receiptOf(payload) ?? refuse('malformed');
  if (check.now >= receipt.expiresAt) refuse('expired');
  if (Date.parse(receipt.at) > check.now + CLOCK_SKEW_SECONDS * 1000) refuse('in-the-future');
  const { expected = {} } = check;
  const differs = (wanted: string | undefined, is: string): boolean =>
    wanted !== undefined && wanted !== is;
  if (differs(expected.issuer, receipt.issuer)) refuse('issuer-mismatch');
  if (differs(expected.source, receipt.source)) refuse('source-mismatch');
  if (differs(expected.institution, receipt.institution.creditCode)) refuse('institution-mismatch');
  if (differs(expected.recipient, receipt.recipient)) refuse('recipient-mismatch');
  if (differs(expected.purpose, receipt.purpose)) refuse('purpose-mismatch');
  if (differs(expected.letterNumber, receipt.letterNumber)) refuse('letter-mismatch');
  if (expected.items?.some((item) => !receipt.items.includes(item))) refuse('scope-exceeded');
  return receipt;
}

type Members = Readonly<Record<string, unknown>>;

/** The payload in our words; undefined when anything is missing or contradicts itself. */
function receiptOf(payload: Members): Receipt | undefined {
  const fact = members(payload['fact']);
  const institution = members(payload['institution']);
  const list = members(members(payload['status'])['status_list']);
  const text = (from: Members, name: string): string => {
    const value = from[name];
    return typeof value === 'string' && value !== '' ? value : refuse('malformed');
  };
  const whole = (from: Members, name: string): number => {
    const value = from[name];
    return Number.isSafeInteger(value) ? Number(value) : refuse('malformed');
  };
  const items = fact['items'];
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) return undefined;
  const receipt: Receipt = {
    id: text(payload, 'jti'),
    issuer: text(payload, 'iss'),
    institution: { name: text(institution, 'name'), creditCode: text(institution, 'creditCode') },
    authorization: text(fact, 'authorization'),
    letterNumber: text(fact, 'letterNumber'),
    purpose: text(fact, 'purpose'),
    source: text(payload, 'aud'),
    recipient: text(fact, 'recipient'),
    items,
    number: whole(fact, 'number'),
    of: whole(fact, 'of'),
    period: fact['period'] === undefined ? undefined : text(fact, 'period'),
    at: text(fact, 'at'),
    expiresAt: whole(payload, 'exp') * 1000,
    status: { uri: text(list, 'uri'), index: whole(list, 'idx') },
  };
  const agrees =
    fact['format'] === 'mandate-redemption/v1' &&
    fact['id'] === receipt.id &&
    fact['source'] === receipt.source &&
    fact['institution'] === receipt.institution.creditCode &&
    !Number.isNaN(Date.parse(receipt.at));
  return agrees ? receipt : undefined;
}

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? (value as Members) : {};
