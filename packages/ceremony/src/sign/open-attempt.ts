import {
  addSeconds,
  commitment,
  DomainError,
  fromBase64Url,
  fromHex,
  newId,
  sha256,
  sha256Hex,
  toHex,
  toUtcSeconds,
  type CaRole,
  type KeyOrigin,
  type LedgerRole,
  type Scene,
  type SealRole,
  type ServerBuild,
  type SigningMaterial,
  type TsaRole,
} from '@mandate/core';
import { entryText, type IntentEntry, type VoidEntry } from '@mandate/ledger';
import { SIGNATURE_FIELD } from '@mandate/letter';
import { signatureUpdate, signedRanges } from '@mandate/pdf';
import { OID, parseCertificate, signedAttributes } from '@mandate/pki';
import { attemptJournal } from './attempt-journal.js';
import { checkProof } from '../confirm/confirm.js';
import type { LedgerGate } from './ledger-gate.js';
import { TIMES, type DataDeps } from '../deps.js';
import { loadLetter, openTerms } from '../letter-box.js';
import type {
  AttemptRow,
  CaRecord,
  ConfirmationRow,
  Probe,
  SceneIssuer,
  SelfCheck,
  Voiding,
} from '../ports.js';

export interface CaDeps extends DataDeps {
  readonly record: CaRecord;
  readonly issuer: SceneIssuer;
  readonly tsa: TsaRole;
  readonly seal: SealRole;
  readonly ledger: LedgerRole;
  readonly ledgerOrigin: string;
  readonly anchors: CaRole['anchors'];
  readonly selfCheck: SelfCheck;
  /** Throws `ledger-behind`: no certificate is signed on a record that was set back. */
  readonly gate: Pick<LedgerGate, 'pass' | 'saw'>;
  /** The build that runs, once the ledger has it; null: not known, or not entered yet. */
  readonly serverBuild: () => Promise<ServerBuild | null>;
  /** Waits until the clock reads `until`. */
  readonly wait: (until: Date) => Promise<void>;
  readonly probe: Probe;
}

/** Room for the CMS in `/Contents`, bytes: certificates, signature and timestamp token. */
export const CONTENTS_BYTES = 12_288;

/** The update a letter gets; a pure function, so it is recomputed rather than stored. */
export const updateFor = (letter: Uint8Array, signingTime: string): Uint8Array =>
  signatureUpdate(letter, {
    field: SIGNATURE_FIELD,
    date: new Date(signingTime),
    contentsBytes: CONTENTS_BYTES,
  });

/** DER SET OF Attribute that the subject's key signs. */
export function attributesFor(
  letter: Uint8Array,
  update: Uint8Array,
  certificate: Uint8Array,
): Uint8Array {
  const [before, after] = signedRanges(letter, update);
  const covered = new Uint8Array(before.length + after.length);
  covered.set(before);
  covered.set(after, before.length);
  return signedAttributes({
    contentType: OID.data,
    messageDigest: sha256(covered),
    signerCertificate: parseCertificate(certificate),
  });
}

/**
 * A new attempt: the intent is journalled and queued for the ledger before the certificate is
 * signed; the letter's update and the attributes to sign are computed. Older attempts without a
 * signature are void. Throws `confirmation-expired`, `proof-of-possession-invalid`, `key-reused`,
 * `step-out-of-order`, `ledger-behind`.
 */
