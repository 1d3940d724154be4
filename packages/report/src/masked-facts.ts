import { choosable, maskIdNumber, maskName, maskPhone, type Terms } from '@mandate/terms';
import type {
  CertificateFacts,
  ChoiceFacts,
  Facts,
  TimestampFacts,
  Verification,
} from '@mandate/verify';
import type { ReportFacts, ReportTimestamp, Statement } from './report.js';

/** The facts without the subject's name and without the terms, whose salt would open every commitment, and without receipts, which hold salts of their own. */
export function maskedFacts(facts: Facts): ReportFacts {
  const {
    terms: _terms,
    trail: _trail,
    later: _later,
    disclosures,
    timestamp,
    seal,
    certificate,
    chain,
    ...rest
  } = facts;
  return {
    ...rest,
    // for whom, never what: a report is read by others than the one reader
    ...(disclosures ? { disclosures: disclosures.map(({ reader }) => ({ reader })) } : {}),
    ...(certificate ? { certificate: { ...certificate, ...maskHolder(certificate) } } : {}),
    ...(chain ? { chain: chain.map((it, i) => (i === 0 ? maskHolder(it) : it)) } : {}),
    ...(timestamp ? { timestamp: wholeNumbers(timestamp) } : {}),
    ...(seal
      ? {
          seal: {
            certificate: seal.certificate,
            ...(seal.timestamp ? { timestamp: wholeNumbers(seal.timestamp) } : {}),
          },
        }
      : {}),
  };
}

const maskHolder = (facts: CertificateFacts): CertificateFacts => ({
  ...facts,
  subject: facts.subject.replaceAll(
    /\bCN=(.*?)(?=, [A-Z]+=|$)/gsu,
    (_, holder: string) => `CN=${maskName(holder)}`,
  ),
});

/** Canonical JSON knows integers only. */
function wholeNumbers({ accuracySeconds, ...rest }: TimestampFacts): ReportTimestamp {
  return {
    ...rest,
    ...(accuracySeconds === undefined
      ? {}
      : { accuracyMilliseconds: Math.round(accuracySeconds * 1000) }),
  };
}

/** What the letter says, and whether that is proven. */
export function statementOf({ claims, facts }: Verification): Statement | undefined {
  const { terms, timestamp } = facts;
  if (!terms) return undefined;
  const passed = (claim: keyof typeof claims): boolean => claims[claim].status === 'passed';
  return {
    proven: passed('integrity') && passed('identity') && passed('scope'),
    letterNumber: terms.letterNumber,
    businessReference: terms.businessReference,
    language: terms.language,
    institution: { name: terms.institution.name, creditCode: terms.institution.creditCode },
    subject: maskSubject(terms.subject),
    purpose: terms.purpose,
    plain: { purpose: terms.plain.purpose, data: terms.plain.data },
    sources: terms.sources.map(({ name }) => name),
    ...grantedBy(terms, facts.authorization?.choices),
    from: terms.from,
    end: terms.end,
    uses: terms.uses,
    ...(timestamp && passed('time') ? { signedAt: timestamp.genTime } : {}),
  };
}

function grantedBy(
  terms: Terms,
  choices: ChoiceFacts | undefined,
): Pick<Statement, 'items' | 'recipients' | 'refused' | 'undecided'> {
  const offered = choosable(terms);
  const items = terms.items.filter(({ code }) => !offered.items.includes(code));
  const recipients = terms.recipients.filter(
    ({ creditCode }) => !offered.recipients.includes(creditCode),
  );
  const open = [
    ...terms.items.filter((item) => !items.includes(item)),
    ...terms.recipients.filter((recipient) => !recipients.includes(recipient)),
  ];
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
  return {
    items: [...names(items), ...(choices?.accepted.items ?? [])],
    recipients: [...names(recipients), ...(choices?.accepted.recipients ?? [])],
    refused: choices ? [...choices.refused.items, ...choices.refused.recipients] : [],
    undecided: choices ? [] : names(open),
  };
}

const maskSubject = (subject: Terms['subject']): Terms['subject'] => ({
  name: maskName(subject.name),
  idType: subject.idType,
  idNumber: maskIdNumber(subject.idNumber),
  phone: maskPhone(subject.phone),
});
