import {
  addSeconds,
  bytesEqual,
  DomainError,
  encrypt,
  isDomainError,
  sha256,
  sha256Hex,
  toHex,
  toUtcSeconds,
  type AttemptView,
  type AuthorityRole,
  type CaRole,
  type Scene,
  type TsaRole,
} from '@mandate/core';
import { buildBundle, manifestOf } from '@mandate/evidence';
import { entryText, type LetterEntry } from '@mandate/ledger';
import { parseCertificate, verifySignature } from '@mandate/pki';
import { scopeDigest, scopeOf } from '@mandate/terms';
import { sealScope } from '../use/sealed-scope.js';
import { bundleParts } from './assemble-bundle.js';
import { attemptJournal, type AttemptJournal } from './attempt-journal.js';
import { TIMES } from '../deps.js';
import { loadLetter, openTerms } from '../letter-box.js';
import { attributesFor, updateFor, voidAttempt, voiding, type CaDeps } from './open-attempt.js';
import type { AttemptRow } from '../ports.js';

/** Who asks: the roles have names, workers act for role ca. */
export const CA_ACTOR: `role:${AuthorityRole}` = 'role:ca';

/** Where an encrypted bundle is kept; the name holds its own digest, so retries never collide. */
const bundleContext = (attemptId: string): string => `bundles/${attemptId}`;

/**
 * Journals the subject's signature and finishes. The same signature again is fine, another one is
 * not: `signature-invalid`. Throws also `attempt-void`, `timestamp-unavailable` (the attempt stays
 * alive until its certificate nears its end). What our own verifier refuses is answered, not thrown: the
 * attempt is void and the authorization `failed`.
 */
export async function completeAttempt(
  deps: CaDeps,
  request: Parameters<CaRole['complete']>[0],
): Promise<AttemptView> {
  const attempt = await deps.record.attempt(request.attemptId);
  if (!attempt || attempt.authorizationId !== request.authorizationId)
    throw new DomainError('not-found', 'no such attempt');
  if (attempt.state === 'voided') throw ended();
  const opened = await openJournal(deps, attempt);
  const { journal, letter } = opened;
  if (attempt.state === 'intended')
    throw new DomainError('step-out-of-order', 'the certificate is not issued yet');
  if (await voidIfOver(deps, attempt)) throw ended();
  const intent = journal.read('intent')!;
  const { certificate } = journal.read('certificate')!;
  const attributes = attributesFor(letter, updateFor(letter, intent.signingTime), certificate);
  if (
    !verifySignature(
      'ecdsa-p256-sha256',
      parseCertificate(certificate).spki,
      attributes,
      request.signature,
    )
  )
    throw new DomainError(
      'signature-invalid',
      'the signature does not match the letter and the key',
    );
  deps.probe('before-signature');
  const kept = await journal.write(
    'signature',
    { signature: request.signature },
    deps.clock.now(),
    'subject-signed',
  );
  if (!bytesEqual(kept.signature, request.signature))
    throw new DomainError('signature-invalid', 'another signature was given for this certificate');
  deps.probe('after-signature');
  return finish(deps, attempt.id, opened);
}

/**
 * Continues an attempt after the subject's signature: token, validation material, bundle, commit.
 * Every step is written once and read back, so any number of workers may run this at any time.
 */
export const finishAttempt = (
  deps: CaDeps,
  request: Parameters<CaRole['finish']>[0],
): Promise<AttemptView> => finish(deps, request.attemptId);

async function finish(
  deps: CaDeps,
  attemptId: string,
  opened?: Awaited<ReturnType<typeof openJournal>>,
): Promise<AttemptView> {
  const { record } = deps;
  const attempt = await record.attempt(attemptId);
  if (!attempt) throw new DomainError('not-found', 'no such attempt');
  if (attempt.state === 'committed') return release(deps, attempt);
  if (attempt.state === 'voided') throw ended();
  const authorization = await record.authorization(attempt.authorizationId);
  if (authorization.state !== 'confirmed') {
    // Declined or lapsed meanwhile. (`signed` cannot be: that attempt would be committed.)
    const now = await record.attempt(attempt.id);
    if (now?.state === 'committed') return release(deps, now);
    await voidAttempt(deps, attempt, 'authorization-ended');
    throw ended();
  }
  if (await voidIfOver(deps, attempt)) throw ended();
  if (attempt.state === 'intended' || attempt.state === 'issued') return viewOf(deps, attempt.id);

  const { journal, letter, dataKey } = opened ?? (await openJournal(deps, attempt));
  const { signature } = journal.read('signature')!;
  await stamp(deps, attempt, journal, signature);
  await collectValidation(deps, attempt, journal);
  if (!(await storeBundle(deps, attempt, journal, letter, dataKey)))
    return viewOf(deps, attempt.id);
  await commit(deps, attempt, journal, signature, dataKey);
  return release(deps, attempt);
}

