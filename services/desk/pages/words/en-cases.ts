import type { CaseWords } from './zh-cases.js';

const days = (n: number): string => (n === 1 ? '1 day' : `${n} days`);
const long = ({ days: n, hours }: { days: number; hours: number }): string =>
  hours < 1
    ? 'less than an hour'
    : hours === 1
      ? '1 hour'
      : hours < 24
        ? `${hours} hours`
        : days(n);

export const en: CaseWords = {
  kinds: {
    'subject-dispute': 'Dispute: “I did not sign this”',
    'credit-data-objection': 'Objection to credit data',
    'consumer-complaint': 'Consumer complaint',
    'consumer-complaint-complex': 'Consumer complaint (complex)',
    'regulator-complaint': 'Complaint through a regulator',
    'court-request': 'Request of a court',
    'internal-review': 'Internal review',
  },
  steps: {
    applied: 'Applied',
    accepted: 'Accepted',
    extracted: 'Extracted',
    verified: 'Verified',
    certified: 'Certified',
    closed: 'Closed',
    rejected: 'Not accepted',
  },
  to: {
    applied: 'Apply',
    accepted: 'Accept',
    extracted: 'Mark as extracted',
    verified: 'Mark as verified',
    certified: 'Certify',
    closed: 'Close the case',
    rejected: 'Do not accept',
  },
  waitsFor: {
    applied: 'An officer, or an approver, who did not open the case has to accept it.',
    accepted: 'An officer has to ask for access, open the evidence and make the report.',
    extracted: 'An officer has to go through the report.',
    verified: 'An officer has to write the conclusion.',
    certified: 'An officer has to deliver the conclusion and close the case.',
    closed: '',
    rejected: '',
  },
  toText: {
    applied: '',
    accepted:
      'Accept once applicant, basis and scope have been looked at. Whoever opened a case does not accept it.',
    extracted:
      'Open what is needed below and make the report. When all of it is there, mark the case as extracted.',
    verified: 'Read the findings of the report one by one, then mark the case as verified.',
    certified: 'Write the conclusion and its reasons. It is kept with the case.',
    closed:
      'Deliver the conclusion, then close the case. After closing, no evidence can be opened.',
    rejected: 'Write why it is not accepted.',
  },
  events: {
    opened: 'Opened',
    toStep: (step) => `Now: ${step}`,
    noted: 'Note',
    extended: 'More time',
  },
  usual: {
    standing: 'The subject, at the page “my authorizations”',
    scope:
      'Who signed the letter, when and how, and how it was used: letter, bundle and trail are needed',
  },
  texts: {
    applicant: 'Applicant',
    standing: 'Standing',
    documents: 'Documents',
    legalBasis: 'Legal basis',
    scope: 'Scope',
    note: 'Note',
    decision: 'Conclusion and reasons',
  },
  hints: {
    applicant: 'Who asks, and how they are reached.',
    standing: 'The person concerned, somebody they empowered, or an authority.',
    documents: 'What was handed in, one a line.',
    legalBasis: 'Rule and article.',
    scope: 'What is to be found out, and from which data.',
    note: '',
    decision: 'The conclusion and what it rests on.',
  },
  list: {
    title: 'Cases',
    lead: 'Soonest due first.',
    none: 'There are no open cases.',
    how: 'A case comes here by itself when a subject says “I did not sign this” or an institution’s system sends one. When somebody complains to you, find the letter by “Search” first and open a case about it.',
    open: 'Open a case',
    more: 'More',
    number: 'Case',
    kind: 'Kind',
    step: 'Step',
    due: 'Due',
    opened: 'Opened',
    caption: 'Open cases',
    states: { open: 'Open', over: 'Ended' },
    statesLabel: 'Open or ended',
    noneOver: 'No case has ended.',
    leadOver: 'Opened last first.',
    captionOver: 'Cases that have ended',
    find: 'Case number, such as C-2026-000123',
    toFind: 'Go to the case',
    notFound: 'There is no case of that number.',
    elsewhere: 'What you do here is in the menu above.',
  },
  due: 'due',
  left: (it) => `${long(it)} left`,
  over: (it) => `${long(it)} overdue`,
  rule: ({ days: n, extensionDays, secondExtensionDays, ownTarget, basis }) => {
    const more = extensionDays > 0 ? `, ${days(extensionDays)} more where needed` : '';
    const again = secondExtensionDays > 0 ? `, then ${days(secondExtensionDays)} more` : '';
    const term = `${days(n)} from receipt${more}${again}`;
    return ownTarget
      ? `Own target: ${term} (${basis} sets the duty, and no term)`
      : `${basis}: ${term}`;
  },
  setByCourt: (basis) => `The request names the day (duty: ${basis})`,
  receivedOn: (day) => `received ${day}`,
  received: 'The regulator or court decides; here it is received and watched.',
  extended: (times) => (times === 1 ? 'extended' : `extended ${times} times`),
  ended: 'ended',
  time: 'All times are Beijing time (UTC+8).',
  open: {
    title: 'Open a case',
    lead: 'A case is about one or more authorizations of one institution.',
    kind: 'Kind',
    authorizations: 'Authorizations',
    authorizationsHint:
      'Their ids here, which begin with aut_, one a line. With only a letter number, lookup code or business reference, use “Search” first.',
    chosen: (n) => (n === 1 ? 'One authorization is chosen' : `${n} authorizations are chosen`),
    change: 'Change the ids',
    received: 'Received on',
    receivedHint:
      'The day the complaint, objection or request arrived (Beijing time). The term runs from it; it cannot be changed later.',
    dueDay: 'Day that the request names (optional)',
    dueDayHint: 'Leave it empty where none is named: the own target holds then.',
    dueThen: (day) => `Due on ${day}`,
    submit: 'Open the case',
    search: 'Search first',
    wrong: 'Give the ids of authorizations, one a line, each beginning with aut_.',
  },
  view: {
    stepsLabel: 'Steps',
    next: 'Next',
    nothingNext: 'The case has ended.',
    openerWaits:
      'You opened this case; another officer, or an approver, has to accept it. They find it on their first page.',
    askFirst:
      'First ask for access to the evidence: two other people have to agree before anything is opened or a report made.',
    toAsk: 'To the request',
    asked:
      'Access has been asked for. The approvers see it on their first page; once enough of them have agreed, open the evidence and make the report below.',
    agreeing: 'Access has been asked for; the approvers agree on their first page.',
    disputeFirst:
      'The subject’s dispute has no outcome yet and the authorization stays frozen. Propose one, have an approver of the operator agree, then close the case.',
    toDispute: 'To the outcome',
    stranded: 'Somebody else has taken the case further. What you had written was not sent:',
    dropStranded: 'Not needed any more',
    readAnew:
      'The page shows the case as it is now, and what you wrote is still there: look, and send it again.',
    other: 'Something else',
    note: 'Note',
    addNote: 'Add the note',
    extend: 'More time',
    extendText: (n) => `With its reasons: ${days(n)} more.`,
    standing: 'How the authorizations stand',
    letter: 'Letter number',
    state: 'State',
    why: 'Why',
    fine: 'not frozen, not withdrawn',
    said: 'What was said',
    nothingSaid: 'Nothing yet.',
    trail: 'What was done',
    destroyed: 'The text was destroyed when its time was over.',
    keptUntil: (at) => `The texts of the case are kept until ${at}.`,
    by: (who) => `by ${who}`,
    subject: 'the subject',
    institution: 'the institution’s system',
    optional: ' (optional)',
    more: (n) => `Show ${n} more`,
    timeline: 'The life of the authorization',
    reports: 'Reports',
  },
  waiting: {
    title: 'Outcomes and seals that wait for agreement',
    outcome: (outcome) => `Outcome of the dispute: ${outcome}`,
    seal: (basis) => `To be hidden from the subject, by a court: ${basis}`,
    look: 'Look at the case',
  },
  states: {
    requested: 'to be signed',
    presented: 'opened',
    challenged: 'code sent',
    confirmed: 'confirmed',
    signed: 'signed',
    released: 'in force',
    declined: 'declined',
    lapsed: 'lapsed unsigned',
    failed: 'failed',
  },
  now: {
    erased: 'data deleted',
    withdrawn: 'withdrawn',
    frozen: 'frozen',
    restricted: 'restricted',
  },
  withdrawn: (at) => `Withdrawn ${at}: no use since then.`,
  frozen: (reason, at) => `Frozen since ${at}: ${reason}. No use while it lasts.`,
  holdOver: (outcome, at) => `The dispute ended ${at}: ${outcome}.`,
  restricted: (at) => `Processing restricted since ${at}.`,
  erased: (at) => `Personal data deleted ${at}; the evidence cannot be opened any more.`,
  reasons: {
    'not-signed-by-me': 'the subject says somebody else signed',
    'someone-told-me-to': 'the subject says somebody told them to',
    'letter-differs': 'the subject says the letter differs from what they saw',
    other: 'another dispute',
  },
  outcomes: { upheld: 'upheld', rejected: 'rejected', retracted: 'retracted by the subject' },
};
