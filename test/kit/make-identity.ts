import { randomBytes } from 'node:crypto';
import {
  canonicalBytes,
  CHECK_FIELDS,
  concat,
  IDENTITY_ANSWER_PREFIX,
  identityBinding,
  identityCommitments,
  kindDigestHex,
  toBase64Url,
  toHex,
  utf8,
  type IdentityAnswerBody,
  type IdentityCheck,
  type IdentityPart,
  type IdentityResult,
  type SceneIdentity,
} from '@mandate/core';
import { IDENTITY_POLICIES, type Terms } from '@mandate/terms';
import type { TestKey } from './authority.js';

/** The provider of test bundles; its key stands among the test authority's anchors. */
export const PROVIDER = 'vouch';

/** Checks of the person in a bundle, and what somebody changes in them. */
export interface IdentityMade {
  /** Default: the police's source and the carrier. */
  readonly checks?: readonly IdentityCheck[];
  /** What is compared; default what the letter says. */
  readonly subject?: Partial<Terms['subject']>;
  readonly letters?: readonly string[];
  /** Before the provider signs. */
  readonly answer?: (answer: IdentityAnswerBody) => IdentityAnswerBody;
  /** Signs in place of the provider. */
  readonly signer?: TestKey;
  /** Each result; what follows it is made from the changed one. */
  readonly result?: (result: IdentityResult) => IdentityResult;
  readonly scene?: (scene: SceneIdentity) => SceneIdentity;
  readonly part?: (part: IdentityPart) => IdentityPart;
}

export const identityDigest = (result: IdentityResult): string =>
  kindDigestHex('identity-result', result);

/** Results of a `cn-credit` letter, with what the scene says of them. */
export function makeIdentity(
  terms: Terms,
  letterDigest: string,
  at: string,
  key: TestKey,
  made: IdentityMade,
): { readonly scene: SceneIdentity; readonly part: IdentityPart } {
  const same = <T>(value: T): T => value;
  const subject = { ...terms.subject, ...made.subject };
  const results = (made.checks ?? (['police-id', 'carrier-name'] as const)).map((check) => {
    const nonce = toHex(new Uint8Array(randomBytes(32)));
    const known = {
      name: subject.name,
      idNumber: subject.idNumber,
      phone: subject.phone,
      card: '6222021234567894',
      credential: 'session-1',
    };
    const compared = identityCommitments(
      { nonce, once: nonce },
      Object.fromEntries(CHECK_FIELDS[check].map((field) => [field, known[field]])),
    );
    const asked = { check, letters: made.letters ?? [letterDigest], nonce, compared };
    const binding = identityBinding(asked);
    const answer = (made.answer ?? same)({
      format: 'mandate-identity-answer/v1',
      provider: PROVIDER,
      check,
      binding,
      outcome: 'match',
      reference: `vouch-${check}`,
      at,
    } as IdentityAnswerBody);
    const body = canonicalBytes(answer);
    const signature = (made.signer ?? key).sign(concat(utf8(IDENTITY_ANSWER_PREFIX), body));
    return (made.result ?? same)({
      format: 'mandate-identity-result/v1',
      ...asked,
      provider: check === 'institution' ? terms.institution.creditCode : answer.provider,
      operator: 'Test provider',
      simulated: answer.simulated === true,
      outcome: answer.outcome,
      reference: answer.reference,
      checkedAt: answer.at,
      receivedAt: at,
      binding,
      receipt:
        check === 'institution'
          ? {
              suite: 'none',
              body: toBase64Url(
                canonicalBytes({
                  ...{ vouchedBy: 'branch 12', how: 'known for years' },
                  ...{ reference: answer.reference, at: answer.at },
                }),
              ),
              signature: '',
            }
          : {
              suite: answer.simulated ? 'none' : 'ecdsa-p256-sha256',
              body: toBase64Url(body),
              signature: answer.simulated ? '' : toBase64Url(signature),
            },
    } as IdentityResult);
  });
  return {
    scene: (made.scene ?? same)({
      policy: 'cn-credit',
      ...IDENTITY_POLICIES['cn-credit'],
      results: results.map((result) => ({ check: result.check, digest: identityDigest(result) })),
    }),
    part: (made.part ?? same)({ format: 'mandate-identity/v1', results }),
  };
}
