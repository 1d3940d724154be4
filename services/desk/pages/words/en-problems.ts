import type { ProblemWords } from './zh-problems.js';

export const en: ProblemWords = {
  title: 'That did not work',
  reference: 'Reference:',
  other:
    'Something unexpected happened. Try again; if it happens again, give the operator the reference.',
  problems: {
    offline: 'There is no connection. Try again once you are online.',
    timeout: 'No answer came for a long time. Try again.',
    'invalid-request':
      'What was filled in is incomplete or of the wrong form. Check it and try again.',
    unauthenticated: 'The sign-in did not succeed. Try again, or ask whoever opened your account.',
    'session-ended': 'Your session is over. Sign in again.',
    'account-locked': 'This account is locked until whoever opened it has reviewed it.',
    'passkey-invalid': 'The passkey was not accepted.',
    'passkey-cancelled':
      'Your device did not finish with the passkey: it was cancelled, or yours is not on this device. Try again.',
    'passkey-present': 'This device already holds a passkey of this account.',
    forbidden: 'Your role may not do this.',
    'not-found': 'Not found, or not of your institution.',
    'own-request': 'Nobody agrees to a request of their own.',
    'grant-refused': 'This access is not possible now.',
    'agreement-refused': 'Your agreement was not noted.',
    'case-open': 'There is a case about this dispute already.',
    'dispute-open':
      'The dispute of this case has no outcome yet. Propose one and have it agreed to; then the case can end.',
    'illegal-transition': 'As things stand this cannot be done. Reload and look again.',
    'version-conflict': 'Somebody else has just changed it. Reload and try again.',
    erased: 'The personal data were deleted; the evidence cannot be opened any more.',
    'ledger-behind':
      'The ledger cannot take note of this opening now, so nothing was opened. Try again later.',
    'rate-limited': 'Too many tries. Wait a while.',
    'authority-unavailable': 'The service behind this page does not answer. Try again later.',
    'payload-too-large': 'The file is too large.',
    'log-refused': 'This query log cannot be read. Check its format, columns and number of rows.',
    'not-its-maker': 'Only whoever began this reconciliation may do that.',
    'log-differs':
      'This is not the log whose beginning was received. Choose that file, or begin anew.',
    'template-invalid': 'The template is not of the right form.',
    'template-state': 'As the template stands this cannot be done.',
    'template-own-work': 'Nobody approves a template they wrote.',
    'assessment-missing': 'Without an impact assessment it cannot be published.',
    'template-lint-failed': 'The check of the template found something that must be changed.',
    'terms-invalid': 'The sample terms do not fit the template.',
    'glyph-missing': 'A character is not in the font and cannot be printed.',
    'guard-refused': 'As things stand this cannot be done. Reload and look again.',
    'object-corrupt':
      'The stored file does not match its digest and was not opened. Tell the operator at once.',
    'objects-unavailable':
      'The storage of the evidence does not answer now. Try again later, or tell the operator.',
    'object-missing': 'The stored file is not there. Tell the operator.',
    'budget-exceeded': 'The file takes more work than is allowed for one.',
    'idempotency-key-missing': 'The page sent this incompletely. Reload it and try again.',
    'idempotency-key-reused':
      'Something else was ordered under this number already. Reload the page and look whether the order is there.',
  },
  why: {
    'grant-unapproved': 'Not enough people have agreed yet; nothing was opened.',
    'grant-expired': 'The time of this access is over. Ask again if you need to.',
    'grant-revoked': 'This access was taken back.',
    'case-closed': 'The case has ended; nothing can be opened for it any more.',
    'right-missing': 'This way (view, print, download) was not part of the request.',
    'account-closed': 'The account of the requester or of somebody who agreed is closed.',
    'grant-altered':
      'The records of this access do not agree; nothing was opened. Tell the operator at once.',
    'not-allowed':
      'As the case and your role stand, this cannot be asked for. A case has to be accepted first.',
    'operator-only':
      'Somebody of the operator’s own people has to agree to this; people of an institution do not.',
    'agreed-before':
      'You agreed to this before, and your role was taken from you since: that word counts no more, and you cannot give another. Somebody else has to agree.',
    'asked-too-long-ago':
      'This was asked for more than seven days ago. It has to be asked for anew.',
    'account-dormant': 'Nobody signed in with this account for 90 days; it is locked.',
    'review-overdue': 'The quarterly review of this account is overdue; it is locked.',
    'grant-unknown': 'There is no such access.',
    'agreement-cancelled':
      'You did not finish at your organisation’s sign-in, so your agreement was not noted. Try again if you want to agree.',
    'agreement-over':
      'The confirmation took more than five minutes or was used already. Your agreement was not noted; try again.',
    'agreement-changed':
      'What you were agreeing to has changed meanwhile. Your agreement was not noted; reload and look at it as it is now.',
    'agreement-unproven':
      'The confirmation was not accepted. Use the passkey (or the organisation’s account) of this account of yours, with fingerprint, face or PIN.',
  },
};
