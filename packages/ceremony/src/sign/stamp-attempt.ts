import {
  addSeconds,
  DomainError,
  isDomainError,
  sha256,
  toUtcSeconds,
  type TsaRole,
} from '@mandate/core';
import { TIMES } from '../deps.js';
import type { AttemptRow } from '../ports.js';
import { ended } from './attempt-end.js';
import type { AttemptJournal } from './attempt-journal.js';
import { voidAttempt, type CaDeps } from './open-attempt.js';

/** No token, no signature. The token must lie within the certificate's validity. */
export async function stampAttempt(
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
export async function collectValidation(
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
