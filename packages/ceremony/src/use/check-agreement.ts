import { DomainError, isDomainError } from '@mandate/core';
import { scopeDigest, termsDigest } from '@mandate/terms';
import type { AuthorizationRow } from '../ports.js';
import type { Agreement } from '../ports/use.js';
import { openTerms } from '../letter-box.js';
import { openScope } from './sealed-scope.js';

/**
 * What the record says was agreed is what was signed: the terms have the digest of the request in the trail, and the
 * scope that the predicate compares with is the one role ca sealed with the signature. Both lie under the data key,
 * which the database does not have: so nobody who writes to the record, the trail included, widens what may be used,
 * or uses what was altered. Throws `terms-changed`.
 */
export function checkAgreement(
  dataKey: Uint8Array,
  authorization: Pick<AuthorizationRow, 'id'>,
  agreement: Agreement,
): void {
  const { authorizationTerms, requestedTerms, scope, scopeRowDigest, signedScope } = agreement;
  const agreed = readAgreed(dataKey, authorization.id, agreement);
  const digest = scopeDigest(scope);
  if (
    agreed?.terms !== requestedTerms ||
    agreed.terms !== authorizationTerms ||
    agreed.scope !== digest ||
    digest !== signedScope ||
    digest !== scopeRowDigest
  )
    throw new DomainError('terms-changed', 'what the record holds is not what was signed');
}

/** What the data key opens; null when it opens nothing. */
function readAgreed(
  dataKey: Uint8Array,
  id: string,
  { termsBox, sealedScope }: Agreement,
): { terms: string; scope: string } | null {
  try {
    const terms = termsDigest(openTerms(dataKey, id, termsBox));
    return { terms, scope: openScope(dataKey, id, sealedScope) };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}