const ended = (): DomainError =>
  new DomainError('attempt-void', 'this signing attempt has ended; sign again');

/** Not yet stamped and too close to the certificate's end: void. */
async function voidIfOver(deps: CaDeps, attempt: AttemptRow): Promise<boolean> {
  if (!['intended', 'issued', 'subject-signed'].includes(attempt.state)) return false;
  if (deps.clock.now() < addSeconds(attempt.notAfter, -TIMES.certificateMargin)) return false;
  return voidAttempt(
    deps,
    attempt,
    attempt.state === 'subject-signed' ? 'not-stamped' : 'not-signed',
  );
}

/** What an attempt has left so far, decrypted. */
export async function openJournal(deps: CaDeps, attempt: AttemptRow) {
  const { dataKey } = await deps.vault.unwrap({
    authorizationId: attempt.authorizationId,
    purpose: 'sign',
    actor: CA_ACTOR,
  });
  const authorization = await deps.record.authorization(attempt.authorizationId);
  const letter = await loadLetter(deps.objects, dataKey, authorization);
  return {
    dataKey,
    letter,
    journal: attemptJournal(
      deps.record,
      attempt.id,
      dataKey,
      deps.random,
      await deps.record.journaled(attempt.id),
    ),
  };
}

/** No token, no signature. The token must lie within the certificate's validity. */
async function stamp(
  deps: CaDeps,
  attempt: AttemptRow,
  journal: AttemptJournal,
  signature: Uint8Array,
): Promise<void> {
  if (journal.read('token')) return;
  deps.probe('before-token');
  const { request, token, genTime, operator } = await askForToken(deps, attempt, signature);
  const at = new Date(genTime);
  if (at < attempt.notBefore || at > attempt.notAfter)
    throw new DomainError(
      'timestamp-rejected',
      'the token lies outside the certificate’s validity',
    );
  deps.probe('after-token');
  const contents = { request, token, genTime, operator };
  await journal.write('token', contents, deps.clock.now(), 'stamped');
  deps.probe('after-stamped');
}

/** Nobody stamps: not signed, but the signature is kept as long as the certificate allows, and it says so. */
async function askForToken(
  deps: CaDeps,
  attempt: AttemptRow,
  signature: Uint8Array,
): ReturnType<TsaRole['token']> {
  try {
    return await deps.tsa.token({ digest: sha256(signature) });
  } catch (error) {
    if (!isDomainError(error, 'timestamp-unavailable')) throw error;
    const until = toUtcSeconds(addSeconds(attempt.notAfter, -TIMES.certificateMargin));
    throw new DomainError(
      'timestamp-unavailable',
      `nothing is signed yet: the signature is kept and stamped as soon as an authority answers, until ${until}; after that, sign again`,
      { cause: error, extensions: { retryAfterSeconds: 5, ...error.extensions, until } },
    );
  }
}

/**
 * In the next second after genTime, so that its order in time is plain to every validator. An answer
 * from after the certificate's end would be believed by nobody: a worker that comes so late voids.
 * With the answer kept nothing expires any more.
 */
async function collectValidation(
  deps: CaDeps,
  attempt: AttemptRow,
  journal: AttemptJournal,
): Promise<void> {
  if (journal.read('validation')) return;
  const { genTime } = journal.read('token')!;
  await deps.wait(new Date((Math.floor(Date.parse(genTime) / 1000) + 1) * 1000));
  if (deps.clock.now() >= addSeconds(attempt.notAfter, -TIMES.validationMargin)) {
    await voidAttempt(deps, { ...attempt, state: 'stamped' }, 'not-validated');
    throw ended();
  }
  const { certificate } = journal.read('certificate')!;
  const ocsp = await deps.issuer.ocsp(certificate);
  const crl = await deps.issuer.crl(certificate);
  // Kept with it: whoever finishes this attempt may be another build.
  const build = await deps.serverBuild();
  deps.probe('after-ocsp');
  await journal.write('validation', { ocsp, crl, build }, deps.clock.now());
}

