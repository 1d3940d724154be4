import { DomainError, type StaffSession } from '@mandate/core';

/** Of whom institution's things somebody sees: their own institution's, or, of the operator's own people, all of them. */
export type Sees = Pick<StaffSession, 'institutionId'>;

/**
 * The row, if it is there and this person may see it: of another institution is as if it were not there. Throws
 * `not-found`.
 */
export function visible<T extends { readonly institutionId: string | null }>(
  { institutionId }: Sees,
  row: T | null | undefined,
  what = 'thing',
): T {
  if (!row || (institutionId !== null && row.institutionId !== institutionId))
    throw new DomainError('not-found', `no such ${what}`);
  return row;
}
