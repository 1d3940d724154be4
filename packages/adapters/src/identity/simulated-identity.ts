import {
  canonicalBytes,
  DomainError,
  IDENTITY_CHECKS,
  toBase64Url,
  toUtcSeconds,
  type Clock,
  type IdentityAnswerBody,
  type IdentityCheck,
  type IdentityOutcome,
  type IdentityProvider,
  type IdentityQuestion,
} from '@mandate/core';

/**
 * Nobody: it compares nothing, says `simulated` in every answer, and production refuses it. What it answers can be
 * chosen by what is asked: a number or text that ends in 0000 does not match, one in 9999 is not answered; where
 * there is none, a name with 不符 or 无应答 in it.
 */
export const simulatedIdentity = (
  clock: Clock,
  checks: readonly IdentityCheck[] = IDENTITY_CHECKS.filter((check) => check !== 'institution'),
): IdentityProvider => ({
  name: 'simulated',
  operator: '模拟 Simulated',
  simulated: true,
  checks,
  async ask(question) {
    const outcome = outcomeOf(question.values);
    const at = toUtcSeconds(clock.now());
    const answer: IdentityAnswerBody = {
      format: 'mandate-identity-answer/v1',
      provider: 'simulated',
      check: question.check,
      binding: question.binding,
      outcome,
      reference: `simulated-${question.nonce.slice(0, 32)}`,
      at,
      simulated: true,
    };
    return {
      outcome,
      reference: answer.reference,
      at,
      receipt: { suite: 'none', body: toBase64Url(canonicalBytes(answer)), signature: '' },
    };
  },
});

function outcomeOf({
  name = '',
  phone,
  card,
  credential,
}: IdentityQuestion['values']): IdentityOutcome {
  const deciding = card ?? credential ?? phone ?? '';
  if (deciding.endsWith('9999') || name.includes('无应答'))
    throw new DomainError('identity-unavailable', 'the simulated provider plays dead');
  return deciding.endsWith('0000') || name.includes('不符') ? 'mismatch' : 'match';
}
