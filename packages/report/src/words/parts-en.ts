import type { PartWords } from './part-words.js';

export const partsEn: PartWords = {
  contents: 'Contents',
  parts: {
    application: 'Application and materials',
    basis: 'Basis',
    environment: 'Tools and environment',
    statement: 'What was authorized',
    summary: 'Summary of results and evidence level',
    identity: 'Report 1: identity',
    issuance: 'Report 2: certificate issuance',
    signature: 'Report 3: electronic signature',
    content: 'Content and intent',
    process: 'Process log and timeline',
    later: 'Uses, withdrawal and disputes',
    ledger: 'Ledger and sealing',
    court: 'The six points of article 11 (Provisions on Internet Courts)',
    limbs: 'The four conditions of article 13 (Electronic Signature Law)',
    vouchers: 'Who vouches for what',
    notChecked: 'What was not checked',
    conclusion: 'Conclusion',
    repeat: 'How to repeat this without us',
    evidence: 'List of evidence',
    facts: 'Annex: facts for recomputation',
    files: 'Annex: files in the bundle',
  },
  partNumber: (n) => `${n}. `,
  plainReason: {
    integrity: (broken) =>
      broken
        ? 'the file was changed, is damaged, or is not the file it should be'
        : 'it cannot be told whether the file is unchanged',
    identity: (broken) =>
      broken
        ? 'the signature does not belong to the person named'
        : 'who signed cannot be confirmed from what is at hand',
    intent: (broken) =>
      broken
        ? 'the records of the consent contradict each other'
        : 'the consent is not fully recorded',
    time: (broken) =>
      broken ? 'the time of signing contradicts other records' : 'no reliable time of signing',
    scope: (broken) =>
      broken ? 'the pages differ from what was registered' : 'the pages could not be compared',
    'single-signature': (broken) =>
      broken
        ? 'another signature was registered, not this one'
        : 'the registered signature is not proven',
    ledger: (broken) =>
      broken
        ? 'the public record contradicts the file'
        : 'nothing shows that the signature is on record',
  },
  application: {
    applicant: 'Applicant',
    applicants: {
      institution: 'The institution, through the interface',
      subject: 'The subject',
      desk: "The operator's disputes desk",
      'not-named': 'not recorded',
    },
    matter: 'Asked for',
    matterText: (kind) =>
      kind === 'bundle'
        ? 'Verification of the evidence bundle of an authorization: whether the signature is valid and the content unchanged; who signed, when and for what'
        : 'Verification of the file: whether its signature is valid and its content unchanged',
    number: 'Report number',
    madeAt: 'Made',
    head: ['Material and SHA-256 digest', 'Bytes'],
    materials: {
      bundle: 'Evidence bundle (the file handed in)',
      file: 'The file handed in',
      letter: 'The letter as shown to the subject',
      'signed-letter': 'The signed letter',
      'anchor-scene': 'Trust anchor: root of scene certificates',
      'anchor-seal': "Trust anchor: root of the organisation's seals",
      'anchor-timestamp': 'Trust anchor: root of timestamps',
      'anchor-ledger': 'Trust anchor: key of the ledger',
    },
    anchorNote:
      'Trust anchors are never taken from the file. Compare them with the digests the operator publishes elsewhere.',
  },
  basis: {
    'signature-law':
      "Electronic Signature Law of the People's Republic of China, articles 4–6, 13, 14, 16–18",
    'internet-courts':
      "Supreme People's Court, Provisions on the Trial of Cases by Internet Courts (Fa Shi [2018] No. 16), article 11",
    'online-litigation':
      "Supreme People's Court, Rules of Online Litigation (Fa Shi [2021] No. 12), articles 16–19",
    'jr-0299':
      'JR/T 0299-2024 (electronic authorization in personal credit reporting): its division into three reports only, after public descriptions; no conformity was assessed',
    'etsi-319102': 'ETSI EN 319 102-1: procedure of validation and its words',
    'etsi-319142':
      'ETSI EN 319 142-1 (PAdES), EN 319 122-1 (CAdES), EN 319 162-1 (ASiC): formats of signature and container',
    'etsi-119102':
      'ETSI TS 119 102-2: structure of validation reports (this report exists in that XML as well)',
    'rfc-3161': 'RFC 3161, RFC 5816: timestamps',
    'rfc-5280': 'RFC 5280, RFC 6960: certificates and their status',
    tlog: 'RFC 6962, C2SP tlog-tiles and tlog-proof: ledger and proofs of inclusion',
  },
  environment: {
    tools: 'Verified with',
    judgedAt: 'Judged for',
    manner: 'Manner',
    mannerText:
      'By the operator\'s open-source program on the operator\'s server, offline: nothing was fetched, and neither trust anchors nor times were believed because the file says so. Anybody can repeat it on a computer of their own; see "How to repeat this without us".',
  },
  counts: ({ passed, failed, indeterminate, 'not-checked': skipped }) =>
    [
      `${passed + failed + indeterminate + skipped} checks: ${passed} passed`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(indeterminate > 0 ? [`${indeterminate} indeterminate`] : []),
      ...(skipped > 0 ? [`${skipped} not checked`] : []),
    ].join(', ') + '.',
  leads: {
    identity:
      'Who the subject is, how that was checked, and whose word it is. Personal details are masked in this report.',
    issuance:
      'Whether the scene certificate was issued for this letter, this act and this key alone, and was valid when it signed.',
    signature:
      'Signature value, signed content and timestamp. One byte changed after signing, and these checks fail.',
    content:
      'Whether what the subject saw, confirmed and signed is the same, and optional items were chosen one by one.',
    process: 'Whether the process log is one unbroken chain, its steps complete and in order.',
    later:
      'Whether the supplements made after signing form one sealed chain, and receipts agree with the ledger.',
    ledger:
      'Whether the signature is recorded in the append-only ledger, and whether it is this very signature.',
    bundle: 'Whether the bundle is complete and unchanged since it was sealed.',
  },
  timeline: {
    note: "Beijing time (UTC+8); distances are not to scale. Hollow: the operator's clock. Solid: a time proven by a timestamp.",
    what: {
      'code-delivered': 'SMS gateway reported delivery',
      'code-not-delivered': 'SMS gateway reported no delivery',
      'signature-stamped': 'Signature timestamped',
      'status-answered': 'Certificate status obtained',
      'bundle-sealed': 'Bundle sealed and timestamped',
      'in-ledger': 'Recorded in the ledger',
      archived: 'Archive timestamp',
    },
    operator: "operator's clock",
    timestamp: 'proven by timestamp',
    validity: 'scene certificate valid',
    gap: (ms) => gapEn(ms),
  },
  later: {
    none: 'The file holds no records of the time after signing; so this report does not cover uses, withdrawal and disputes.',
    asOf: (at, generation) =>
      `What the operator stated as of ${at} (supplement ${generation} of the bundle, under a seal of its own).`,
    counted: ({ counted, allowed, per }) =>
      `Uses counted: ${counted}, of at most ${allowed}${per ? ` per ${per}` : ''}.`,
    older: (count) => `${count} older ones stand in the data of this report and in the bundle.`,
    noFacts: 'No use, withdrawal or dispute until then.',
    head: ['Time (Beijing)', 'What', 'By whom, from where, which data'],
    kinds: {
      redemption: 'Used',
      withdrawal: 'Withdrawn',
      hold: 'Disputed, on hold',
      'hold-resolution': 'Dispute resolved',
      end: 'Ended by the agreed event',
      release: 'Data of the subject released to a recipient',
      restriction: 'Personal data restricted to storage',
      erasure: 'Personal data erased',
      'id-image-destruction': 'Image of an identity document destroyed',
      unknown: 'Another record',
    },
    givenBack: ' (failed, given back)',
    reserved: ' (reserved, not confirmed)',
    by: { subject: 'the subject', institution: 'the institution' },
    outcomes: {
      upheld: 'upheld',
      rejected: 'rejected',
      retracted: 'retracted by the subject',
      'loan-settled': 'loan settled',
    },
    accesses: (count) => `Access register, ${count} entries, without personal data:`,
    accessHead: ['Time (Beijing)', 'Who', 'Purpose'],
  },
  usable: {
    open: (at) => `Yes, as of ${at}`,
    'not-told': () => 'Not told by this file; ask the operator',
    'not-established': () => 'Do not use it on this basis',
    'not-begun': (at) => `Not before ${at}`,
    ended: (at) => `No: ended ${at}`,
    withdrawn: (at) => `No: withdrawn ${at}`,
    'on-hold': (at) => `No: disputed since ${at}`,
    upheld: (at) => `No: dispute upheld ${at}`,
    'used-up': (at) => `No: used up ${at}`,
    restricted: (at) => `No: data kept in storage only since ${at}`,
  },
  left: (usable, uses) => `${usable}; ${uses} left`,
  used: {
    notTold: 'Not told by this file',
    never: 'Nobody so far',
    by: (who, times, lastDay) =>
      `${who}, ${times === 1 ? 'once' : `${times} times`}${lastDay ? `,${times === 1 ? '' : ' last'} ${lastDay}` : ''}`,
    parties: (named, more) => named.join('; ') + (more > 0 ? `; and ${more} more` : ''),
    from: (source) => `from ${source}`,
  },
  court: {
    environment: [
      'Whether the hardware and software environment of making, collecting, storing and sending is safe and reliable',
      "Compared: the chain of the process log, the build of the signing page, the certificate's profile. Whether servers and devices themselves are safe cannot be checked here and rests on the operator.",
    ],
    'maker-and-time': [
      'Whether maker and time are certain, and the content clear, objective and accurate',
      'Compared: certificate, timestamp, text of the pages. Name and ID number come from the institution and were compared with an independent source only where report 1 says so.',
    ],
    custody: [
      'Whether the media of storage are known, and the manner of keeping is proper',
      "Compared: the bundle's manifest, its seal, the time of sealing, the ledger's record. The storage itself is run by the operator and not part of the file.",
    ],
    extraction: [
      'Whether who extracted and fixed the data, with which tools and how, is reliable and can be repeated',
      'The operator fixed the bundle at the time of signing. The tools stand under "Tools and environment"; anybody can repeat it, see "How to repeat this without us".',
    ],
    alteration: [
      'Whether anything was added, deleted, changed or is incomplete',
      "Compared one by one: manifest, digests, updates after signing, embedded terms, process log, the ledger's record.",
    ],
    verifiable: [
      'Whether it can be verified in a particular form',
      'Signature, timestamp, certificate status, seal and proof of inclusion can be verified by open standards and common tools.',
    ],
  },
  limbs: {
    exclusive: [
      'The data for making the signature belong to the signer alone when signing',
      'Compared: the certificate is for this letter alone, the signer held the key, and the ledger knows one signature under it. That no other certificate used the key needs the whole ledger.',
    ],
    controlled: [
      'The signer alone controls those data when signing',
      "Compared: every measure required was met. Where the key was made and kept is the operator's assertion; this report cannot prove it.",
    ],
    'signature-change': [
      'Any change of the signature after signing can be found',
      'Compared: the signature value, the timestamp on it, the signature the ledger recorded.',
    ],
    'content-change': [
      'Any change of content and form after signing can be found',
      'Compared: the bytes the signature covers, updates after signing, the letter as shown.',
    ],
  },
  pointHead: ['Point', 'What was compared, and what cannot be', 'Checks'],
  pointNote:
    'The result is the worst of the checks behind each point; what follows from it is for the court.',
  conclusionText: ({ evidenceLevel, usable }, statement) => [
    statement,
    evidenceLevel.level
      ? `The evidence level is ${evidenceLevel.level}, computed from the file and claimed by nobody.`
      : 'Identity, intent and the rest are not all established; no evidence level is given.',
    usable.answer === 'not-told'
      ? 'The file does not tell whether the authorization can still be used.'
      : usable.answer === 'yes'
        ? 'As of the time the file tells, the authorization can still be used.'
        : 'The authorization cannot be used now; page one says why.',
  ],
  evidenceHead: ['No.', 'Name', 'Source', 'What it proves', 'Page'],
  evidence: {
    'signed-letter': [
      'Signed letter',
      'Signed by the subject, kept by the operator',
      "What was authorized, confirmed by the subject's signature",
    ],
    certificate: [
      'Scene certificate',
      "Issued by the operator's own certificate service",
      "The signing key is the subject's, for this letter alone",
    ],
    token: ['Signature timestamp', 'Issued by a timestamp authority', 'The signature existed then'],
    status: [
      'Certificate status',
      'Issued by the certificate service',
      'The certificate was not revoked when signing',
    ],
    presentation: [
      'Presentation record',
      "The operator's web service",
      'What was shown before signing, and for how long',
    ],
    'code-record': [
      'Code record',
      "The operator's registration service",
      "When the code went to the subject's phone and came back right",
    ],
    delivery: [
      'SMS delivery reports',
      'Reported by the gateway, recorded by the operator',
      'Whether the message arrived',
    ],
    passkey: [
      'Passkey signature',
      "Made by the subject's device",
      'Whoever holds that device confirmed this letter',
    ],
    identity: [
      'Identity checks and receipts',
      'Issued by the providers named',
      'What the provider confirmed of the person',
    ],
    possession: [
      'Proof of possession',
      "Made by the subject's browser",
      'Whoever confirmed held the signing key',
    ],
    trail: ['Process log', "The operator's services, hash-linked", 'The order of the steps'],
    template: [
      'Template record',
      "The operator's records",
      'How the template was written, checked and approved',
    ],
    builds: [
      'Builds of page and server',
      "The operator's records",
      'Which programs made it; the digests of their lists of files were in the ledger before',
    ],
    seal: [
      'Seal of the bundle',
      'Made by the operator, timestamped',
      'The bundle is unchanged since it was sealed',
    ],
    'ledger-proof': [
      'Proof of inclusion',
      'Issued by the ledger',
      'The signature stands in the append-only ledger',
    ],
    later: [
      'Receipts and supplements',
      'Issued by the operator under a seal',
      'Uses, withdrawal and disputes',
    ],
    bundle: ['The whole bundle', 'Kept by the operator', 'The originals of all the above'],
  },
};

function gapEn(ms: number): string {
  if (ms < 1000) return `+${ms} ms`;
  const s = Math.round(ms / 1000);
  if (s < 120) return `+${s} s`;
  if (s < 7200) return `+${Math.round(s / 60)} min`;
  return s < 172_800 ? `+${Math.round(s / 3600)} h` : `+${Math.round(s / 86_400)} days`;
}
