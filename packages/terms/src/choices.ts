import { DomainError, type Choices } from '@mandate/core';
import type { Terms } from './terms.js';

/** True for a recipient that is not the institution itself: a separate consent (个人信息保护法 art. 23). */
export const isThirdParty = (
  terms: Pick<Terms, 'institution'>,
  recipient: { readonly creditCode: string },
): boolean => recipient.creditCode !== terms.institution.creditCode;

/** What the subject may accept or refuse by itself; everything else the letter needs. Sorted. */
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

/** True when each choice is one the letter offers, named once, in order. */
export const isChoiceOf = (terms: Terms, choices: Choices): boolean => {
  const offered = choosable(terms);
  const within = (chosen: readonly string[], all: readonly string[]): boolean =>
    chosen.every((code, i) => all.includes(code) && (i === 0 || code > chosen[i - 1]!));
  return within(choices.items, offered.items) && within(choices.recipients, offered.recipients);
};

/** The choices in their one spelling. Throws `invalid-request` for what the letter does not offer. */
export function checkChoices(terms: Terms, choices: Choices): Choices {
  const sorted = { items: [...choices.items].sort(), recipients: [...choices.recipients].sort() };
  if (!isChoiceOf(terms, sorted))
    throw new DomainError('invalid-request', 'the letter offers no such choice');
  return sorted;
}
