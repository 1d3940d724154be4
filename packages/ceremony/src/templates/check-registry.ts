import { DomainError } from '@mandate/core';
import { isThirdParty, type Terms } from '@mandate/terms';
import type { RegistryEntry, RegistryReads } from '../template-ports.js';

/**
 * Who stands in a new letter is registered and reviewed, and each item may be asked of one of its sources for
 * its purpose. What the institution holds itself needs no registration. Throws `source-unknown`,
 * `source-expired`, `recipient-unknown`, `recipient-expired`, `combination-not-allowed`.
 */
export async function checkRegistry(record: RegistryReads, terms: Terms, now: Date): Promise<void> {
  const others = <T extends { creditCode: string }>(parties: readonly T[]): string[] =>
    parties.filter((party) => isThirdParty(terms, party)).map(({ creditCode }) => creditCode);
  const sources = others(terms.sources);
  await checkParties(record, 'source', sources, now);
  await checkParties(record, 'recipient', others(terms.recipients), now);
  if (sources.length === 0) return;
  const allowed = await record.registryCombinations(sources);
  const refused = terms.items.find(
    ({ code }) =>
      !allowed.some(({ item, purpose }) => item === code && purpose === terms.purpose.code),
  );
  if (refused)
    throw new DomainError(
      'combination-not-allowed',
      `${refused.code} for ${terms.purpose.code} is allowed of none of: ${sources.join(', ')}`,
    );
}

async function checkParties(
  record: RegistryReads,
  kind: RegistryEntry['kind'],
  codes: readonly string[],
  now: Date,
): Promise<void> {
  if (codes.length === 0) return;
  const known = await record.registryEntries(kind, codes);
  for (const code of codes) {
    const entry = known.find(({ creditCode }) => creditCode === code);
    if (!entry) throw new DomainError(`${kind}-unknown`, `${kind} ${code} is not registered`);
    if (entry.validUntil <= now || entry.reviewedAt > now)
      throw new DomainError(`${kind}-expired`, `the registration of ${kind} ${code} has expired`);
  }
}
