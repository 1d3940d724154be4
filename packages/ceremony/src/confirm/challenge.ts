import {
  addSeconds,
  checkCode,
  fromHex,
  setLettersDigest,
  toUtcSeconds,
  type ChallengeView,
  type CodeMessage,
  type IdentityProvider,
  type PasskeyCheck,
  type RaRole,
  type Scene,
  type VaultRole,
} from '@mandate/core';
import {
  codeCall,
  codeMessage,
  maskPhone,
  setCodeCall,
  setCodeMessage,
  type Terms,
} from '@mandate/terms';
import { codeMac, newCode, prefixKey, sealCode } from './code.js';
import { checkLimits } from './code-limits.js';
import { LIMITS, TIMES, type StepDeps } from '../deps.js';
import { freezeScene, openForChallenge } from './freeze-scene.js';
import { requireIdentity } from '../identity/require-identity.js';
import { openTerms } from '../letter-box.js';
import type { AuthorizationRow, ChallengeRow, NewChallenge, RaRecord, Step } from '../ports.js';
import { subjectIndex } from '../own/subject-index.js';
import { codeThrough } from './route-code.js';
import { smsReference } from '../ports/sms.js';
import { answeredDigest } from './try-challenge.js';

export interface RaDeps extends StepDeps {
  readonly record: RaRecord;
  readonly vault: VaultRole;
  /** Role ra's secret: MACs and seals codes. */
  readonly secret: Uint8Array;
  readonly ledgerOrigin: string;
  readonly passkeys: PasskeyCheck;
  /** Who can be asked who somebody is, in the order of asking. */
  readonly identity: readonly IdentityProvider[];
}

/**
 * Freezes the scene, makes the code, queues its delivery. A new challenge kills the old one. Where a passkey
 * alone is the measure there is no code and nothing is sent, unless somebody is to register one.
 * Throws `step-out-of-order`, `identity-required`, `pause-running`, `resend-too-soon`, `resend-limit`,
 * `rate-limited`.
 */
export async function makeChallenge(
  deps: RaDeps,
  request: Parameters<RaRole['challenge']>[0],
): Promise<ChallengeView> {
  const { clock, record } = deps;
  const at = clock.now();
  const authorization = await record.authorization(request.authorizationId);
  const letter = await openForChallenge(deps, authorization, request, at);
  const { terms, policy } = letter;
  const identity = await requireIdentity(deps, letter, policy.measures, at);
  const previous = await record.latestChallenge(authorization.id);
  const withCode = policy.measures.includes('sms-code') || request.enrol === true;
  await checkLimits(
    deps,
    {
      counted: authorization.id,
      institutionId: authorization.institutionId,
      phone: withCode ? terms.subject.phone : null,
      previous,
    },
    at,
  );

  const frozen = await freezeScene(deps, letter, request, at, {
    measures: policy.measures,
    identity,
  });
  const row = {
    ...frozen,
    ...codeFor(deps, frozen.id, frozen.digest, withCode),
    channel: request.channel ?? 'sms',
    setChallenges: null,
    prefixKey: withCode ? prefixKey(deps.secret, terms.subject.phone) : null,
  };
  await record.createChallenge(
    challengedStep(authorization, row, withCode),
    row,
    subjectIndex(deps.secret, terms.subject),
  );
  return challengeView({ ...row, withCode }, authorization.letterDigest, terms.subject.phone);
}

/** A code for one digest, its MAC and its sealed copy; or none. */
export function codeFor(
  { random, secret }: Pick<RaDeps, 'random' | 'secret'>,
  challengeId: string,
  answered: string,
  withCode: boolean,
): Pick<ChallengeRow, 'codeMac' | 'sealedCode'> {
  if (!withCode) return { codeMac: null, sealedCode: null };
  const code = newCode(random);
  return {
    codeMac: codeMac(secret, answered, code),
    sealedCode: sealCode(secret, challengeId, code, random),
  };
}

