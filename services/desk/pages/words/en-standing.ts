import type { StandingWords } from './zh-standing.js';

export const en: StandingWords = {
  title: 'What you agreed to',
  lead: 'What was agreed to in your name in the last 90 days, newest first.',
  notMine:
    'If one of them was not yours, tell the operators at once: two of them end all your ways in by the command staff reset and invite you anew.',
  none: 'You agreed to nothing in the last 90 days.',
  what: 'What',
  when: 'When',
  how: 'By what means',
  acts: {
    grant: 'Agreed to access',
    outcome: 'Agreed to the outcome of a dispute',
    seal: 'Agreed that openings stay hidden from the subject for now',
    template: 'Approved a template',
  },
  ofTemplate: (version) => `version ${version}`,
  means: { passkey: 'Passkey', oidc: 'The organisation’s sign-in' },
  altered: 'This record was altered: tell the operators.',
  more: 'Show more',
  time: 'Times are those of Beijing (UTC+8).',
  look: 'What you agreed to',
  ways: {
    title: 'New ways in, and resets',
    lead: 'Of the last 90 days. If you know that somebody did not do this, tell the operators at once.',
    ways: {
      enrolled: 'passkey set up',
      linked: 'organisation’s sign-in linked',
      reset: 'ways in reset',
    },
    byWayOf: { invitation: 'by an invitation', 'recovery-code': 'by a recovery code' },
    both: (by, approver) => `by ${by}, agreed to by ${approver}`,
    passkey: 'fingerprint of the key',
    more: (n) => `${n} more`,
  },
};
