import type { StaffRole } from '@mandate/core';
import type { Grant } from '../api/grants.js';
import { en as enAgreements } from '../words/en-agreements.js';
import { en } from '../words/en-grants.js';
import { wordsFor } from '../words/words-for.js';
import { zh as zhAgreements } from '../words/zh-agreements.js';
import { zh } from '../words/zh-grants.js';

/** All that somebody with these roles agrees to, and as what: as role vault settles it (`grantToAgree`). */
export function grantSentence(
  language: 'zh' | 'en',
  { caseNumber, letters, requesterName, rights, hours, legalBasis, reason, ...grant }: Grant,
  { staff, roles }: { readonly staff: string; readonly roles: readonly StaffRole[] },
): string {
  const { section, rights: names, roles: roleNames } = wordsFor(language, zh, en);
  const { breakGlass, approvals } = grant;
  const needed = !approvals.some((it) => it.role === 'custodian');
  const keeper =
    breakGlass && roles.includes('custodian') && (needed || !roles.includes('approver'));
  const given = approvals.find((it) => it.staff === staff)?.role;
  return wordsFor(language, zhAgreements, enAgreements).grant({
    ...{ caseNumber, letters, hours, legalBasis, reason, breakGlass },
    requester: requesterName ?? section.unnamed,
    rights: rights.map((right) => names[right]).join(' · '),
    role: roleNames[given ?? (keeper ? 'custodian' : 'approver')],
  });
}
