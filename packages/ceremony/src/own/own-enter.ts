import {
  addSeconds,
  DomainError,
  hmacSha256,
  newId,
  sha256,
  toBase64Url,
  toHex,
  toUtcSeconds,
  utf8,
  type CodeMessage,
  type OwnAsker,
  type OwnEntry,
  type OwnPasskeyEntry,
  type RaRole,
} from '@mandate/core';
import { ownCodeMessage } from '@mandate/terms';
import { termsFor, type RaDeps } from '../confirm/challenge.js';
import { newCode, sealCode } from '../confirm/code.js';
import { codeThrough } from '../confirm/route-code.js';
import { smsReference } from '../ports/sms.js';
import { LIMITS, startOfDay, startOfMinute, TIMES } from '../deps.js';
import { subjectIndex } from './subject-index.js';

/**
 * Somebody gives number, name and identity document. What is counted, looked up, written and woken is the same
 * whether they belong together, are unknown, or belong to somebody else who had the number before; only the code
 * of a row that names an authorization is ever sent. Throws `rate-limited`, which depends on tries alone.
 */
export async function enterOwn(deps: RaDeps, person: OwnAsker): Promise<OwnEntry> {
  const { record, clock, random, secret } = deps;
  const at = clock.now();
  const keys = subjectIndex(secret, person);
  const [phone, subject] = [toHex(keys.phoneKey), toHex(keys.personKey)];
  // Nobody is kept out by a stranger who knows the number: few tries from one address, many more from all.
  await countEntries(deps, at, [
    ['challenges-own-phone-here', `${phone} ${person.address}`, LIMITS.ownPerPhoneHere],
    ['challenges-own-person-here', `${subject} ${person.address}`, LIMITS.ownPerPersonHere],
    ['challenges-own-phone', phone, LIMITS.ownPerPhone],
    ['challenges-own-person', subject, LIMITS.ownPerPerson],
  ]);
  // Who has the number is not flooded. It is counted for strangers, too, and no answer tells that nothing is sent.
  const maySend = await record.count({
    scope: 'challenges-own-sent',
    key: `${subject} ${phone}`,
    windowStart: startOfDay(at),
    max: LIMITS.ownSends,
  });
  const found = await record.findOwn(keys);
  const id = newId('ownChallenge', clock, random);
  const code = newCode(random);
  const entry = newEntry(deps, at);
  await record.createOwnChallenge(
    {
      id,
      kind: 'code',
      secretDigest: sha256(entry.secret),
      authorizationId: maySend ? found : null,
      codeMac: ownCodeMac(secret, id, code),
      sealedCode: sealCode(secret, id, code, random),
      challenge: null,
      madeAt: at,
      expiresAt: addSeconds(at, TIMES.codeLife),
    },
    [{ topic: 'send-own-code', ref: id }],
  );
  return entry;
}

/** The device is asked for any passkey of this site: nobody says who they are before. Throws `rate-limited`. */
export async function ownPasskeyOptions(deps: RaDeps): Promise<OwnPasskeyEntry> {
  const { record, clock, random, passkeys } = deps;
  const at = clock.now();
  await countEntries(deps, at, []);
  const challenge = random.bytes(32);
  const entry = newEntry(deps, at);
  await record.createOwnChallenge(
    {
      id: newId('ownChallenge', clock, random),
      kind: 'passkey',
      secretDigest: sha256(entry.secret),
      authorizationId: null,
      codeMac: null,
      sealedCode: null,
      challenge,
      madeAt: at,
      expiresAt: addSeconds(at, TIMES.codeLife),
    },
    [],
  );
  return {
    ...entry,
    request: {
      challenge: toBase64Url(challenge),
      rpId: passkeys.rpId,
      allowCredentials: [],
      userVerification: 'required',
      timeout: TIMES.codeLife * 1000,
    },
  };
}

/** The text of a live entry, as it goes through this gateway; null for nobody, and when there is nothing to send any more. */
export async function ownMessage(
  deps: RaDeps,
  { ownChallengeId, gateway }: Parameters<RaRole['ownMessage']>[0],
): Promise<CodeMessage | null> {
  const { record, clock, secret } = deps;
  const row = await record.ownChallenge({ id: ownChallengeId });
  if (!row?.authorizationId || !row.sealedCode || row.deadAt || row.expiresAt <= clock.now())
    return null;
  if (!(await record.countOwnSend(row.id, LIMITS.sends))) return null;
  const authorization = await record.authorization(row.authorizationId);
  const terms = await termsFor(deps, authorization, 'own-code');
  const read = () => record.ownChallenge({ id: row.id });
  const mac = (code: string) => ownCodeMac(secret, row.id, code);
  const made = await codeThrough(deps, 'own', row.id, gateway, read, mac);
  if (!made) return null;
  return {
    ...ownCodeMessage(terms.language, made.code),
    phone: terms.subject.phone,
    channel: 'sms',
    reference: smsReference(row.id, made.ordinal),
  };
}

/** Another key than a signing code's: neither passes for the other, whatever the digits. */
export const ownCodeMac = (secret: Uint8Array, ownChallengeId: string, code: string): Uint8Array =>
  hmacSha256(
    hmacSha256(secret, utf8('mandate/own-code-mac/v1')),
    utf8(`${ownChallengeId}\n${code}`),
  );

const newEntry = ({ random }: RaDeps, at: Date): OwnEntry => ({
  secret: random.bytes(32),
  expiresAt: toUtcSeconds(addSeconds(at, TIMES.codeLife)),
});

async function countEntries(
  { record }: RaDeps,
  at: Date,
  daily: readonly (readonly [scope: string, key: string, max: number])[],
): Promise<void> {
  const breaker = {
    scope: 'challenges-own-all',
    key: 'all',
    windowStart: startOfMinute(at),
    max: LIMITS.ownPerMinute,
  };
  const limits = [
    ...daily.map(([scope, key, max]) => ({ scope, key, max, windowStart: startOfDay(at) })),
    breaker,
  ];
  for (const limit of limits)
    if (!(await record.count(limit)))
      throw new DomainError('rate-limited', 'too many tries; please wait', {
        extensions: { retryAfterSeconds: limit === breaker ? 60 : secondsToMidnight(at) },
      });
}

const secondsToMidnight = (at: Date): number =>
  Math.ceil((startOfDay(at).getTime() + 86_400_000 - at.getTime()) / 1000);
