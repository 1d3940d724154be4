import {
  addSeconds,
  canonicalize,
  checkCode,
  commitment,
  DomainError,
  fromBase64Url,
  fromHex,
  kindDigestHex,
  newId,
  toHex,
  toUtcSeconds,
  type ChallengeView,
  type CodeMessage,
  type PasskeyCheck,
  type RaRole,
  type Scene,
  type VaultRole,
} from '@mandate/core';
import { codeCall, codeMessage, maskPhone, parseTemplate, type Terms } from '@mandate/terms';
import { codeMac, newCode, openCode, phoneKey, sealCode } from './code.js';
import { LIMITS, startOfDay, startOfMinute, TIMES, type StepDeps } from './deps.js';
import { openPresentation, openTerms } from './letter-box.js';
import { checkPause } from './pause.js';
import type { AuthorizationRow, ChallengeRow, RaRecord } from './ports.js';
import { subjectIndex } from './subject-index.js';

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
  const { clock, random, record, secret } = deps;
  const at = clock.now();
  const authorization = await record.authorization(request.authorizationId);
  if (!['presented', 'challenged', 'confirmed'].includes(authorization.state))
    throw new DomainError(
      'step-out-of-order',
      `no code for an authorization that is ${authorization.state}`,
    );
  if (authorization.signBy <= at) throw new DomainError('link-expired', 'the time to sign is over');

  const previous = await record.latestChallenge(authorization.id);
  const { terms, dataKey } = await openFor(deps, authorization, 'challenge');
  const template = await record.template(authorization.templateId, authorization.templateVersion);
  const { policy } = parseTemplate(JSON.parse(template.body));
  const withCode = policy.measures.includes('sms-code') || request.enrol === true;
  const channel = request.channel ?? 'sms';
  if (channel === 'voice' && policy.voice !== true)
    throw new DomainError('invalid-request', 'the template does not offer voice calls');
  const shown = await presentationOf(deps, authorization, dataKey);
  await checkPause(deps, terms, policy.pause, shown.firstAt, at);
  await checkLimits(deps, authorization.id, withCode ? terms.subject.phone : null, previous, at);

  if (request.gate === 'institution' && policy.gate !== 'institution')
    throw new DomainError('forbidden', 'the template does not trust the institution’s assertion');
  const institution = await record.institution(authorization.institutionId);
  const salt = fromBase64Url(terms.salt);
  const commit = (field: 'name' | 'idNumber' | 'phone'): string =>
    toHex(commitment(salt, `subject.${field}`, terms.subject[field]));
  const scene: Scene = {
    format: 'mandate-scene/v0',
    authorization: authorization.id,
    institution: { id: institution.id, name: institution.name, creditCode: institution.creditCode },
    subject: { name: commit('name'), idNumber: commit('idNumber'), phone: commit('phone') },
    termsDigest: authorization.termsDigest,
    letterDigest: authorization.letterDigest,
    measures: policy.measures,
    keyOrigins: policy.keyOrigins,
    gate: request.gate,
    choices: shown.record.choices,
    presentation: kindDigestHex('presentation', shown.record),
    pageBuild: shown.record.pageBuild,
    ledgerOrigin: deps.ledgerOrigin,
    frozenAt: toUtcSeconds(at),
  };
  const sceneDigest = kindDigestHex('scene', scene);
  const serverNonce = toHex(random.bytes(32));
  const digest = kindDigestHex('challenge', {
    letterDigest: authorization.letterDigest,
    sceneDigest,
    serverNonce,
  });
  const id = newId('challenge', clock, random);
  const code = withCode ? newCode(random) : null;
  const row = {
    id,
    authorizationId: authorization.id,
    ordinal: (previous?.ordinal ?? 0) + 1,
    digest,
    scene: canonicalize(scene),
    sceneDigest,
    serverNonce,
    codeMac: code === null ? null : codeMac(secret, digest, code),
    sealedCode: code === null ? null : sealCode(secret, id, code, random),
    channel,
    madeAt: at,
    expiresAt: addSeconds(at, TIMES.codeLife),
  };
  await record.createChallenge(
    {
      authorization,
      to: 'challenged',
      type: 'challenged',
      at,
      data: { challenge: digest, scene: sceneDigest, serverNonce, ordinal: row.ordinal },
      outbox: withCode ? [{ topic: 'send-code', ref: id }] : [],
    },
    row,
    subjectIndex(secret, terms.subject),
  );
  return challengeView({ ...row, withCode }, authorization.letterDigest, terms.subject.phone);
}

async function checkLimits(
  deps: RaDeps,
  authorizationId: string,
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
      ? [limit('challenges-silent', authorizationId, LIMITS.silentChallenges)]
      : [
          limit('challenges', authorizationId, LIMITS.challenges),
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
  const write = row.channel === 'voice' ? codeCall : codeMessage;
  const message = write(terms, code, checkCode(fromHex(authorization.letterDigest)));
  return { ...message, phone: terms.subject.phone, reference: row.id };
}

type Purpose = 'challenge' | 'confirm' | 'send-code' | 'own-code' | 'own-link';

export const termsFor = async (
  deps: RaDeps,
  authorization: AuthorizationRow,
  purpose: Purpose,
  actor?: string,
): Promise<Terms> => (await openFor(deps, authorization, purpose, actor)).terms;

async function openFor(
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

/** The newest presentation: what it chose goes into the scene. */
async function presentationOf(deps: RaDeps, { id, version }: AuthorizationRow, key: Uint8Array) {
  const rows = await deps.record.presentations(id, version);
  const last = rows.at(-1);
  if (!last) throw new DomainError('step-out-of-order', 'the letter was not shown yet');
  return { record: openPresentation(key, id, last), firstAt: rows[0]!.at };
}
