import {
  addSeconds,
  checkCode,
  DomainError,
  fromHex,
  setLettersDigest,
  toHex,
  toUtcSeconds,
  type ChallengeView,
  type CodeMessage,
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
import { codeMac, newCode, openCode, phoneKey, sealCode } from './code.js';
import { LIMITS, startOfDay, startOfMinute, TIMES, type StepDeps } from '../deps.js';
import { freezeScene, openForChallenge } from './freeze-scene.js';
import { openTerms } from '../letter-box.js';
import type { AuthorizationRow, ChallengeRow, NewChallenge, RaRecord, Step } from '../ports.js';
import { subjectIndex } from '../own/subject-index.js';

export interface RaDeps extends StepDeps {
  readonly record: RaRecord;
  readonly vault: VaultRole;
  /** Role ra's secret: MACs and seals codes. */
  readonly secret: Uint8Array;
  readonly ledgerOrigin: string;
  readonly passkeys: PasskeyCheck;
}

/**
 * Freezes the scene, makes the code, queues its delivery. A new challenge kills the old one. Where a passkey
 * alone is the measure there is no code and nothing is sent, unless somebody is to register one.
 * Throws `step-out-of-order`, `pause-running`, `resend-too-soon`, `resend-limit`, `rate-limited`.
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
  const previous = await record.latestChallenge(authorization.id);
  const withCode = policy.measures.includes('sms-code') || request.enrol === true;
  await checkLimits(deps, authorization.id, withCode ? terms.subject.phone : null, previous, at);

  const frozen = await freezeScene(deps, letter, request, at, { measures: policy.measures });
  const row = {
    ...frozen,
    ...codeFor(deps, frozen.id, frozen.digest, withCode),
    channel: request.channel ?? 'sms',
    setChallenges: null,
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

/**
 * A new code now? `counted`: id of the authorization or the set, by which codes are counted.
 * Throws `resend-too-soon`, `resend-limit`, `rate-limited`.
 */
export async function checkLimits(
  deps: RaDeps,
  counted: string,
  /** Null: nothing is sent. */
  phone: string | null,
  previous: ChallengeRow | null,
  at: Date,
): Promise<void> {
  if (phone !== null && previous?.withCode) {
    const wait = previous.madeAt.getTime() + TIMES.resendPause * 1000 - at.getTime();
    if (wait > 0)
      throw new DomainError('resend-too-soon', 'a code was sent just now', {
        extensions: { retryAfterSeconds: Math.ceil(wait / 1000) },
      });
  }
  const day = startOfDay(at);
  const limit = (scope: string, key: string, max: number) => ({
    scope,
    key,
    windowStart: day,
    max,
  });
  const limits =
    phone === null
      ? [limit('challenges-silent', counted, LIMITS.silentChallenges)]
      : [
          limit('challenges', counted, LIMITS.challenges),
          limit('challenges-phone', toHex(phoneKey(deps.secret, phone)), LIMITS.challengesPerPhone),
        ];
  for (const each of limits)
    if (!(await deps.record.count(each)))
      throw new DomainError('resend-limit', 'no more codes today for this letter or number');
  const breaker = {
    scope: 'challenges-all',
    key: 'all',
    windowStart: startOfMinute(at),
    max: LIMITS.challengesPerMinute,
  };
  if (!(await deps.record.count(breaker)))
    throw new DomainError('rate-limited', 'too many codes are being sent; try again in a minute', {
      extensions: { retryAfterSeconds: 60 },
    });
}

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

/** The text of a live challenge, the same on every call; null when there is nothing to send any more. */
export async function challengeMessage(
  deps: RaDeps,
  challengeId: string,
): Promise<CodeMessage | null> {
  const row = await deps.record.challenge(challengeId);
  if (!row?.sealedCode || row.deadAt || row.expiresAt <= deps.clock.now()) return null;
  if (!(await deps.record.countSend(row.id, LIMITS.sends))) return null;
  const authorization = await deps.record.authorization(row.authorizationId);
  const terms = await termsFor(deps, authorization, 'send-code');
  const code = openCode(deps.secret, row.id, row.sealedCode);
  const message = messageOf(row, terms, code);
  return { ...message, phone: terms.subject.phone, reference: row.id };
}

/** Of the letter, or of all letters of the set. */
function messageOf({ channel, scene }: ChallengeRow, terms: Terms, code: string) {
  const { letterDigest, set } = JSON.parse(scene) as Scene;
  const called = channel === 'voice';
  if (!set) return (called ? codeCall : codeMessage)(terms, code, checkCode(fromHex(letterDigest)));
  const check = checkCode(setLettersDigest(set.letters));
  return (called ? setCodeCall : setCodeMessage)(terms, set.letters.length, code, check);
}

type Purpose = 'challenge' | 'confirm' | 'send-code' | 'tell-passkey' | 'own-code' | 'own-link';

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
