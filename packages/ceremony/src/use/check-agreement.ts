import { DomainError, isDomainError } from '@mandate/core';
import { scopeDigest, termsDigest } from '@mandate/terms';
import type { AuthorizationRow } from '../ports.js';
import type { Agreement } from '../use-ports.js';
import { openTerms } from '../letter-box.js';

/**
 * What the record says was agreed is what was signed: the terms have the digest of the request in the trail, and the
 * scope that the predicate compares with has the one that the signature's event names. So nobody who writes to the
 * record widens what may be used, or uses what was altered. Throws `terms-changed`.
 */
export function checkAgreement(
  dataKey: Uint8Array,
  authorization: Pick<AuthorizationRow, 'id'>,
  { termsBox, authorizationTerms, requestedTerms, scope, scopeRowDigest, signedScope }: Agreement,
): void {
  let terms: string | null = null;
  try {
    terms = termsDigest(openTerms(dataKey, authorization.id, termsBox));
  } catch (error) {
    if (!isDomainError(error)) throw error;
  }
  const digest = scopeDigest(scope);
  if (
    terms !== requestedTerms ||
    terms !== authorizationTerms ||
    digest !== signedScope ||
    digest !== scopeRowDigest
  )
    throw new DomainError('terms-changed', 'what the record holds is not what was signed');
}
