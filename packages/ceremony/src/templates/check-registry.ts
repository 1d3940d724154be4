import { DomainError } from '@mandate/core';
import { isThirdParty, type Language, type Terms } from '@mandate/terms';
import type { RegistryEntry, RegistryReads } from '../ports/template.js';

/**
 * Who stands in a new letter is registered and reviewed, and each item may be asked of one of its sources for
 * its purpose; the letter calls them as the registry does. What the institution holds itself needs no registration.
 * Throws `source-unknown`, `source-expired`, `source-name-mismatch`, the same of recipients, and
 * `combination-not-allowed`.
 */
export async function checkRegistry(record: RegistryReads, terms: Terms, now: Date): Promise<void> {
  const others = (parties: readonly NamedParty[]): NamedParty[] =>
    parties.filter((party) => isThirdParty(terms, party));
  await checkParties(record, 'source', others(terms.sources), terms.language, now);
  await checkParties(record, 'recipient', others(terms.recipients), terms.language, now);
  const sources = others(terms.sources).map(({ creditCode }) => creditCode);
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

interface NamedParty {
  readonly creditCode: string;
  readonly name: string;
}

async function checkParties(
  record: RegistryReads,
  kind: RegistryEntry['kind'],
  parties: readonly NamedParty[],
  language: Language,
  now: Date,
): Promise<void> {
  if (parties.length === 0) return;
  const known = await record.registryEntries(
    kind,
    parties.map(({ creditCode }) => creditCode),
  );
  for (const { creditCode: code, name } of parties) {
    const entry = known.find(({ creditCode }) => creditCode === code);
    if (!entry) throw new DomainError(`${kind}-unknown`, `${kind} ${code} is not registered`);
    if (entry.validUntil <= now || entry.reviewedAt > now)
      throw new DomainError(`${kind}-expired`, `the registration of ${kind} ${code} has expired`);
    if (entry.reviewBy <= now)
      throw new DomainError(`${kind}-expired`, `the review of ${kind} ${code} is overdue`);
    const registered = language === 'zh' ? entry.name : entry.nameEn;
    if (registered !== name)
      throw new DomainError(
        `${kind}-name-mismatch`,
        registered === null
          ? `${kind} ${code} is registered without a name in English`
          : `${kind} ${code} is registered as ${registered}`,
      );
  }
}
