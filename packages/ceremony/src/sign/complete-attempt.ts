import { bytesEqual, DomainError, type AttemptView, type CaRole } from '@mandate/core';
import { parseCertificate, verifySignature } from '@mandate/pki';
import { ended, voidIfOver } from './attempt-end.js';
import { finishOpened } from './finish-attempt.js';
import { attributesFor, updateFor, type CaDeps } from './open-attempt.js';
import { openJournal } from './open-journal.js';

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
  return finishOpened(deps, attempt.id, opened);
}
