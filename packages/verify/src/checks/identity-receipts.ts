import {
  bytesEqual,
  canonicalBytes,
  concat,
  fromBase64Url,
  fromUtf8,
  IDENTITY_ANSWER_PREFIX,
  isDomainError,
  parseCanonical,
  utf8,
  type IdentityAnswerBody,
  type IdentityResult,
  type Scene,
} from '@mandate/core';
import { verifySignature } from '@mandate/pki';
import { check, fail, pass, skip } from '../finding.js';
import type { Trust } from '../trust.js';
import type { Finding, IdentityFacts } from '../verification.js';

/** Each receipt says what its result says. */
export function checkReceipts(results: readonly IdentityResult[], scene: Scene): Finding {
  const wrong = results.find((result) => !saysSame(result, scene));
  return check(
    'identity-receipt',
    wrong === undefined,
    'HASH_FAILURE',
    wrong && { check: wrong.check },
  );
}

function saysSame(result: IdentityResult, { institution }: Scene): boolean {
  if (result.check === 'institution') return isWordOf(institution, result);
  const { check: name, provider, binding, outcome, reference, checkedAt, numberAgeMonths } = result;
  const expected: IdentityAnswerBody = {
    format: 'mandate-identity-answer/v1',
    provider,
    check: name,
    binding,
    outcome,
    reference,
    at: checkedAt,
    ...(numberAgeMonths === undefined ? {} : { numberAgeMonths }),
    ...(result.simulated ? { simulated: true } : {}),
  };
  const said = fromBase64Url(result.receipt.body);
  return bytesEqual(canonicalBytes(expected), said);
}

/** Its own words, which nobody has signed, about this very note, and nobody else's. */
function isWordOf({ creditCode }: Scene['institution'], result: IdentityResult): boolean {
  const { provider, receipt, reference, checkedAt, simulated } = result;
  const said = wordsOf(result);
  return (
    provider === creditCode &&
    receipt.suite === 'none' &&
    !simulated &&
    said?.['reference'] === reference &&
    said['at'] === checkedAt
  );
}

/** By the keys of those who vouch, where the caller trusts any: all of them but the institution, which signs nothing. */
export function checkSignatures(results: readonly IdentityResult[], trust: Trust): Finding {
  const signed = results.filter((it) => it.check !== 'institution');
  const states = signed.map((result) => receiptState(result, trust));
  const bad = signed[states.indexOf('bad')];
  if (bad) return fail('identity-signature', 'SIG_CRYPTO_FAILURE', { provider: bad.provider });
  return signed.length > 0 && states.every((state) => state === 'verified')
    ? pass('identity-signature', { provider: signed.map((it) => it.provider).join(', ') })
    : skip('identity-signature');
}

/** `none`: nobody but the operator says so, which is enough of the institution's word and of what is simulated. */
export function receiptState(
  { check: name, provider, receipt, simulated }: IdentityResult,
  trust: Trust,
): IdentityFacts['checks'][number]['receipt'] | 'bad' {
  const { suite } = receipt;
  if (simulated || name === 'institution') return 'none';
  if (suite === 'none') return 'bad';
  const keys = trust.identity.filter((it) => it.provider === provider);
  if (keys.length === 0) return 'not-checked';
  const message = concat(utf8(IDENTITY_ANSWER_PREFIX), fromBase64Url(receipt.body));
  const signature = fromBase64Url(receipt.signature);
  return keys.some((key) => verifySignature(suite, key.publicKey, message, signature))
    ? 'verified'
    : 'bad';
}

/** Who at the institution vouched, and how they knew. */
export function vouchedBy(result: IdentityResult): { vouchedBy?: string; how?: string } {
  const { vouchedBy: who, how } = wordsOf(result) ?? {};
  return typeof who === 'string' && typeof how === 'string' ? { vouchedBy: who, how } : {};
}

/** The institution's words; nothing where they are none. */
function wordsOf({ receipt }: IdentityResult): Record<string, unknown> | undefined {
  try {
    const said = parseCanonical(fromUtf8(fromBase64Url(receipt.body)));
    return typeof said === 'object' && said !== null ? { ...said } : undefined;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return undefined;
  }
}
