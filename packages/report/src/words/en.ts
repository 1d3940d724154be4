import type { IdentityCheck } from '@mandate/core';
import type { ChoiceFacts } from '@mandate/verify';
import { partsEn } from './parts-en.js';
import type { ReportWords } from './report-words.js';

export const en: ReportWords = {
  ...partsEn,
  title: 'Digital Signature Verification Report',
  number: 'Report number',
  madeAt: 'Made',
  scan: 'Verification page',
  page: (n, total) => `Page ${n} of ${total}`,
  attachment: 'The data of this report (JSON)',
  verdict: {
    'TOTAL-PASSED': 'Signature valid',
    INDETERMINATE: 'Undecided',
    'TOTAL-FAILED': 'Not valid',
  },
  conclusion: {
    'TOTAL-PASSED': () => 'The letter is unchanged since it was signed.',
    INDETERMINATE: (reason) =>
      `The signature can be neither confirmed nor rejected for now. Reason: ${reason}.`,
    'TOTAL-FAILED': (reason) => `Do not rely on this file. Reason: ${reason}.`,
  },
  standard: (indication) => `${indication} (ETSI EN 319 102-1)`,
  unproven: 'The file itself states the following. It is not proven:',
  notCompared: 'Read from the data inside the letter, not compared with its pages:',
  nothingStated: 'The file holds no authorization that can be read.',
  front: {
    who: 'Signed by',
    whoText: (name, idNumber) => `${name} (ID ${idNumber})`,
    toWhom: 'Given to',
    what: 'What for',
    when: 'Signed',
    noTime: 'No time is proven',
    until: 'Until',
    uses: 'Allowed',
    usable: 'Still usable?',
    usedBy: 'Used by',
    times: 'Beijing time',
  },
  shortLevel: {
    E1: "Evidence level E1, the lowest: who signed, and whether freely, rests on the operator's records.",
    E2: 'Evidence level E2 of 4: others confirmed the details; who acted rests on the operator.',
    E3: 'Evidence level E3 of 4: others checked the person at signing.',
    E4: 'Evidence level E4, the highest: others checked the person; a device registered days before confirmed.',
    none: 'Evidence level: none.',
  },
  shortHonesty: "Certified by the operator's own system, not by a licensed service.",
  sealNote: "Void without the operator's valid seal.",
  stamp: 'Electronic seal',
  noFindings: 'The file holds nothing that could be checked here.',
  trailNote:
    "Each record holds the digest of the one before. Times are those of the operator's clock (UTC); only the time of signing is proven, by the timestamp.",
  noTrail: 'The file holds no process log that can be read.',
  trailHead: ['No.', 'Time', 'Step', 'Recorded by'],
  events: {
    requested: 'Authorization requested',
    presented: 'Letter shown to the subject',
    challenged: 'Code sent',
    confirmed: 'Subject confirmed',
    signed: 'Signed',
    released: 'In the ledger, released',
    declined: 'Subject declined',
    lapsed: 'Lapsed',
    failed: 'Signing failed',
    'confirmation-refused': 'Code refused',
    'identity-checked': 'Identity check',
    'passkey-registered': 'Passkey registered',
    'passkey-revoked': 'Passkey ended',
    'attempt-issued': 'Scene certificate issued',
    'attempt-voided': 'Attempt voided',
    'report-made': 'Report made',
    redeemed: 'Used',
    'redemption-confirmed': 'Use completed',
    'redemption-released': 'Use failed, given back',
    withdrawn: 'Withdrawn by the subject',
    held: 'Disputed, on hold',
    'hold-resolved': 'Dispute resolved',
    ended: 'Ended by the agreed event',
    'data-released': 'Data of the subject released to a recipient',
    restricted: 'Personal data restricted to storage',
    erased: 'Personal data erased',
    'id-image-kept': 'Picture of an identity document kept',
    'id-image-destroyed': 'Picture of an identity document destroyed',
  },
  by: {
    web: 'web',
    ra: 'registration',
    ca: 'certification',
    ledger: 'ledger',
    worker: 'worker',
    desk: 'desk',
  },
  level: {
    E1: 'E1 (the lowest of four)',
    E2: 'E2 (the second of four)',
    E3: 'E3 (the third of four)',
    E4: 'E4 (the highest of four)',
    none: 'None',
  },
  levelReasons: {
    'operator-word':
      'The records of the identity check and of the confirmation are made by the operator; nothing signed by anybody else supports them.',
    'browser-key':
      "The signing key was made and used in the subject's browser. That does not raise the level: the operator would be able to stage the whole ceremony.",
    'software-key':
      "The signing key was made, used and dropped within one call of the operator's program.",
    'sms-not-independent':
      'The SMS code comes with no receipt of an independent carrier, and does not show who held the phone.',
    'no-identity-provider': 'No independent identity provider vouches for this scene.',
    'identity-key-missing':
      'An identity provider signed a receipt, but its key is not among the trust anchors; so the receipt does not count here.',
    'identity-compared':
      'An identity provider signed, for this letter, that the personal details belong together. It does not show that the person was there.',
    'identity-present':
      'An identity provider signed, for this letter, that the person answered it or was recognised by it.',
    'identity-asserted':
      'The institution asserted who the person is. That is its own word and does not raise the level.',
    'passkey-enrolment-not-shown':
      'A passkey answered; that it had been enrolled days before, which only the ledger could prove, is not shown.',
    'passkey-enrolled-before':
      'The passkey that answered had been registered two days before and more, in a checkpoint of the ledger that witnesses signed then; the operator cannot have made that up afterwards.',
    'passkey-person-not-shown':
      "Whose passkey it is rests on the operator's records; with a check of the person by somebody else it would be E4.",
    'no-enrolled-passkey': 'There is no signature by a passkey the subject had enrolled before.',
    'not-established':
      'Integrity, identity, intent and time did not all pass, so no level is given.',
  },
  voucherHead: ['Fact', 'Whose word it is'],
  vouchers: {
    content: () => [
      'Nothing was changed after signing',
      "Nobody's: it is recomputed from digests and signature values",
    ],
    time: (name) => ['When the signature existed', `The timestamp authority: ${name}`],
    'key-holder': (name) => [
      "The certified key is the subject's",
      `The issuer of the certificate: ${name}`,
    ],
    'personal-details': (name) => [
      'Name, ID number and phone',
      `${name}, which supplied them; not compared with an independent source`,
    ],
    'gate-last-six': () => [
      'Whoever opened the letter knew the last six characters of the ID number',
      "The operator's records",
    ],
    'gate-institution': (name) => [
      'Whoever opened the letter was the subject, logged in',
      `${name}, which asserted it`,
    ],
    code: () => ['The code went to that phone and came back right', "The operator's records"],
    passkey: () => [
      'A passkey registered for the subject answered, its owner verified by the device',
      "The passkey's signature; whose it is, the operator's records",
    ],
    'identity-provider': (name) => [
      'A provider confirmed the personal details or the person',
      `${name}, by a receipt; whether its signature was checked stands among the findings`,
    ],
    'identity-institution': (name) => [
      'The person is a known customer',
      `${name}, which asserted it`,
    ],
    'identity-simulated': () => ['A simulated identity check', 'Nobody: nothing was compared'],
    'key-origin': () => ['The key was made where the certificate says', "The operator's assertion"],
    shown: () => ['What was shown before signing', "The operator's records"],
    ledger: (name) => [
      'The signature is recorded in the ledger',
      `The ledger key: ${name}, run by the operator; no trusted witness signed it`,
    ],
    'ledger-witnessed': (name) => [
      'The signature is recorded in the ledger',
      `The ledger key and its witnesses: ${name}`,
    ],
  },
  noVouchers: 'Nothing passed that anybody could vouch for.',
  please: 'Please note:',
  honesty: ({ timestamps }) => [
    "The scene certificate and the seal's certificate are issued by the operator's own system, which is not an electronic certification service licensed under articles 16 to 18 of the Electronic Signature Law of the People's Republic of China.",
    timestamps === 'self-operated'
      ? "The timestamp comes from the operator's own timestamp service, not from an independent third party."
      : 'The timestamp comes from the other operator its certificate names.',
    'What holds: nobody, the operator included, can sign again later under the used certificate or alter the letter without that being found.',
    'What does not: at level E1 the operator alone could have fabricated a consent at the time; whoever holds the certificate, timestamp and ledger keys together could back-date one.',
    'That a key in software was destroyed cannot be proven. SMS is the weakest link.',
    'This report is the result of a technical verification. It is neither a forensic expert opinion nor a notarial act; what it is worth is for the court to judge.',
  ],
  repeat: {
    before: ({ publicUrl, input }) =>
      `Put ${
        input.kind === 'bundle'
          ? 'the bundle, named evidence.asice,'
          : 'the signed letter, named letter-signed.pdf,'
      } and the three root certificates scene-root.crt, seal-root.crt and timestamp-root.crt (published at ${publicUrl}/pki/; compare their digests with those published elsewhere) into one empty folder and run these commands in order. The tools are openssl 3.0 and poppler-utils.`,
    none: 'The file cannot be taken apart, so there is nothing to repeat with common tools. This command repeats the check:',
    ours: 'The open-source command makes every check at once, the inclusion proof in the ledger included:',
    page: 'The screens the subject saw can be drawn again where the build of the server is installed that stands under "Annex: facts for recomputation". What comes out is a reconstruction, not a recording; any other build refuses:',
  },
  statementRows: {
    institution: 'Institution',
    subject: 'Subject',
    idType: 'ID type',
    idNumber: 'ID number',
    phone: 'Phone',
    purpose: 'Purpose',
    items: 'Information',
    sources: 'Sources',
    recipients: 'Recipients',
    refused: 'Refused at signing',
    undecided: 'Optional; the choice is in the bundle',
    none: 'none',
    from: 'From',
    end: 'Until',
    uses: 'Uses',
    letterNumber: 'Letter number',
    businessReference: 'Business reference',
  },
  facts: {
    note: 'Digests are SHA-256 in hexadecimal; times are UTC (RFC 3339).',
    file: 'File verified',
    size: 'Size',
    sealedBundle: 'Bundle as sealed',
    records: 'Letter and records',
    letter: 'Letter as shown',
    checkCode: 'Check code',
    signedLetter: 'Letter as signed',
    terms: 'Terms',
    scene: 'Scene',
    challenge: 'Challenge',
    presentation: 'Presentation record',
    pageBuild: 'Build of the signing page',
    serverBuild: 'Build of the server; source',
    choices: 'Choices',
    choicesText: ({ accepted, refused }) =>
      `accepted: ${named(accepted)}; refused: ${named(refused)}`,
    evidenceRoot: 'Evidence at confirmation',
    signature: 'Signature',
    byteRange: 'Bytes covered',
    messageDigest: 'Digest of the signed bytes',
    signatureValue: 'Digest of the signature value',
    claimedAt: 'Time claimed in the file',
    claimedNote: ' (proves no time)',
    certificate: 'Scene certificate',
    holder: 'Holder',
    issuer: 'Issuer',
    validity: 'Validity',
    digest: 'Digest',
    keyOrigin: 'Key made in',
    keyOrigins: {
      browser: "the subject's browser (operator's assertion)",
      hsm: "a cryptographic device (operator's assertion)",
      software: "one call of the operator's program",
    },
    issuers: 'Certificates above',
    serial: 'Serial number',
    token: 'Signature timestamp',
    time: 'Time',
    accuracy: 'Accuracy',
    policy: 'Policy',
    authority: 'Timestamp authority',
    revocation: 'Certificate status',
    status: 'Status',
    statuses: { good: 'good', revoked: 'revoked', unknown: 'unknown' },
    producedAt: 'Produced',
    nextUpdate: 'Next update',
    ledger: 'Ledger',
    origin: 'Ledger',
    index: 'Entry',
    checkpoint: 'Entries at checkpoint',
    root: 'Root at checkpoint',
    recordedAt: 'Recorded',
    signers: 'Checkpoint signed by',
    cosigner: 'Witness',
    noCosigner: 'no trusted witness signed',
    ledgerCopy: 'The whole ledger as searched',
    recorded: 'All entries about it',
    copyStamp: 'First stamped checkpoint with it',
    registration: 'Passkey registration witnessed',
    documentTimestamps: 'Archive timestamps',
    seal: 'Seal of the bundle',
    sealedAt: 'Sealed',
    code: 'Code record',
    codeText: ({ digits, tries, madeAt, checkedAt, channel, reports = [] }) =>
      `${channel === 'voice' ? 'voice call' : 'text message'}, ${digits} digits, made ${madeAt}, checked ${checkedAt} (try ${tries})` +
      reports
        .map(
          ({ gateway, status, receivedAt }) =>
            `; gateway ${gateway} reported ${receivedAt}: ${status === 'delivered' ? 'delivered' : 'not delivered'}`,
        )
        .join('') +
      (reports.length > 0 ? ' (as the operator was told; nobody outside signed it)' : ''),
    passkey: 'Passkey record',
    identity: 'Identity check',
    identityText: ({
      check,
      operator,
      simulated,
      outcome,
      checkedAt,
      reference,
      receipt,
      vouchedBy,
      how,
    }) =>
      [
        `${simulated ? 'SIMULATED ' : ''}${IDENTITY[check]}`,
        operator,
        outcome === 'match' ? 'confirmed' : 'not confirmed',
        checkedAt,
        `no. ${reference}`,
        ...(vouchedBy ? [`by ${vouchedBy}`] : []),
        ...(how ? [how] : []),
        RECEIPTS[receipt],
      ].join(', '),
    set: 'Signed in one sitting',
    setText: ({ position, letters, checkCode }) =>
      `letter ${position} of ${letters.length}, confirmed together; check code in message and page ${checkCode}; digests ${letters.join(' ')}`,
    passkeyText: ({ rpId, credential, checkedAt, registeredAt }) =>
      `${rpId}, credential ${credential}, registered ${registeredAt}, checked ${checkedAt}`,
    tools: 'Verified with',
    judgedAt: 'Judged for',
    fileHead: ['File and SHA-256 digest', 'Bytes'],
  },
};

const IDENTITY: Readonly<Record<IdentityCheck, string>> = {
  'police-id': "check against the police's authoritative source",
  'network-id': 'national network identity',
  'carrier-name': 'real-name check by the carrier',
  'bank-card': 'bank card check',
  face: 'face check by the provider',
  institution: 'assertion by the institution',
};

const RECEIPTS = {
  verified: "the provider's signature holds",
  'not-checked': "the provider's signature was not checked",
  none: 'no signature',
};

const named = ({ items, recipients }: ChoiceFacts['accepted']): string =>
  [...items, ...recipients].join('; ') || 'none';
