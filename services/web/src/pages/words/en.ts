import { ceremonyEn } from './ceremony-en.js';
import { identityEn } from './identity-en.js';
import { passkeyEn } from './passkey-en.js';
import type { Words } from './zh.js';

/** English: every string a person sees on a page. */
export const en: Words = {
  htmlLang: 'en',
  product: 'Mandate',
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
  ...ceremonyEn,
  identity: identityEn,
  passkey: passkeyEn,
  problemTitle: 'That did not work',
  problems: {
    offline:
      'There is no connection. What you entered is still here; once you are online, choose “Try again”.',
    timeout: 'No answer came for a long time. What you entered is still here; choose “Try again”.',
    linkInvalid:
      'This link is wrong or incomplete. Go back to the institution’s page or message and open it again.',
    linkExpired: 'This link has expired. Please ask the institution for a new one.',
    frameRefused:
      'This page is embedded in a page that is not allowed to do so, so it was not opened. Please enter again from the institution’s own app or website; you have not signed anything.',
    cookieRefused:
      'Your browser does not let this page remember your progress inside the institution’s page. Please continue in a new page.',
    fullPageOnly:
      'This authorization is an important one: it is signed in a page of its own, where you can see the address in the address bar.',
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
    pauseRunning:
      'For your protection there is a pause before a code can be sent. Take your time; you need not sign at all.',
    resendLimit: 'No more codes can be sent now. Try again later or contact the institution.',
    identityRequired:
      'Who you are must be checked first, or the check was too long ago. Please do it once more.',
    identityFailed:
      'The provider did not confirm these details. Nothing was signed. Check them and try again, or choose another way.',
    identityUnavailable:
      'The provider does not answer at the moment. That is not your fault and takes no try away. Try again later, or choose another way.',
    identityExhausted:
      'This check was tried too often today. Choose another way, try again tomorrow, or contact the institution.',
    measureMissing:
      'This letter needs every confirmation shown here. Please complete each of them.',
    passkeyInvalid:
      'The passkey did not confirm this letter. Please try again; unlock your device when it asks.',
    passkeyCancelled:
      'The passkey was not used: it was cancelled, took too long, or is not on this device. Nothing has been signed; please try again.',
    passkeyPresent: 'This device has a passkey for this site already; please use it.',
    passkeyUnknown:
      'This passkey is not the one you set up here. Choose another, or set one up on this device.',
    passkeyFramed:
      'This letter needs a passkey, which does not work inside another page. Go on in a page of its own. For your safety you read and accept the letter again there.',
    passkeyRevoked:
      'This passkey was removed and can no longer be used. Choose another or set one up; and delete it among the passwords of your device.',
    passkeyWaiting:
      'This passkey is new. So that nobody can set one up and use it within one telephone call, it signs a day after it was set up. Use an older one if you have one, or come back tomorrow.',
    confirmationExpired:
      'Your confirmation has run out. Please get a new code. Nothing has been signed.',
    newKey:
      'It was not signed this time, and your confirmation is still good. Choose “Try again”; a new one-time key will be made.',
    materialWrong:
      'Your browser found that what it was given to sign is not the letter you read, so it did not sign. Do not try again; contact the institution and tell them this sentence.',
    letterWrong:
      'The letter received does not match its registered digest, so it is not shown. Choose “Try again”; if it stays, contact the institution.',
    usesOver: 'This authorization has ended or all its uses are made; it cannot be used any more.',
    withdrawnAlready: 'This authorization has been withdrawn; it cannot be used any more.',
    onHold: 'This authorization is disputed. Until that is settled it cannot be used.',
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
    imageRefused:
      'This picture cannot be kept: send a JPEG or PNG that is complete, not animated, neither tiny nor huge.',
    imageLimit: 'No more pictures are kept here. Remove one first.',
    necessaryRefused:
      'Without the recipient it is for, this letter cannot be signed. Choose anew, or choose “I refuse”.',
    badInput: 'Something entered is not right. Please check and try again.',
    gone: 'The personal data of this letter has been deleted on schedule; it can no longer be opened.',
    restricted:
      'The personal data of this letter are only kept, because the law asks for it, and are not opened any more.',
    internal:
      'Something went wrong on our side. What you entered is still here; try again later, or contact the institution.',
  },
  reference: 'Reference',
  verify: {
    title: 'Verify a file',
    lead: 'Check whether a file is genuine and unaltered: a signed letter (PDF), an evidence bundle (.asice), a report, a receipt, a status list, a checkpoint or proof of the ledger.',
    privacy: 'The file is sent to this site for checking and is not kept.',
    offline: 'Verify without this site',
    offlineText:
      'If you would rather not give us the file, or not take our word: download the verifier and the trust anchors and check on your own computer (Node.js 20 or newer, no network). Compare the verifier’s digest with one from elsewhere, for instance from a report.',
    offlineFile: 'FILE',
    notTogether: 'The file itself holds, but it does not fit what was given with it.',
    together: 'Check it together with another file',
    togetherText:
      'Give the letter or bundle it is about, the ledger proof or the status list: then some of what was not checked can be.',
    choose: 'Choose a file',
    drop: 'or drop it here',
    checking: 'Checking…',
    another: 'Check another file',
    lookup: 'Lookup code',
    lookupText:
      'This lookup code is from the QR code you scanned; it must be the one printed on the paper. To check the content, choose the letter’s file.',
    lookupSame: 'the same as in the QR code',
    lookupOther: 'not the one in the QR code: this is not the letter on that paper',
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
    kind: 'Kind of file',
    kinds: {
      bundle: 'Evidence bundle',
      filing: 'Filing of reports',
      letter: 'Letter',
      'sealed-report': 'Report',
      pdf: 'PDF',
      receipt: 'Receipt',
      'status-list': 'Status list',
      checkpoint: 'Ledger checkpoint',
      proof: 'Ledger proof',
      report: 'Data of a report',
      unknown: 'Unknown format',
    },
    fact: 'Fact it confirms',
    factKinds: {
      redemption: 'Use',
      withdrawal: 'Withdrawal',
      hold: 'Dispute',
      'hold-resolution': 'End of a dispute',
      end: 'Reported end',
      release: 'Data handed to a recipient',
      restriction: 'Restriction',
      erasure: 'Erasure',
      'id-image-destruction': 'Destruction of an ID picture',
    },
    issuer: 'Issuer',
    happenedAt: 'At',
    actableUntil: 'May be acted on until',
    inForceUntil: 'In force until',
    status: 'Status',
    statuses: {
      valid: 'valid',
      invalid: 'no longer valid',
      suspended: 'disputed, suspended',
    },
    since: 'Since signing',
    sinceText: (at, counted, allowed, per) =>
      `as of ${at}, as the operator states: used ${counted} of at most ${allowed}${per ? ` per ${per}` : ''}`,
    sinceStates: {
      withdrawn: 'withdrawn, no longer usable',
      open: 'disputed, on hold',
      upheld: 'dispute upheld, no longer usable',
      ended: 'ended, no longer usable',
      restricted: 'data in storage only, no longer usable',
    },
    ledgerOrigin: 'Ledger',
    ledgerSize: 'Entries in the ledger',
    cosigners: 'Witnesses',
    entry: 'Ledger entry',
    reportMade: 'Report made at',
    reportVerdict: 'Verdict of the report',
    reportAbout: 'File it is about (SHA-256)',
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
    own: 'My authorizations',
    ownText: 'See what you signed and who used it; withdraw at any time',
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
    refresh: 'New messages appear by themselves',
    to: 'To',
    at: 'At',
  },
  error: { title: 'Something went wrong', home: 'Home' },
};
