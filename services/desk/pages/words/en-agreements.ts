import type { AgreementWords } from './zh-agreements.js';

export const en: AgreementWords = {
  grant: ({ caseNumber, letters, requester, rights, hours, ...more }) =>
    `${more.breakGlass ? 'This breaks the glass: the case need not have been accepted. ' : ''}If you agree, as ${more.role}, ${requester} may open the evidence of ${letters === 1 ? '1 letter' : `${letters} letters`} for case ${caseNumber} (${rights}) for ${hours === 1 ? '1 hour' : `${hours} hours`} once enough people have agreed. Legal basis: ${more.legalBasis}. Reason: ${more.reason}`,
  outcome: ({ caseNumber, outcome, grounds }) =>
    `If you agree, the dispute of case ${caseNumber} ends as “${outcome}”, for the reasons in ${grounds}.`,
  seal: ({ caseNumber, until, legalBasis }) =>
    `If you agree, openings for case ${caseNumber} are not shown to their subject until ${until}, by ${legalBasis}.`,
  byPasskey: 'You confirm it with your own passkey.',
  byProvider:
    'You confirm it by signing in once more at your organisation; then you come back here.',
  title: 'Your agreement',
  agreed: 'Your agreement is noted.',
  back: 'Back',
};
