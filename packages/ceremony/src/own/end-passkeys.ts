import {
  canonicalize,
  commitment,
  DomainError,
  fromUtf8,
  toHex,
  toUtcSeconds,
  type CodeMessage,
  type OwnVisit,
} from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import { passkeyMessage } from '@mandate/terms';
import { smsReference } from '../ports/sms.js';
import { termsFor, type RaDeps } from '../confirm/challenge.js';
import { credentialOf } from '../confirm/passkeys.js';
import type { PasskeyRow, PasskeyRows } from '../ports/passkey.js';
import type { Recorded } from '../ports/use.js';
import { liveOwnVisit, visitView } from './own-visit.js';

/** A registration is told once; the job may be repeated, not multiplied. */
const TELLS = 3;

/**
 * What the number that was proven is told when a passkey was registered: whoever coaxed the code out of its
 * owner is not the one who reads this. Null when it was told.
 */
export async function tellPasskey(deps: RaDeps, passkeyId: string): Promise<CodeMessage | null> {
  const { record } = deps;
  const passkey = await record.countPasskeyTell(passkeyId, TELLS);
  if (!passkey) return null;
  const authorization = await record.authorization(passkey.authorizationId);
  const terms = await termsFor(deps, authorization, 'tell-passkey');
  return {
    ...passkeyMessage(terms, passkey.createdAt),
    phone: terms.subject.phone,
    channel: 'sms',
    reference: smsReference(passkeyId, 1),
  };
}

/**
 * The subject removes a passkey that the visit sees; what is removed already stays so. Other visits that it opened
 * are over with it. Not for whoever came in on an institution's word. Throws `visit-invalid`, `not-found`, `forbidden`.
 */
export async function removePasskey(
  deps: Pick<RaDeps, 'record' | 'clock'>,
  { secret, passkeyId }: { secret: Uint8Array; passkeyId: string },
): Promise<OwnVisit> {
  const { record, clock } = deps;
  const visit = await liveOwnVisit(deps, secret);
  if (visit.means === 'own-link')
    throw new DomainError('forbidden', 'only for who entered by code or passkey');
  const passkey = (await record.ownPasskeys(visit.id)).find(({ id }) => id === passkeyId);
  if (!passkey) throw new DomainError('not-found', 'no such passkey');
  const end = { passkey, why: 'subject', at: clock.now(), exceptVisit: visit.id } as const;
  if (!passkey.revokedAt) await record.endPasskey(end, recordedEnd(passkey, 'subject', visit.id));
  return visitView(record, visit);
}

/**
 * After an upheld dispute: the passkeys that were registered in the sittings over this letter, or confirmed it,
 * are nobody's proof any more, for whatever letter. How many ended now.
 */
export async function endDisputedPasskeys(
  { record, clock }: { record: PasskeyRows; clock: RaDeps['clock'] },
  authorizationId: string,
): Promise<number> {
  const hold = await record.upheldHold(authorizationId);
  if (!hold) return 0;
  let ended = 0;
  for (const passkey of await record.passkeysIn(authorizationId)) {
    const end = { passkey, why: 'dispute', at: clock.now() } as const;
    if (!passkey.revokedAt && (await record.endPasskey(end, recordedEnd(passkey, 'dispute', hold))))
      ended++;
  }
  return ended;
}

/** `ref`: the visit that removed it, or the dispute. */
const recordedEnd =
  (passkey: PasskeyRow, why: NonNullable<PasskeyRow['revokedWhy']>, ref: string) =>
  (at: Date): Recorded => {
    const credential = toHex(
      commitment(passkey.salt, 'passkey', canonicalize(credentialOf(passkey))),
    );
    return {
      data: { passkey: passkey.id, credential, why, ref },
      ledgerEntry: fromUtf8(
        entryBytes({
          format: 'mandate-entry/v1',
          kind: 'credential-end',
          at: toUtcSeconds(at),
          credential,
        }),
      ),
    };
  };
