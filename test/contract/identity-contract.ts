import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  fromBase64Url,
  identityBinding,
  identityCommitments,
  sha256Hex,
  utf8,
  type IdentityProvider,
  type IdentityQuestion,
} from '@mandate/core';

export interface IdentityUnderTest {
  readonly provider: IdentityProvider;
  /** From now on the provider says no, or nothing. */
  refuse(): void;
  breakDown(): void;
  close(): Promise<void>;
}

let nonces = 0;

/** A question about a made-up person. */
export function sampleQuestion(
  changes: Partial<IdentityQuestion['values']> = {},
): IdentityQuestion {
  const nonce = sha256Hex(utf8(String(++nonces)));
  const values = {
    name: '张三',
    idNumber: '11010519491231002X',
    phone: '13800138000',
    ...changes,
  };
  const asked = { check: 'carrier-name' as const, letters: ['a'.repeat(64)], nonce };
  const once = sha256Hex(utf8(`once ${nonces}`));
  const compared = identityCommitments({ nonce, once }, values);
  return {
    ...asked,
    once,
    binding: identityBinding({ ...asked, compared }),
    idType: 'cn-resident-id',
    values,
  };
}

/** What everybody who vouches for persons promises. */
export function identityContract(
  adapter: string,
  start: () => Promise<IdentityUnderTest>,
  /** What the person must be for the answers wanted, where the question decides. */
  persons: { readonly good: object; readonly bad: object; readonly silent: object } = {
    good: {},
    bad: {},
    silent: {},
  },
): void {
  describe(`identity: ${adapter}`, () => {
    let peer: IdentityUnderTest;
    beforeEach(async () => {
      peer = await start();
    });
    afterEach(() => peer.close());

    test('a result with a receipt that names the question, and nothing of the person', async () => {
      const question = sampleQuestion(persons.good);
      const answer = await peer.provider.ask(question);
      expect(answer.outcome).toBe('match');
      const body = new TextDecoder().decode(fromBase64Url(answer.receipt.body));
      expect(JSON.parse(body)).toMatchObject({
        binding: question.binding,
        check: question.check,
        outcome: 'match',
        reference: answer.reference,
        at: answer.at,
        provider: peer.provider.name,
      });
      expect(JSON.parse(body).simulated).toBe(peer.provider.simulated ? true : undefined);
      for (const value of Object.values(question.values)) expect(body).not.toContain(value);
    });

    test('two questions, two references', async () => {
      const [one, two] = [
        await peer.provider.ask(sampleQuestion(persons.good)),
        await peer.provider.ask(sampleQuestion(persons.good)),
      ];
      expect(one.reference).not.toBe(two.reference);
    });

    test('no is an answer', async () => {
      peer.refuse();
      expect((await peer.provider.ask(sampleQuestion(persons.bad))).outcome).toBe('mismatch');
    });

    test('a provider out of order is identity-unavailable, and says nothing about the person', async () => {
      peer.breakDown();
      const question = sampleQuestion(persons.silent);
      const failure = peer.provider.ask(question);
      await expect(failure).rejects.toMatchObject({ code: 'identity-unavailable' });
      await failure.catch((error: Error) => {
        for (const value of Object.values(question.values))
          expect(error.message).not.toContain(value);
      });
    });
  });
}
