import { DomainError, type Choices } from '@mandate/core';
import type { Terms } from './terms.js';

/** True for a recipient that is not the institution itself: a separate consent (个人信息保护法 art. 23). */
export const isThirdParty = (
  terms: Pick<Terms, 'institution'>,
  recipient: { readonly creditCode: string },
): boolean => recipient.creditCode !== terms.institution.creditCode;

/**
 * Third parties without which the letter has no sense. Each is a separate consent all the same (个人信息保护法 art. 23
 * knows no exception for what is necessary), so it is asked for and recorded by itself; refusing it refuses the letter.
 */
const isNecessary = (
  terms: Pick<Terms, 'institution'>,
  recipient: Terms['recipients'][number],
): boolean => recipient.necessary === true && isThirdParty(terms, recipient);

/** What the subject accepts or refuses by itself, necessary recipients included. Sorted. */
export const choosable = (terms: Terms): Choices => ({
  items: terms.items
    .filter((item) => !item.necessary)
    .map((item) => item.code)
    .sort(),
  recipients: terms.recipients
    .filter((recipient) => isThirdParty(terms, recipient))
    .map((recipient) => recipient.creditCode)
    .sort(),
});

/** True when each choice is one the letter offers, named once, in order, and no necessary recipient was refused. */
export const isChoiceOf = (terms: Terms, choices: Choices): boolean => {
  const offered = choosable(terms);
  const within = (chosen: readonly string[], all: readonly string[]): boolean =>
    chosen.every((code, i) => all.includes(code) && (i === 0 || code > chosen[i - 1]!));
  return (
    within(choices.items, offered.items) &&
    within(choices.recipients, offered.recipients) &&
    refusedNecessary(terms, choices).length === 0
  );
};

/** Names of necessary recipients that were not accepted. */
export const refusedNecessary = (
  terms: Pick<Terms, 'institution' | 'recipients'>,
  choices: Pick<Choices, 'recipients'>,
): string[] =>
  terms.recipients
    .filter((it) => isNecessary(terms, it) && !choices.recipients.includes(it.creditCode))
    .map(({ name }) => name);

/**
 * The choices in their one spelling. Throws `choice-necessary` when a necessary recipient was refused: that is refusing
 * the letter; `invalid-request` for what the letter does not offer.
 */
export function checkChoices(terms: Terms, choices: Choices): Choices {
  const sorted = { items: [...choices.items].sort(), recipients: [...choices.recipients].sort() };
  if (refusedNecessary(terms, sorted).length > 0)
    throw new DomainError(
      'choice-necessary',
      'a necessary recipient was refused: decline the letter',
    );
  if (!isChoiceOf(terms, sorted))
    throw new DomainError('invalid-request', 'the letter offers no such choice');
  return sorted;
}
