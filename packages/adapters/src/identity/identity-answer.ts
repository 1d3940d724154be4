import {
  concat,
  DomainError,
  fromUtf8,
  IDENTITY_ANSWER_PREFIX,
  isDomainError,
  parseCanonical,
  toBase64Url,
  utf8,
  type Clock,
  type IdentityAnswer,
  type IdentityAnswerBody,
  type IdentityQuestion,
} from '@mandate/core';
import { verifySignature } from '@mandate/pki';
import { ProviderDown } from './provider-down.js';

const SUITES = ['ecdsa-p256-sha256', 'ed25519'] as const;
const MEMBERS = [
  ...['format', 'provider', 'check', 'binding', 'outcome', 'reference', 'at'],
  ...['numberAgeMonths', 'simulated'],
];
/** Clocks of two houses, seconds; an answer is made while we wait for it. */
const SKEW_SECONDS = 300;

/** What a provider must have said, and by which key. */
export interface ExpectedAnswer {
  readonly provider: string;
  readonly question: Pick<IdentityQuestion, 'check' | 'binding'>;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

/**
 * Checks an answer as received: signed by this provider's key, canonical JSON, about this very question, made now.
 * Throws `identity-unavailable`: whatever is wrong with an answer is wrong with the provider, not with the person.
 */
export function readIdentityAnswer(
  body: Uint8Array,
  signature: Uint8Array,
  { provider, question, publicKey }: ExpectedAnswer,
  clock: Clock,
): IdentityAnswer {
  const message = concat(utf8(IDENTITY_ANSWER_PREFIX), body);
  const suite = SUITES.find((each) => verifySignature(each, publicKey, message, signature));
  if (!suite) throw bad('is not signed by its key', new ProviderDown('a signature'));
  const answer = parse(body);
  if (answer.format !== 'mandate-identity-answer/v1' || answer.provider !== provider)
    throw bad('is not its own');
  if (answer.check !== question.check || answer.binding !== question.binding)
    throw bad('is about another question');
  if (answer.simulated !== undefined) throw bad('is simulated');
  if (answer.outcome !== 'match' && answer.outcome !== 'mismatch') throw bad('has no outcome');
  if (typeof answer.reference !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(answer.reference))
    throw bad('has no reference');
  const at = typeof answer.at === 'string' ? Date.parse(answer.at) : Number.NaN;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(String(answer.at)) || Number.isNaN(at))
    throw bad('has no time');
  if (Math.abs(clock.now().getTime() - at) > SKEW_SECONDS * 1000) throw bad('was not made now');
  const age = answer.numberAgeMonths;
  if (age !== undefined && !(Number.isInteger(age) && age >= 0 && age <= 1200))
    throw bad('tells no age of a number');
  return {
    outcome: answer.outcome,
    reference: answer.reference,
    at: answer.at as string,
    ...(age === undefined ? {} : { numberAgeMonths: age }),
    receipt: { suite, body: toBase64Url(body), signature: toBase64Url(signature) },
  };
}

function parse(body: Uint8Array): Partial<Record<keyof IdentityAnswerBody, unknown>> & {
  numberAgeMonths?: number;
} {
  let value: unknown;
  try {
    value = parseCanonical(fromUtf8(body));
  } catch (cause) {
    if (!isDomainError(cause)) throw cause;
    throw bad('is not canonical JSON', cause);
  }
  const object = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!object || !Object.keys(value as object).every((name) => MEMBERS.includes(name)))
    throw bad('has other members');
  return value as ReturnType<typeof parse>;
}

const bad = (why: string, cause?: unknown): DomainError =>
  new DomainError('identity-unavailable', `the provider’s answer ${why}`, { cause });