/** The trail's `challenged`; `set`: the digest one code answers for all letters of a set. */
export const challengedStep = (
  authorization: AuthorizationRow,
  row: NewChallenge,
  sends: boolean,
  set?: string,
): Step => ({
  authorization,
  to: 'challenged',
  type: 'challenged',
  at: row.madeAt,
  data: {
    challenge: row.digest,
    scene: row.sceneDigest,
    serverNonce: row.serverNonce,
    ordinal: row.ordinal,
    ...(set === undefined ? {} : { set }),
  },
  outbox: sends ? [{ topic: 'send-code', ref: row.id }] : [],
});

export function challengeView(
  row: Pick<
    ChallengeRow,
    | 'id'
    | 'digest'
    | 'sceneDigest'
    | 'serverNonce'
    | 'madeAt'
    | 'expiresAt'
    | 'withCode'
    | 'channel'
  >,
  letterDigest: string,
  phone: string,
): ChallengeView {
  return {
    challengeId: row.id,
    letterDigest,
    sceneDigest: row.sceneDigest,
    serverNonce: row.serverNonce,
    challengeDigest: row.digest,
    checkCode: checkCode(fromHex(letterDigest)),
    maskedPhone: maskPhone(phone),
    channel: row.channel,
    withCode: row.withCode,
    expiresAt: toUtcSeconds(row.expiresAt),
    resendAt: toUtcSeconds(addSeconds(row.madeAt, TIMES.resendPause)),
  };
}

/** The text of a live challenge as it goes through this gateway; null when there is nothing to send any more. */
export async function challengeMessage(
  deps: RaDeps,
  { challengeId, gateway }: Parameters<RaRole['message']>[0],
): Promise<CodeMessage | null> {
  const { record, clock, secret } = deps;
  const row = await record.challenge(challengeId);
  if (!row?.sealedCode || row.deadAt || row.expiresAt <= clock.now()) return null;
  if (!(await record.countSend(row.id, LIMITS.sends))) return null;
  const authorization = await record.authorization(row.authorizationId);
  const terms = await termsFor(deps, authorization, 'send-code');
  const read = () => record.challenge(row.id);
  const mac = (code: string) => codeMac(secret, answeredDigest(row), code);
  const made = await codeThrough(deps, 'signing', row.id, gateway, read, mac);
  if (!made) return null;
  return {
    ...messageOf(row, terms, made.code),
    phone: terms.subject.phone,
    reference: smsReference(row.id, made.ordinal),
  };
}

/** Of the letter, or of all letters of the set. */
function messageOf({ channel, scene }: ChallengeRow, terms: Terms, code: string) {
  const { letterDigest, set } = JSON.parse(scene) as Scene;
  const called = channel === 'voice';
  if (!set) return (called ? codeCall : codeMessage)(terms, code, checkCode(fromHex(letterDigest)));
  const check = checkCode(setLettersDigest(set.letters));
  return (called ? setCodeCall : setCodeMessage)(terms, set.letters.length, code, check);
}

type Purpose =
  | 'challenge'
  | 'note-pause'
  | 'confirm'
  | 'identify'
  | 'send-code'
  | 'tell-passkey'
  | 'own-code'
  | 'own-link';

export const termsFor = async (
  deps: RaDeps,
  authorization: AuthorizationRow,
  purpose: Purpose,
  actor?: string,
): Promise<Terms> => (await openFor(deps, authorization, purpose, actor)).terms;

export async function openFor(
  deps: RaDeps,
  authorization: AuthorizationRow,
  purpose: Purpose,
  actor = 'role:ra',
): Promise<{ terms: Terms; dataKey: Uint8Array }> {
  const { dataKey } = await deps.vault.unwrap({
    authorizationId: authorization.id,
    purpose,
    actor,
  });
  const box = await deps.record.personalData(authorization.id, 'terms');
  return { terms: openTerms(dataKey, authorization.id, box), dataKey };
}
