import type { CodeMessage, VaultRole } from '@mandate/core';
import { holdMessage, useMessage, type Terms } from '@mandate/terms';
import { openTerms } from '../letter-box.js';
import type { RaRecord } from '../ports.js';
import { smsReference } from '../ports/sms.js';
import type { UseMessageRecord } from '../ports/use.js';

/** One use is told once; the job may be repeated, not multiplied. */
const TELLS = 3;

interface TellDeps {
  readonly record: UseMessageRecord & Pick<RaRecord, 'personalData'>;
  readonly vault: Pick<VaultRole, 'unwrap'>;
}

/**
 * What the subject is told of a use, also of a reserved one that was given back later: its receipt was good for
 * asking the source. Null when there is nothing to tell (any more).
 */
export async function tellUse(deps: TellDeps, redemptionId: string): Promise<CodeMessage | null> {
  const use = await deps.record.countTell(redemptionId, TELLS);
  return use && tell(deps, use, redemptionId, (terms) => useMessage(terms, use));
}

/**
 * What the subject is told of a dispute, by whomever it was opened, and of how it ended. Null when it was told.
 */
export async function tellHold(deps: TellDeps, factId: string): Promise<CodeMessage | null> {
  const hold = await deps.record.countHoldTell(factId, TELLS);
  return hold && tell(deps, hold, factId, (terms) => holdMessage(terms, hold));
}

async function tell(
  { record, vault }: TellDeps,
  { authorizationId }: { readonly authorizationId: string },
  factId: string,
  write: (terms: Terms) => ReturnType<typeof useMessage | typeof holdMessage>,
): Promise<CodeMessage> {
  const purpose = 'tell-use';
  const { dataKey } = await vault.unwrap({ authorizationId, purpose, actor: 'role:ra' });
  const box = await record.personalData(authorizationId, 'terms');
  const terms = openTerms(dataKey, authorizationId, box);
  return {
    ...write(terms),
    phone: terms.subject.phone,
    channel: 'sms',
    reference: smsReference(factId, 1),
  };
}
