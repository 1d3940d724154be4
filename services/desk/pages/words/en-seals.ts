import type { SealWords } from './zh-seals.js';

export const en: SealWords = {
  title: 'Sealed by a court',
  lead: 'Asked for by an officer and agreed to by an approver of the operator: from then on, openings for this case are not shown to their subject until the stated time. Register and ledger stay as they are.',
  basis: 'Court order',
  basisHint: 'Its number, no personal data. 1 to 200 characters.',
  until: 'For how long',
  days: (n) => `${n} days`,
  ask: 'Ask to seal',
  approve: 'Agree to seal',
  lift: 'Lift',
  untilAt: (at) => `until ${at}`,
  states: {
    waiting: 'waits for an approver of the operator',
    hidden: 'sealed',
    lifted: 'lifted',
    over: 'over',
  },
};