/** False when the bundle did not pass our own verification: then it is not stored, and all is over. */
async function storeBundle(
  deps: CaDeps,
  attempt: AttemptRow,
  journal: AttemptJournal,
  letter: Uint8Array,
  dataKey: Uint8Array,
): Promise<boolean> {
  if (journal.read('bundle')) return true;
  const box = await deps.record.personalData(attempt.authorizationId, 'terms');
  const terms = openTerms(dataKey, attempt.authorizationId, box);
  const parts = await bundleParts(deps, attempt, journal, letter, terms, dataKey);
  const manifest = manifestOf(parts);
  if (!journal.read('seal')) {
    const { cms } = await deps.seal.bundle({ digest: sha256(manifest) });
    await journal.write('seal', { cms }, deps.clock.now());
    deps.probe('after-seal');
  }
  const { cms } = journal.read('seal')!;
  const bundle = buildBundle({ parts, signature: cms });
  try {
    deps.selfCheck(bundle, deps.clock.now());
  } catch (error) {
    if (!isDomainError(error, 'verification-failed')) throw error;
    await failAttempt(deps, attempt.id);
    return false;
  }
  deps.probe('after-self-check');

  const ciphertext = encrypt(dataKey, bundle, bundleContext(attempt.id), deps.random);
  const object = `bundles/${attempt.id}/${sha256Hex(ciphertext).slice(0, 32)}`;
  await deps.objects.put(object, ciphertext);
  if (!bytesEqual(await deps.objects.get(object), ciphertext))
    throw new DomainError('object-corrupt', 'the stored bundle reads back differently');
  deps.probe('after-object');
  await journal.write('bundle', { object, digest: sha256Hex(bundle) }, deps.clock.now(), 'stored');
  deps.probe('after-stored');
  return true;
}

/**
 * Our own verifier refuses the finished bundle. Everything in it is journalled, so the next try would be
 * refused as well: the attempt ends, and with it the authorization. To have the subject sign again would
 * multiply signatures by whatever is wrong on our side; a new letter is asked for when it is repaired.
 *
 * The certificate is revoked like that of any voided attempt. "A used certificate is never revoked" protects
 * letters that count, and only one whose signature the ledger holds under its serial is used in that sense
 * (single-signature rule). This serial gets a `void` entry and never a `letter` one: the signature exists and
 * counts nowhere, and whoever asks OCSP must not hear `good` about it.
 */
async function failAttempt(deps: CaDeps, attemptId: string): Promise<void> {
  const { record } = deps;
  const attempt = (await record.attempt(attemptId))!;
  // Another worker may have found the same and said so.
  if (attempt.state === 'voided') return;
  const authorization = await record.authorization(attempt.authorizationId);
  const end = voiding(deps, attempt, 'not-verified');
  deps.probe('before-failed');
  try {
    await record.fail(
      {
        authorization,
        to: 'failed',
        type: 'failed',
        at: end.at,
        data: { attempt: attempt.id, serial: toHex(attempt.serial), reason: end.reason },
      },
      end,
    );
  } catch (error) {
    // Another worker was first, with this or with the end of the authorization.
    if ((await record.attempt(attemptId))?.state !== 'voided') throw error;
  }
}

async function commit(
  deps: CaDeps,
  attempt: AttemptRow,
  journal: AttemptJournal,
  signature: Uint8Array,
  dataKey: Uint8Array,
): Promise<void> {
  const { record } = deps;
  const bundle = journal.read('bundle')!;
  const authorization = await record.authorization(attempt.authorizationId);
  const challenge = await record.challenge(attempt.challengeId);
  const box = await record.personalData(authorization.id, 'terms');
  const { choices } = JSON.parse(challenge.scene) as Scene;
  const scope = scopeOf(openTerms(dataKey, authorization.id, box), choices);
  const at = deps.clock.now();
  const entry: LetterEntry = {
    format: 'mandate-entry/v1',
    kind: 'letter',
    at: toUtcSeconds(at),
    serial: toHex(attempt.serial),
    signature: sha256Hex(signature),
    letter: authorization.letterDigest,
    scene: challenge.sceneDigest,
    bundle: bundle.digest,
  };
  deps.probe('before-commit');
  try {
    await record.commit(
      {
        authorization,
        to: 'signed',
        type: 'signed',
        at,
        data: {
          attempt: attempt.id,
          serial: entry.serial,
          signature: entry.signature,
          bundle: bundle.digest,
          object: bundle.object,
          keyOrigin: attempt.keyOrigin,
          scope: scopeDigest(scope),
        },
        outbox: [{ topic: 'integrate-ledger', ref: authorization.id }],
      },
      attempt.id,
      entryText(entry),
      scope,
      sealScope(dataKey, authorization.id, scopeDigest(scope), deps.random),
    );
  } catch (error) {
    // Another worker was first: its commit is ours.
    const now = await record.attempt(attempt.id);
    if (now?.state !== 'committed') throw error;
  }
  deps.probe('after-commit');
}

/** Asks the ledger for a round; if it cannot just now, the worker's own round will do. */
async function release(deps: CaDeps, attempt: AttemptRow): Promise<AttemptView> {
  try {
    deps.gate.saw((await deps.ledger.integrate({})).size);
  } catch (error) {
    if (!isDomainError(error)) throw error;
  }
  deps.probe('after-integrate');
  return viewOf(deps, attempt.id);
}

async function viewOf(deps: CaDeps, attemptId: string): Promise<AttemptView> {
  const attempt = (await deps.record.attempt(attemptId))!;
  const authorization = await deps.record.authorization(attempt.authorizationId);
  return {
    attemptId,
    state: attempt.state,
    authorization: authorization.state,
    keyOrigin: attempt.keyOrigin,
  };
}
