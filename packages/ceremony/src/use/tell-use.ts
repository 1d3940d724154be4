import type { CodeMessage, VaultRole } from '@mandate/core';
import { holdMessage, useMessage } from '@mandate/terms';
import { openTerms } from '../letter-box.js';
import type { RaRecord } from '../ports.js';
import { smsReference } from '../sms-ports.js';
import type { UseMessageRecord } from '../use-ports.js';

/** One use is told once; the job may be repeated, not multiplied. */
const TELLS = 3;

/**
 * What the subject is told of a use, also of a reserved one that was given back later: its receipt was good for
 * asking the source. Null when there is nothing to tell (any more).
 */
export async function tellUse(
  deps: {
    record: UseMessageRecord & Pick<RaRecord, 'personalData'>;
    vault: Pick<VaultRole, 'unwrap'>;
  },
  redemptionId: string,
): Promise<CodeMessage | null> {
  const use = await deps.record.countTell(redemptionId, TELLS);
  if (!use) return null;
  const { authorizationId } = use;
  const { dataKey } = await deps.vault.unwrap({
    authorizationId,
    purpose: 'tell-use',
    actor: 'role:ra',
  });
  const box = await deps.record.personalData(authorizationId, 'terms');
  const terms = openTerms(dataKey, authorizationId, box);
  return {
    ...useMessage(terms, use),
    phone: terms.subject.phone,
    channel: 'sms',
    reference: smsReference(redemptionId, 1),
  };
}

/**
 * What the subject is told of a dispute, by whomever it was opened, and of how it ended. Null when it was told.
 */
export async function tellHold(
  deps: {
    record: UseMessageRecord & Pick<RaRecord, 'personalData'>;
    vault: Pick<VaultRole, 'unwrap'>;
  },
  factId: string,
): Promise<CodeMessage | null> {
  const told = await deps.record.countHoldTell(factId, TELLS);
  if (!told) return null;
  const { authorizationId } = told;
  const { dataKey } = await deps.vault.unwrap({
    authorizationId,
    purpose: 'tell-use',
    actor: 'role:ra',
  });
  const box = await deps.record.personalData(authorizationId, 'terms');
  const terms = openTerms(dataKey, authorizationId, box);
  return {
    ...holdMessage(terms, told),
    phone: terms.subject.phone,
    channel: 'sms',
    reference: smsReference(factId, 1),
  };
}
