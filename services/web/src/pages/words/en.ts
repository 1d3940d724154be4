import type { Words } from './zh.js';

/** English: every string a person sees on a page. */
export const en: Words = {
  htmlLang: 'en',
  product: 'Mandate',
  productLine: 'One authorization for one thing, signed by you, provable by anyone',
  otherLanguage: '中文',
  otherLanguageLabel: '切换为中文',
  largePrint: 'Large print',
  skip: 'Skip to content',
  tryAgain: 'Try again',
  close: 'Close',
  back: 'Back',
  open: 'Open',
  workingOn: 'One moment…',
  seconds: (n) => `${n} s`,
  shell: {
    title: 'Sign an authorization',
    opening: 'Opening your authorization…',
    noScript:
      'This page needs JavaScript: the one-time key you sign with is made only in your browser. Please allow JavaScript and come back.',
    slow: 'If nothing changes, open the link from the institution in your phone’s own browser or a recent Chrome, Edge or Safari.',
  },
  insecure: {
    title: 'You cannot sign on this page here',
    text: 'The key you sign with can only be made by your browser over a secure connection (https). This connection is not secure, or the browser is too old.',
    next: 'Open the link that begins with https://, or use your phone’s own browser or a recent Chrome, Edge or Safari. Nothing has been signed.',
  },
  steps: { gate: 'Check', read: 'Read', code: 'Code', done: 'Done', label: 'Signing steps' },
  gate: {
    title: 'First, confirm it is you',
    lead: (institution) => `${institution} asks you to authorize one thing.`,
    text: 'To protect your personal data, please enter the last six characters of your ID number first.',
    label: 'Last six characters of your ID number',
    hint: 'Digits or letters, for example 01234X',
    incomplete: 'Please enter all six characters.',
    submit: 'Continue',
    triesLeft: (n) => (n === 1 ? 'You can try once more.' : `You can try ${n} more times.`),
  },
  read: {
    title: (institution) => `${institution} asks for your authorization`,
    lead: 'Read the key terms first, then the whole letter. You may say no.',
    you: 'Signing',
    letterNumber: 'Letter number',
    terms: 'Key terms',
    letter: 'The whole letter',
    letterText: 'This is the document you will sign. Not one character of it will change.',
    letterLoading: 'Fetching the letter…',
    letterDrawing: 'Showing the letter…',
    letterFailed: 'The letter could not be shown. Do not continue without seeing it.',
    pages: (n) => (n === 1 ? '1 page' : `${n} pages`),
    page: (n, of) => `Letter, page ${n} of ${of}`,
    larger: 'Larger',
    smaller: 'Smaller',
    asText: 'Read the letter as plain text',
    checkCode: 'Check code',
    checkCodeText: 'The text message must show the same check code.',
    digestOk: 'Checked on this device: the letter shown is the one you will sign',
    digest: 'Digest (SHA-256)',
    clauses: 'Confirm one by one',
    clausesText:
      'Each of these must be ticked by you. If you do not agree with one, choose “I refuse” below.',
    clause: (n, of) => `Clause ${n} of ${of}`,
    submit: 'I have read it, continue',
    remaining: (n) => (n === 1 ? '1 clause is not ticked yet' : `${n} clauses are not ticked yet`),
    keepReading: (n) => `Please read for ${n} more s`,
    waitLetter: 'You can continue once the letter is shown',
  },
  code: {
    title: 'Confirm with a code',
    sendLead: (phone) => `A code is sent by text message to ${phone} only when you tap the button.`,
    send: 'Send me the code',
    sentLead: (phone) => `A code was sent to ${phone}.`,
    compare:
      'Compare the check code in the text message first. Enter the code only if it is the same:',
    label: 'Code from the text message',
    hint: (time) => `Enter it before ${time}`,
    hintDead: 'This code is no longer good. Send a new one.',
    incomplete: 'Enter the 6 to 8 digits from the text message.',
    submit: 'Confirm and sign',
    submitText: 'With “Confirm and sign” you put your signature on this letter.',
    resendIn: (n) => `You can send a new code in ${n} s`,
    resend: 'Send a new code',
    resendText: 'A new code makes every earlier one useless.',
    triesLeft: (n) => (n === 1 ? 'You can try once more.' : `You can try ${n} more times.`),
    warningTitle: 'Beware of fraud',
    warning:
      'Whoever asks you for the code is a fraudster, whether they claim to be customer service, the bank or the police. If somebody is guiding you right now, choose “Someone is telling me to do this”.',
  },
  sign: {
    title: 'Signing',
    text: 'Please keep this page open. It usually takes a few seconds.',
    key: 'Make a one-time key on this device',
    confirm: 'Check the code',
    certificate: 'Get the certificate for this one letter',
    check: 'Check on this device what is to be signed',
    signature: 'Sign and timestamp',
    resumeTitle: 'Continue signing',
    resumeText: (time) =>
      `Your confirmation is good until ${time}; you need no new code. The one-time key of the last try is gone, so a new one will be made.`,
    resumeTextPlain:
      'Your confirmation is still good; you need no new code. The one-time key of the last try is gone, so a new one will be made.',
    resume: 'Continue signing',
  },
  wait: {
    title: 'Your signature has arrived',
    text: 'It is being timestamped and entered in the ledger. Only then does it count as signed. This usually takes a few seconds.',
    noStamp: (until) =>
      `The timestamp service does not answer, so nothing is signed and you have authorized nothing yet. Your signature is kept and will be completed as soon as the service answers. If it has not by ${until}, it is void; please sign again with the same link.`,
    leave: 'You may leave: the same link brings you back to this step.',
  },
  done: {
    title: 'Signed',
    lead: (institution) =>
      `Your authorization for ${institution} is signed and entered in the ledger.`,
    copy: 'Save my copy (PDF)',
    copyText: 'Please keep it. Anybody can check it without trusting us.',
    verify: 'Verify this document',
    next: 'What happens next',
    nextText:
      'The institution is told that you signed. It may use the authorization only for the purpose, sources and number of uses in the letter; once used up or expired it ends by itself.',
    withdraw: 'How to withdraw',
    withdrawText:
      'You may withdraw at any time; the letter says how. Queries made before that are not affected.',
    complain: 'Complaints',
    complainText:
      'The letter names the complaint channel. If it was not you who signed, dispute it with the institution at once.',
    remind: 'Reminder',
    remindText:
      'Look at your own credit report from time to time to see who queried it: the Credit Reference Center of the People’s Bank of China gives it free twice a year.',
  },
  decline: {
    heading: 'Not sure you want this?',
    text: 'You can stop at any time and need no reason.',
    refused: 'I refuse',
    'details-wrong': 'My details are wrong',
    'not-me': 'This is not me',
    'someone-is-telling-me': 'Someone is telling me to do this',
    confirm: {
      refused: {
        title: 'Refuse this authorization?',
        text: 'The letter becomes void. The institution learns only that you did not agree. Your existing accounts and other services are not affected.',
        yes: 'Refuse and end',
      },
      'details-wrong': {
        title: 'Something in the letter is wrong?',
        text: 'Do not sign a letter with mistakes. After stopping, ask the institution to correct them; it will send you a new letter.',
        yes: 'Stop, details are wrong',
      },
      'not-me': {
        title: 'This letter is not for you?',
        text: 'The link becomes void. We tell the institution that whoever received it says it is not them.',
        yes: 'Stop, it is not me',
      },
      'someone-is-telling-me': {
        title: 'Stop right now',
        text: 'A genuine institution never directs you to sign, never asks to see your screen and never asks for a code. The code dies at once, and the institution learns only that signing stopped. Hang up and stop sharing your screen.',
        yes: 'Stop signing',
      },
    },
    no: 'Go back',
  },
  ended: {
    refused: {
      title: 'You refused',
      text: 'Nothing has been signed. The institution learns only that you did not agree. Your existing accounts and other services are not affected.',
      next: 'If you change your mind, apply to the institution again.',
    },
    'details-wrong': {
      title: 'Stopped: details are wrong',
      text: 'Nothing has been signed.',
      next: 'Ask the institution to correct your details; it will send you a new letter.',
    },
    'not-me': {
      title: 'Stopped: not you',
      text: 'Nothing has been signed, and the link is void.',
      next: 'Please delete the link and do not pass it on.',
    },
    'someone-is-telling-me': {
      title: 'Stopped. You did the right thing',
      text: 'Nothing has been signed, and the code is void. The institution learns only that signing stopped, not why.',
      next: 'Hang up, stop sharing your screen and transfer no money. In mainland China you can call the anti-fraud line 96110, or the police on 110.',
    },
    declined: {
      title: 'Signing was stopped',
      text: 'Nothing has been signed, and the code is void.',
      next: 'If you still need it, apply to the institution again.',
    },
    lapsed: {
      title: 'This letter has lapsed',
      text: 'It was not signed in time and is no longer valid.',
      next: 'If you still need it, apply to the institution again.',
    },
    failed: {
      title: 'It could not be signed',
      text: 'Signing did not complete. You have authorized nothing.',
      next: 'Please ask the institution for a new letter.',
    },
    other: {
      title: 'This signing has ended',
      text: 'The letter can no longer be signed.',
      next: 'If you have questions, contact the institution.',
    },
  },
  problemTitle: 'That did not work',
  problems: {
    offline:
      'There is no connection. What you entered is still here; once you are online, choose “Try again”.',
    timeout: 'No answer came for a long time. What you entered is still here; choose “Try again”.',
    linkInvalid:
      'This link is wrong or incomplete. Go back to the institution’s page or message and open it again.',
    linkExpired: 'This link has expired. Please ask the institution for a new one.',
    linkUsed: 'This entry has already been used. Please enter again from the institution’s page.',
    visitOver:
      'You were away too long, or changed the browser. Open the link from the institution again; you will be back at the same step.',
    gateMismatch: 'This does not match the ID number on record. Please check and enter it again.',
    gateLocked:
      'Too many wrong tries; it is locked for now. Contact the institution. If this letter is not for you, please stop trying.',
    outOfOrder: 'The page was no longer at the latest step. It has been brought up to date.',
    noChallenge: 'No code has been sent yet. Choose “Send me the code” first.',
    codeExpired: 'The code has expired. Choose “Send a new code”.',
    codeDead: 'This code is void. Choose “Send a new code”.',
    codeWrong: 'The code is not right. Look at the newest text message.',
    codeTries: 'Too many wrong tries; this code is void. Choose “Send a new code”.',
    resendSoon: 'A code was sent just now. Please wait a little.',
    resendLimit: 'No more codes can be sent now. Try again later or contact the institution.',
    confirmationExpired:
      'Your confirmation has run out. Please get a new code. Nothing has been signed.',
    newKey:
      'It was not signed this time, and your confirmation is still good. Choose “Try again”; a new one-time key will be made.',
    materialWrong:
      'Your browser found that what it was given to sign is not the letter you read, so it did not sign. Do not try again; contact the institution and tell them this sentence.',
    letterWrong:
      'The letter received does not match its registered digest, so it is not shown. Choose “Try again”; if it stays, contact the institution.',
    keyOrigin: 'This letter may not be signed in this way. Open the link in a more recent browser.',
    stampUnavailable:
      'The timestamp service does not answer, and without a timestamp nothing counts as signed. Your signature is kept and will be completed as soon as the service answers: you may wait here. If that takes more than a few minutes, it is void and you will be asked to sign again.',
    smsUnavailable:
      'Text messages cannot be sent right now. Please try again later; what you entered is still here.',
    tooMany: 'That was too often. Please wait a little and try again.',
    busy: 'The service is busy. What you entered is still here; choose “Try again” a little later.',
    notFound:
      'This page or file was not found. Check the address, or open the link from the institution again.',
    forbidden: 'This cannot be done here. Open the link from the institution again.',
    tooLarge: 'The file is too large. Choose the letter (PDF) or the evidence bundle itself.',
    notReadable:
      'This file cannot be read: it is neither a letter nor an evidence bundle, or it is damaged.',
    badInput: 'Something entered is not right. Please check and try again.',
    gone: 'The personal data of this letter has been deleted on schedule; it can no longer be opened.',
    internal:
      'Something went wrong on our side. What you entered is still here; try again later, or contact the institution.',
  },
  reference: 'Reference',
  verify: {
    title: 'Verify a letter',
    lead: 'Check whether a signed letter (PDF) or evidence bundle (.asice) is genuine and unaltered.',
    privacy:
      'The file is sent to this site for checking and is not kept. You can also verify offline: npx mandate verify FILE',
    choose: 'Choose a file',
    drop: 'or drop it here',
    checking: 'Checking…',
    another: 'Check another file',
    lookup: 'Lookup code',
    lookupText:
      'This lookup code is from the QR code you scanned; it must be the one printed on the paper. To check the content, choose the letter’s file.',
    file: 'File',
    fileDigest: 'Digest of the file (SHA-256)',
    verdict: {
      'TOTAL-PASSED': {
        title: 'Verified',
        text: 'The signature is valid and the content is unaltered.',
      },
      INDETERMINATE: {
        title: 'Cannot be determined',
        text: 'No sign of alteration was found, but there is not enough material for a conclusion. See the items below.',
      },
      'TOTAL-FAILED': {
        title: 'Not valid',
        text: 'Do not rely on this file: its signature is invalid or its content was altered.',
      },
    },
    claims: 'Conclusions',
    letterNumber: 'Letter number',
    subject: 'Signed by',
    institution: 'Authorized institution',
    purpose: 'Purpose',
    signedAt: 'Timestamp',
    checkCode: 'Check code',
    facts: 'What the file says',
    findings: 'Findings',
    finding: (n) => (n === 1 ? '1 check' : `${n} checks`),
    notChecked: 'What was not checked',
    json: 'Download the result (JSON)',
    at: 'Checked at',
    honest:
      'This page says only what was checked. It is neither a forensic opinion nor a notarial act.',
  },
  home: {
    title: 'Mandate',
    lead: 'One authorization for one thing: signed by the person, provable by anyone, years later.',
    development: 'Trial environment',
    developmentText:
      'This is a trial: no text message is really sent, and certificates come from a self-operated authority without legal standing.',
    sample: 'Sign a sample authorization',
    sampleText: 'Individual credit-report inquiry',
    inbox: 'SMS sandbox',
    inboxText: 'Codes of the trial appear here',
    verify: 'Verification page',
    verifyText: 'Check a letter or an evidence bundle',
    api: 'API reference',
    apiText: 'OpenAPI 3.1',
    ledger: 'Ledger checkpoint',
    ledgerText: 'The newest checkpoint, a signed note',
    linkHint: 'To sign, open the link the institution gave you.',
  },
  inbox: {
    title: 'SMS sandbox',
    lead: 'Text messages that would have been sent. It exists in the trial environment only.',
    empty: 'No messages yet. They appear after “Send me the code” on the signing page.',
    refresh: 'Refreshes every 5 seconds',
    to: 'To',
    at: 'At',
  },
  error: { title: 'Something went wrong', home: 'Home' },
};
