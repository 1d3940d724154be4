import type { Words } from './words.js';

const outcome = (title: string, text: string) => ({ title, text });

export const EN: Words = {
  htmlLang: 'en',
  name: 'Hesui Consumer Finance',
  other: '中文',
  otherLang: 'zh-CN',
  home: 'Apply again',
  sample: 'Sample.',
  sampleText:
    'Institution, people and credit bureau are made up: nothing is lent and no real credit report is queried.',
  footer: 'A sample for integrators to read and copy. Signing and authorization by Mandate.',
  steps: ['Apply', 'Sign', 'Query and result'],
  apply: {
    title: 'Apply for a loan',
    lead: 'Before we decide we need to query your credit report once. We do so only after you have signed an authorization.',
    amount: 'How much',
    yuan: 'yuan',
    madeUp:
      'This person is made up. Use it as it is or change it; please enter no real personal data.',
    name: 'Name',
    idNumber: 'ID number',
    phone: 'Phone',
    next: 'Next comes the authorization letter. You can read all of it before you sign, and you can refuse.',
    submit: 'Next: sign the authorization',
  },
  sign: {
    title: 'Sign the authorization',
    lead: 'The frame below belongs to the signing service. We cannot see your code and cannot sign for you.',
    code: 'In a trial the code does not go to a phone:',
    inbox: 'see the SMS inbox (new window)',
    fault: 'The signing frame did not open. You have not signed anything.',
    again: 'Open again',
    fullPage: 'Sign on a full page instead',
    fullPageText:
      'If the frame is hard to read, or this page is open inside another app, use a full page; it leads back here.',
  },
  status: {
    open: outcome(
      'Waiting for your signature',
      'Once you have signed, this page follows by itself within seconds. If you have not, choose “Sign”.',
    ),
    released: outcome('You have signed', 'Signing is complete and on record.'),
    queried: outcome(
      'Your application is complete',
      'You signed, and we queried your credit report once, as authorized. The sample ends here; nothing is lent.',
    ),
    declined: outcome(
      'You did not authorize the query',
      'We will not query your credit report, and this application ends here. Your accounts and other services are not affected.',
    ),
    lapsed: outcome(
      'The time to sign is over',
      'The letter was not signed in time, and we did not query. You can apply again.',
    ),
    failed: outcome(
      'Signing was not completed',
      'The signing service could not complete this signature, and we did not query. Please apply again later.',
    ),
    withdrawn: outcome(
      'You have withdrawn the authorization',
      'From then on we may not query under it. Queries made before are not affected.',
    ),
    held: outcome(
      'The authorization is being looked into',
      'Somebody said it was not signed by the person named in it. We may not use it until that is resolved.',
    ),
    ended: outcome(
      'The authorization has ended',
      'Its time is over, and we may not query under it.',
    ),
    number: 'Application',
    applicant: 'Applicant',
    amount: 'Amount',
    letterNumber: 'Letter number',
    checkCode: 'Check code',
    sign: 'Sign',
    query: 'Query the credit report',
    queryAgain: 'Try to query again (will be refused)',
    withdraw: 'Withdraw the authorization',
    heard: 'Notices received',
    nothingHeard: 'None yet.',
    heardText:
      'Signatures are checked by the SDK and repeats ignored; a notice holds ids only, the result is asked for. Beijing time.',
  },
  bureau: {
    title: 'Credit report query (simulated)',
    answered: (report) => `The sample bureau was queried: report ${report}`,
    refused: (reason) =>
      `The sample bureau did not answer (${reason}). The use was given back and does not count.`,
    simulated: 'The bureau is simulated by this sample; no real query took place.',
    checks: [
      'The receipt’s signature is good (checked offline, nobody was asked)',
      'Source, institution and data items in the receipt are those of the query',
      'Status list: not withdrawn, not disputed',
    ],
    use: 'Use',
    useOf: (number, of) => `${number} of ${of}`,
    left: 'Uses left',
    at: 'Used at',
    receipt: 'Receipt of use',
    receiptText: 'With it the bureau checks by itself, before it answers.',
  },
  refusals: {
    'used-up':
      'Used up: you authorized one query, and it has been made. Another one needs another signature.',
    withdrawn: 'You have withdrawn the authorization; no further query may be made.',
    'on-hold': 'The authorization is disputed and may not be used for now.',
    'authorization-ended': 'The authorization has ended; no further query may be made.',
    'purpose-mismatch': 'This purpose was not authorized.',
    'source-mismatch': 'This source was not authorized.',
    'recipient-mismatch': 'This recipient was not authorized.',
    'scope-exceeded': 'These data were not authorized.',
    'operator-missing': 'Nobody is named who makes the query.',
    'terms-invalid': 'Something is not right: please check name, ID number and phone.',
    'invalid-request': 'Something is not right: please check name, ID number and phone.',
    'text-forbidden-character': 'The name has a character that cannot be used.',
    'glyph-missing': 'The name has a character that cannot be shown in the letter yet.',
    'idempotency-key-reused':
      'This application was sent before with other content. Please open the form again.',
  },
  refusedOtherwise: (code) => `The signing service refused (${code}).`,
  messages: {
    'not-found': outcome('No such application', 'Please check the address, or apply again.'),
    'bad-form': outcome('This form cannot be handled', 'Please fill it in again from its page.'),
    'mandate-away': outcome(
      'The signing service does not answer just now',
      'Your application is not lost. Please go back in a moment and try again.',
    ),
    fault: outcome(
      'Something went wrong',
      'The fault is the sample’s. Please go back and try again.',
    ),
  },
};
