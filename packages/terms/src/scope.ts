import { kindDigestHex, type Choices } from '@mandate/core';
import type { PurposeCode } from './template.js';
import type { Terms } from './terms.js';

/** What was agreed, as software compares a use with it. No personal data. */
export interface UseScope {
  readonly format: 'mandate-scope/v1';
  readonly purpose: PurposeCode;
  /** Codes, sorted; items that were refused are absent. */
  readonly items: readonly string[];
  /** Unified social credit codes, sorted. */
  readonly sources: readonly string[];
  /** The institution itself and the third parties that were accepted, sorted. */
  readonly recipients: readonly string[];
  readonly from: string;
  /** The end, or the latest date of an end by event. */
  readonly end: string;
  readonly endEvent: string | null;
  readonly maxUses: number;
  /** Recurring use: so many per calendar period (Beijing). */
  readonly per: 'month' | 'quarter' | 'year' | null;
}

/**
 * The scope of signed terms. Optional items and third parties are in it only if they were accepted.
 */
export function scopeOf(terms: Terms, choices: Choices): UseScope {
  const items = terms.items
    .filter(({ code, necessary }) => necessary || choices.items.includes(code))
    .map(({ code }) => code);
  const recipients = terms.recipients
    .map(({ creditCode }) => creditCode)
    .filter((code) => choices.recipients.includes(code));
  const { uses, end } = terms;
  return {
    format: 'mandate-scope/v1',
    purpose: terms.purpose.code,
    items: [...new Set(items)].sort(),
    sources: [...new Set(terms.sources.map(({ creditCode }) => creditCode))].sort(),
    recipients: [...new Set([terms.institution.creditCode, ...recipients])].sort(),
    from: terms.from,
    end: end.kind === 'date' ? end.at : end.latest,
    endEvent: end.kind === 'event' ? end.event : null,
    maxUses: uses.kind === 'count' ? uses.count : uses.atMost,
    per: uses.kind === 'recurring' ? uses.per : null,
  };
}

/** Lower-case hex. */
export const scopeDigest = (scope: UseScope): string => kindDigestHex('scope', scope);
