import {
  checkCode,
  fromHex,
  fromUtf8,
  parseCanonical,
  type CodeRecord,
  type PresentationRecord,
  type Scene,
  type TemplateEvidence,
} from '@mandate/core';
import { PART } from '@mandate/evidence';
import {
  codeCall,
  codeMessage,
  isThirdParty,
  keyTerms,
  letterContent,
  letterSections,
  maskIdNumber,
  maskName,
  maskPhone,
  parseTemplate,
  type KeyTerm,
  type LetterSection,
  type Terms,
} from '@mandate/terms';

/** What a bundle tells of the subject's screens: everything a page build needs to show them again. */
export interface SubjectScreens {
  /** Of the page, which may differ from the letter's. */
  readonly language: 'zh' | 'en';
  readonly letterLanguage: 'zh' | 'en';
  readonly largePrint: boolean;
  /** CSS pixels. */
  readonly viewport: { readonly width: number; readonly height: number };
  readonly host: string;
  readonly institution: Terms['institution'];
  /** SHA-256 of the picture beside its name, hex; the picture itself is not in the bundle. */
  readonly logo?: string;
  readonly letterNumber: string;
  readonly letterDigest: string;
  readonly checkCode: string;
  readonly gate: Scene['gate'];
  readonly subject: { readonly name: string; readonly idNumber: string; readonly phone: string };
  readonly keyTerms: readonly KeyTerm[];
  readonly letter: readonly LetterSection[];
  readonly clauses: readonly {
    readonly text: string;
    readonly explain?: string;
    readonly visibleMilliseconds: number;
    /** After the opening. */
    readonly acknowledgedAfterMilliseconds: number;
  }[];
  readonly recipients: readonly {
    readonly name: string;
    readonly purpose: string;
    readonly necessary: boolean;
    readonly accepted: boolean;
  }[];
  readonly items: readonly {
    readonly name: string;
    readonly sensitive: boolean;
    readonly accepted: boolean;
  }[];
  /** The message with the code, whose digits nobody keeps; absent where none was asked for. */
  readonly code?: {
    readonly channel: CodeRecord['channel'];
    readonly text: string;
    /** RFC 3339. */
    readonly madeAt: string;
    readonly expiresAt: string;
    readonly checkedAt: string;
    readonly tries: number;
  };
  readonly passkey: boolean;
  readonly voice: boolean;
  /** Checks of the person, whose own pages are not shown again. */
  readonly identity: readonly string[];
  /** Letters of the sitting; 1 outside a set. */
  readonly letters: number;
  readonly reading: Pick<
    PresentationRecord,
    'openedAt' | 'secondsOpen' | 'reachedEnd' | 'alternative' | 'readAloud'
  >;
}

/** In place of every digit of a code. */
const HIDDEN = '●';

/** From the parts of a bundle that was verified. Throws what the readers of parts throw. */
export function subjectScreens(parts: ReadonlyMap<string, Uint8Array>): SubjectScreens {
  const read = <T>(name: string): T => parseCanonical(fromUtf8(parts.get(name)!)) as unknown as T;
  const terms = read<Terms>(PART.terms);
  const scene = read<Scene>(PART.scene);
  const record = read<PresentationRecord>(PART.presentation);
  const template = parseTemplate(read<TemplateEvidence>(PART.template).body);
  const code = parts.has(PART.codeRecord) ? read<CodeRecord>(PART.codeRecord) : undefined;
  const { language: letterLanguage, subject } = terms;
  const { choices, viewport, largePrint, logo } = record;
  const letterCode = checkCode(fromHex(scene.letterDigest));
  return {
    ...{ language: record.language, letterLanguage, largePrint, viewport },
    host: new URL(terms.verifyUrl).host,
    institution: terms.institution,
    ...(logo === undefined ? {} : { logo }),
    letterNumber: terms.letterNumber,
    letterDigest: scene.letterDigest,
    checkCode: letterCode,
    gate: scene.gate,
    subject: {
      name: maskName(subject.name),
      idNumber: maskIdNumber(subject.idNumber),
      phone: maskPhone(subject.phone),
    },
    keyTerms: keyTerms(terms),
    letter: letterSections(letterContent(terms, template.title[letterLanguage])),
    clauses: terms.clauses.map(({ id, text }, i) => {
      const explain = template.clauses.find((it) => it.id === id)?.explain?.[letterLanguage];
      const { visibleMilliseconds, acknowledgedAfterMilliseconds } = record.clauses[i]!;
      return {
        text,
        ...(explain ? { explain } : {}),
        ...{ visibleMilliseconds, acknowledgedAfterMilliseconds },
      };
    }),
    recipients: terms.recipients
      .filter((it) => isThirdParty(terms, it))
      .map(({ name, purpose, necessary, creditCode }) => ({
        ...{ name, purpose, necessary: necessary === true },
        accepted: choices.recipients.includes(creditCode),
      })),
    items: terms.items
      .filter(({ necessary }) => !necessary)
      .map((item) => ({
        name: item.name,
        sensitive: item.class === 'sensitive',
        accepted: choices.items.includes(item.code),
      })),
    ...(code ? { code: codeScreen(terms, code, letterCode) } : {}),
    passkey: scene.measures.includes('passkey'),
    voice: template.policy.voice === true,
    identity: scene.identity?.results.map(({ check }) => check) ?? [],
    letters: scene.set?.letters.length ?? 1,
    reading: {
      openedAt: record.openedAt,
      secondsOpen: record.secondsOpen,
      reachedEnd: record.reachedEnd,
      alternative: record.alternative,
      readAloud: record.readAloud,
    },
  };
}

function codeScreen(
  terms: Terms,
  { channel, digits, madeAt, expiresAt, checkedAt, tries }: CodeRecord,
  letterCode: string,
): NonNullable<SubjectScreens['code']> {
  const write = channel === 'voice' ? codeCall : codeMessage;
  const { text } = write(terms, HIDDEN.repeat(digits), letterCode);
  return { channel, text, madeAt, expiresAt, checkedAt, tries };
}
