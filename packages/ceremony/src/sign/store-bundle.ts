import {
  bytesEqual,
  DomainError,
  encrypt,
  isDomainError,
  sha256,
  sha256Hex,
  toHex,
} from '@mandate/core';
import { buildBundle, manifestOf } from '@mandate/evidence';
import { openTerms } from '../letter-box.js';
import type { AttemptRow } from '../ports.js';
import { bundleParts } from './assemble-bundle.js';
import type { AttemptJournal } from './attempt-journal.js';
import { voiding, type CaDeps } from './open-attempt.js';

/** Where an encrypted bundle is kept; the name holds its own digest, so retries never collide. */
const bundleContext = (attemptId: string): string => `bundles/${attemptId}`;

/** False when the bundle did not pass our own verification: then it is not stored, and all is over. */
export async function storeBundle(
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
