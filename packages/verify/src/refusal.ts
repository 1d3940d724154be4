import { isDomainError, type DomainError } from '@mandate/core';
import type { SubIndication } from '@mandate/pki';
import type { OwnFindingId } from './catalogue.js';
import { fail } from './finding.js';
import type { Finding } from './verification.js';

/** What a reader's refusal means for the verdict. */
export interface RefusalRule {
  /** Sub-indication for what the reader does not support: encryption, compression, algorithms. */
  readonly unsupported: SubIndication;
  /** True when the input claims our own profile, which needs nothing unsupported and no big budget. */
  readonly ownProfile: boolean;
}

/**
 * A reader's DomainError as a finding. Malformed input is FORMAT_FAILURE; unsupported or oversized
 * input is INDETERMINATE unless it claims our own profile. Other errors pass through.
 */
export function refusal(id: OwnFindingId, error: unknown, rule: RefusalRule): Finding {
  if (!isDomainError(error)) throw error;
  const params = { reason: reasonOf(error) };
  if (error.code === 'budget-exceeded')
    return fail(
      'within-budget',
      rule.ownProfile ? 'FORMAT_FAILURE' : 'POLICY_PROCESSING_ERROR',
      params,
    );
  if (error.code === 'unsupported-algorithm' && !rule.ownProfile)
    return fail(id, rule.unsupported, params);
  return fail(id, 'FORMAT_FAILURE', params);
}

const reasonOf = (error: DomainError): string => `${error.code}: ${error.detail}`;