export async function openAttempt(
  deps: CaDeps,
  request: Parameters<CaRole['issue']>[0] & { keyOrigin: KeyOrigin },
): Promise<SigningMaterial> {
  const { record, clock, random, issuer, probe } = deps;
  await deps.gate.pass();
  const at = clock.now();
  const authorization = await record.authorization(request.authorizationId);
  if (authorization.state !== 'confirmed')
    throw new DomainError(
      'step-out-of-order',
      `nothing to sign: the authorization is ${authorization.state}`,
    );
  const confirmation = await liveConfirmation(deps, request, at);
  const challenge = await record.challenge(confirmation.challengeId);
  const scene = JSON.parse(challenge.scene) as Scene;
  if (!scene.keyOrigins.includes(request.keyOrigin))
    throw new DomainError('key-origin-refused', 'the template does not allow such a key');
  checkProof(challenge.digest, request.publicKey, request.proof);
  const superseded = await unsignedAttempts(deps, authorization.id);

  const { dataKey } = await deps.vault.unwrap({
    authorizationId: authorization.id,
    purpose: 'sign',
    actor: 'role:ca',
  });
  const letter = await loadLetter(deps.objects, dataKey, authorization);
  const terms = openTerms(
    dataKey,
    authorization.id,
    await record.personalData(authorization.id, 'terms'),
  );

  const serial = random.bytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40; // positive, and always 16 octets
  const toBeSigned = issuer.toBeSigned({
    serial,
    publicKey: request.publicKey,
    commonName: terms.subject.name,
    serialNumber: toHex(
      commitment(fromBase64Url(terms.salt), 'subject.idNumber', terms.subject.idNumber),
    ),
    notBefore: addSeconds(at, -TIMES.certificateLead),
    notAfter: addSeconds(at, TIMES.certificateLife),
    sceneDigest: fromHex(challenge.sceneDigest),
    letterDigest: fromHex(authorization.letterDigest),
    evidenceRoot: fromHex(confirmation.evidenceRoot),
    ledgerOrigin: deps.ledgerOrigin,
    keyOrigin: request.keyOrigin,
  });
  const id = newId('attempt', clock, random);
  const journal = attemptJournal(record, id, dataKey, random, new Map());
  const signingTime = toUtcSeconds(at);
  const entry: IntentEntry = {
    format: 'mandate-entry/v1',
    kind: 'intent',
    at: signingTime,
    serial: toHex(serial),
    tbs: sha256Hex(toBeSigned),
    profile: issuer.profile,
  };
  probe('before-intent');
  await record.intend(
    {
      authorization,
      type: 'attempt-issued',
      at,
      data: {
        attempt: id,
        serial: entry.serial,
        tbs: entry.tbs,
        publicKey: sha256Hex(request.publicKey),
      },
    },
    {
      id,
      authorizationId: authorization.id,
      challengeId: confirmation.challengeId,
      keyOrigin: request.keyOrigin,
      profile: issuer.profile,
      serial,
      keyDigest: sha256(request.publicKey),
      tbsDigest: sha256(toBeSigned),
      trailVersion: authorization.version + 1,
      notBefore: addSeconds(at, -TIMES.certificateLead),
      notAfter: addSeconds(at, TIMES.certificateLife),
      createdAt: at,
    },
    journal.seal('intent', { toBeSigned, signingTime }),
    entryText(entry),
    superseded,
  );
  probe('after-intent');
  const certificate = await issuer.issue(toBeSigned);
  probe('after-certificate');
  await journal.write('certificate', { certificate }, clock.now(), 'issued');
  probe('after-issued');

  const update = updateFor(letter, signingTime);
  return {
    attemptId: id,
    certificate,
    issuer: issuer.chain[0]!,
    update,
    signedAttributes: attributesFor(letter, update, certificate),
    notAfter: toUtcSeconds(addSeconds(at, TIMES.certificateLife)),
  };
}

async function liveConfirmation(
  deps: CaDeps,
  request: { authorizationId: string; visitId: string },
  at: Date,
): Promise<ConfirmationRow> {
  const confirmation = await deps.record.latestConfirmation(request.authorizationId);
  if (!confirmation || confirmation.visitId !== request.visitId || confirmation.goodUntil <= at)
    throw new DomainError('confirmation-expired', 'confirm with a new code');
  return confirmation;
}

/** What has no signature of the subject yet, to be voided; refuses when something has one. */
async function unsignedAttempts(deps: CaDeps, authorizationId: string): Promise<Voiding[]> {
  const open = await deps.record.openAttempts(authorizationId);
  if (open.some(({ state }) => state !== 'intended' && state !== 'issued'))
    throw new DomainError('step-out-of-order', 'a signature is being completed; please wait');
  return open.map((attempt) => voiding(deps, attempt, 'superseded'));
}

/**
 * Ends an attempt for good; its serial will never count, its certificate is revoked. False when it
 * has left the state it was seen in: what was seen no longer decides.
 */
export const voidAttempt = (deps: CaDeps, attempt: AttemptRow, reason: string): Promise<boolean> =>
  deps.record.voidAttempt(voiding(deps, attempt, reason));

/** The end of an attempt as it was seen, with its ledger entry. */
export function voiding(deps: CaDeps, attempt: AttemptRow, reason: string): Voiding {
  const at = deps.clock.now();
  const entry: VoidEntry = {
    format: 'mandate-entry/v1',
    kind: 'void',
    at: toUtcSeconds(at),
    serial: toHex(attempt.serial),
    reason,
  };
  return { attempt, reason, at, ledgerEntry: entryText(entry) };
}
