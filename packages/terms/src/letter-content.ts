import { choosable, isThirdParty } from './choices.js';
import { describeEnd, describeUses } from './key-terms.js';
import { LETTER_WORDS, SECTION_IDS, type LetterWords, type SectionId } from './letter-words.js';
import { formatMoment, type Language } from './moments.js';
import type { Terms } from './terms.js';

export interface Row {
  readonly label: string;
  readonly text: string;
}

/** What a section is made of. A table's `weights` are relative column widths. */
export type LetterBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly weights: readonly number[];
      readonly rows: readonly (readonly string[])[];
    };

/**
 * Everything a letter says, in reading order, as a pure function of terms and title. The renderer
 * draws exactly this, and a verifier compares exactly this with the text of the pages.
 */
export interface LetterContent {
  readonly language: Language;
  readonly title: string;
  readonly institution: string;
  readonly header: readonly Row[];
  readonly preamble: string;
  readonly clauses: {
    readonly heading: string;
    readonly note: string;
    readonly items: readonly { readonly number: string; readonly text: string }[];
  };
  readonly sections: readonly {
    readonly id: SectionId;
    readonly heading: string;
    readonly blocks: readonly LetterBlock[];
  }[];
  readonly signature: {
    readonly heading: string;
    readonly rows: readonly Row[];
    readonly notice: string;
    /** Lines of the signature field's appearance. */
    readonly stamp: readonly string[];
  };
}

export function letterContent(terms: Terms, title: string): LetterContent {
  const { language } = terms;
  const words = LETTER_WORDS[language];
  const blocks = sectionBlocks(terms, words);
  return {
    language,
    title,
    institution: terms.institution.name,
    header: [
      { label: words.letterNumber, text: terms.letterNumber },
      { label: words.businessReference, text: terms.businessReference },
      { label: words.issuedAt, text: formatMoment(terms.issuedAt, language) },
      { label: words.lookupCode, text: terms.lookupCode },
    ],
    preamble: words.preamble,
    clauses: {
      heading: words.keyClauses,
      note: words.keyClausesNote,
      items: terms.clauses.map((clause, i) => ({ number: `${i + 1}.`, text: clause.text })),
    },
    sections: SECTION_IDS.map((id, i) => ({
      id,
      heading:
        sectionNumber(i + 1, language) +
        (terms.act === 'report' && id === 'items' ? words.reporting.items : words.sections[id]),
      blocks: blocks[id],
    })),
    signature: {
      heading: words.signature,
      rows: [
        { label: words.signer, text: terms.subject.name },
        { label: words.signatureMethod, text: words.signatureMethodText },
        { label: words.signingTime, text: words.signingTimeText },
        { label: words.verification, text: terms.verifyUrl },
        { label: words.template, text: `${terms.template.id} / ${terms.template.version}` },
      ],
      notice: words.honesty,
      stamp: words.stamp,
    },
  };
}

function sectionBlocks(terms: Terms, words: LetterWords): Record<SectionId, LetterBlock[]> {
  const { subject, institution, recipients, language } = terms;
  const offered = choosable(terms);
  const necessary = recipients.some((party) => party.necessary);
  const necessity = (party: Terms['recipients'][number]): string =>
    words.necessities[party.necessary || !isThirdParty(terms, party) ? 'true' : 'false'];
  const rows = (...pairs: [label: string, text: string][]): LetterBlock[] => [
    { kind: 'rows', rows: pairs.map(([label, text]) => ({ label, text })) },
  ];
  const paragraph = (text: string): LetterBlock[] => [{ kind: 'paragraph', text }];
  return {
    subject: rows(
      [words.name, subject.name],
      [words.idType, words.idTypes[subject.idType]],
      [words.idNumber, subject.idNumber],
      [words.phone, subject.phone],
    ),
    institution: rows(
      [words.fullName, institution.name],
      [words.creditCode, institution.creditCode],
      [words.contact, institution.contact],
    ),
    purpose: rows(
      [words.purposeCode, words.purposes[terms.purpose.code]],
      [words.purposeText, terms.purpose.text],
    ),
    items: [
      {
        kind: 'table',
        head: [words.item, words.class, words.necessity],
        weights: language === 'zh' ? [66, 20, 14] : [70, 15, 15],
        rows: terms.items.map((item) => [
          item.name,
          words.classes[item.class],
          words.necessities[item.necessary ? 'true' : 'false'],
        ]),
      },
      ...(offered.items.length ? paragraph(words.optionalItems) : []),
    ],
    sources: [
      {
        kind: 'table',
        head: [words.fullName, words.creditCode],
        weights: [60, 40],
        rows: terms.sources.map((source) => [source.name, source.creditCode]),
      },
    ],
    recipients:
      recipients.length === 0
        ? paragraph(words.noRecipients)
        : [
            {
              kind: 'table',
              head: [
                ...[words.fullName, words.creditCode, words.recipientPurpose],
                ...(necessary ? [words.necessity] : []),
              ],
              weights: necessary ? [28, 24, 35, 13] : [31, 25, 44],
              rows: recipients.map((party) => [
                ...[party.name, party.creditCode, party.purpose],
                ...(necessary ? [necessity(party)] : []),
              ]),
            },
            ...(offered.recipients.length ? paragraph(words.thirdParties) : []),
            ...(necessary ? paragraph(words.necessaryRecipients) : []),
          ],
    processing: rows(
      [words.method, terms.method],
      [words.automatedDecision, terms.automatedDecision],
    ),
    term: rows(
      [words.from, formatMoment(terms.from, language)],
      [words.end, describeEnd(terms.end, language)],
      [
        terms.act === 'report' ? words.reporting.uses : words.uses,
        describeUses(terms.uses, language),
      ],
    ),
    retention: paragraph(terms.retention),
    refusal: paragraph(terms.refusal),
    rights: paragraph(terms.rights),
    withdrawal: paragraph(terms.withdrawal),
    complaints: paragraph(institution.complaints),
    electronic: paragraph(terms.electronic),
  };
}

/** Every text of the letter in reading order; each stands on one page, broken only at line ends. */
export function printedTexts(content: LetterContent): string[] {
  const pairs = (rows: readonly Row[]): string[] => rows.flatMap((row) => [row.label, row.text]);
  return [
    content.institution,
    content.title,
    ...pairs(content.header),
    content.preamble,
    content.clauses.heading,
    content.clauses.note,
    ...content.clauses.items.flatMap((clause) => [clause.number, clause.text]),
    ...content.sections.flatMap((section) => [
      section.heading,
      ...section.blocks.flatMap((block) => {
        if (block.kind === 'paragraph') return [block.text];
        if (block.kind === 'rows') return pairs(block.rows);
        return [...block.head, ...block.rows.flat()];
      }),
    ]),
    content.signature.heading,
    ...pairs(content.signature.rows),
    content.signature.notice,
  ];
}

const CHINESE_DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** `一、` … `十四、` or `1. `; a letter has fewer than twenty sections. */
function sectionNumber(n: number, language: Language): string {
  if (language === 'en') return `${n}. `;
  return `${n >= 10 ? '十' : ''}${CHINESE_DIGITS[n % 10]}、`;
}
