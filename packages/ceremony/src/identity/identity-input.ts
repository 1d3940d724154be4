import { CHECK_FIELDS, type IdentityCheck, type IdentityOption } from '@mandate/core';

/** What a check wants of the subject beside what the letter says. */
export const inputOf = (check: IdentityCheck): IdentityOption['input'] => {
  const fields = CHECK_FIELDS[check];
  return fields.includes('card') ? 'card' : fields.includes('credential') ? 'credential' : 'none';
};
