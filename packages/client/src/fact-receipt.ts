import { CLOCK_SKEW_SECONDS } from './receipt.js';
import { refuse, verifySignedJson, type KeySet } from './signed-json.js';

/** What every receipt of something that happened to an authorization says. */
export interface FactReceipt {
  readonly id: string;
  /** Address of the service that signed it. */
  readonly issuer: string;
  readonly institution: { readonly name: string; readonly creditCode: string };
  readonly authorization: string;
  readonly letterNumber: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface WithdrawalReceipt extends FactReceipt {
  readonly by: 'subject' | 'institution';
  readonly channel: string;
}

export interface HoldReceipt extends FactReceipt {
  readonly by: 'subject' | 'institution';
  readonly reason: string;
}

export interface ResolutionReceipt extends FactReceipt {
  /** The dispute it ends. */
  readonly hold: string;
  readonly outcome: 'upheld' | 'rejected' | 'retracted';
}

export interface EndReceipt extends FactReceipt {
  readonly event: string;
  readonly happenedAt: string;
}

/** What the caller knows; each member given must agree. */
export interface ExpectedFact {
  readonly issuer?: string;
  readonly authorization?: string;
  readonly letterNumber?: string;
  /** Credit code. */
  readonly institution?: string;
}

interface Check {
  readonly keys: KeySet;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly expected?: ExpectedFact;
}

/**
 * Checks the receipt of a withdrawal without asking anybody. Throws `MandateSignatureError`: `malformed`,
 * `algorithm-refused`, `type-mismatch`, `key-unknown`, `signature-mismatch`, `in-the-future`, `issuer-mismatch`,
 * `authorization-mismatch`, `letter-mismatch`, `institution-mismatch`.
 */
export async function verifyWithdrawal(jws: string, check: Check): Promise<WithdrawalReceipt> {
  const { receipt, fact } = await verifyFact(jws, 'withdrawal', check);
  return { ...receipt, by: partyOf(fact), channel: text(fact, 'channel') };
}

/** The same for a dispute. */
export async function verifyHold(jws: string, check: Check): Promise<HoldReceipt> {
  const { receipt, fact } = await verifyFact(jws, 'hold', check);
  return { ...receipt, by: partyOf(fact), reason: text(fact, 'reason') };
}

/** The same for the end of a dispute. */
export async function verifyHoldResolution(jws: string, check: Check): Promise<ResolutionReceipt> {
  const { receipt, fact } = await verifyFact(jws, 'hold-resolution', check);
  const { outcome } = fact;
  if (outcome !== 'upheld' && outcome !== 'rejected' && outcome !== 'retracted')
    refuse('malformed');
  return { ...receipt, hold: text(fact, 'hold'), outcome };
}

/** The same for the reported end. */
export async function verifyEnd(jws: string, check: Check): Promise<EndReceipt> {
  const { receipt, fact } = await verifyFact(jws, 'end', check);
  return { ...receipt, event: text(fact, 'event'), happenedAt: text(fact, 'happenedAt') };
}

type Members = Readonly<Record<string, unknown>>;

async function verifyFact(
  jws: string,
  kind: 'withdrawal' | 'hold' | 'hold-resolution' | 'end',
  { keys, now, expected = {} }: Check,
): Promise<{ receipt: FactReceipt; fact: Members }> {
  const payload = await verifySignedJson(jws, `mandate-${kind}+jwt`, keys);
  const fact = members(payload['fact']);
  const institution = members(payload['institution']);
  const receipt: FactReceipt = {
    id: text(payload, 'jti'),
    issuer: text(payload, 'iss'),
    institution: { name: text(institution, 'name'), creditCode: text(institution, 'creditCode') },
    authorization: text(fact, 'authorization'),
    letterNumber: text(fact, 'letterNumber'),
    at: text(fact, 'at'),
  };
  const at = Date.parse(receipt.at);
  if (fact['format'] !== `mandate-${kind}/v1` || fact['id'] !== receipt.id || Number.isNaN(at))
    refuse('malformed');
  if (at > now + CLOCK_SKEW_SECONDS * 1000) refuse('in-the-future');
  const differs = (wanted: string | undefined, is: string): boolean =>
    wanted !== undefined && wanted !== is;
  if (differs(expected.issuer, receipt.issuer)) refuse('issuer-mismatch');
  if (differs(expected.authorization, receipt.authorization)) refuse('authorization-mismatch');
  if (differs(expected.letterNumber, receipt.letterNumber)) refuse('letter-mismatch');
  if (differs(expected.institution, receipt.institution.creditCode)) refuse('institution-mismatch');
  return { receipt, fact };
}

function text(from: Members, name: string): string {
  const value = from[name];
  return typeof value === 'string' && value !== '' ? value : refuse('malformed');
}

function partyOf({ by }: Members): 'subject' | 'institution' {
  return by === 'subject' || by === 'institution' ? by : refuse('malformed');
}

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? (value as Members) : {};
