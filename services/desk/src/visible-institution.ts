import { DomainError } from '@mandate/core';
import type { Sees } from '@mandate/ceremony';

export { visible } from '@mandate/ceremony';

/**
 * Which institution somebody works on: their own; the operator's own people name one. Throws `not-found` for another
 * one's, `invalid-request` where none is named.
 */
export function workedInstitution({ institutionId }: Sees, named: string | undefined): string {
  if (institutionId && named && named !== institutionId)
    throw new DomainError('not-found', 'no such institution');
  const id = institutionId ?? named;
  if (!id) throw new DomainError('invalid-request', 'institution: name one');
  return id;
}
