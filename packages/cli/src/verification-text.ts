import {
  CLAIMS,
  claimText,
  findingText,
  indicationText,
  notCheckedText,
  statusText,
  subIndicationText,
  type Claim,
  type Finding,
  type Status,
  type TrustAnchors,
  type Verification,
  type WordLanguage,
} from '@mandate/verify';

interface TextOptions {
  readonly file: string;
  readonly anchors: TrustAnchors;
  readonly unassigned: readonly string[];
  readonly language: WordLanguage;
  /** Lists passed checks, too. */
  readonly all: boolean;
}

const MARKS: Readonly<Record<Status, string>> = {
  passed: '✓',
  failed: '✗',
  indeterminate: '?',
  'not-checked': '–',
};

const WORDS = {
  zh: {
    file: '文件',
    digest: 'SHA-256',
    at: '核验时点',
    trust: '信任锚',
    noTrust: '未提供信任锚：不可能得出“验证通过”',
    unassigned: (path: string) => `${path} 未分用途，用于全部用途`,
    letter: '授权书编号',
    checkCode: '核对码',
    signedAt: '签署时间（时间戳）',
    level: '长期验证级别（PAdES）',
    parties: '授权人 → 被授权人',
    claims: '验证结论分项',
    findings: '检查结果',
    passed: (n: number) => `${n} 项检查通过（--all 列出）`,
    notChecked: '未检查的事项',
    kinds: { bundle: '证据包', letter: '授权书', pdf: 'PDF', unknown: '未知格式' },
    bytes: '字节',
  },
  en: {
    file: 'file',
    digest: 'SHA-256',
    at: 'judged for',
    trust: 'trust anchors',
    noTrust: 'no trust anchors given: this can never be TOTAL-PASSED',
    unassigned: (path: string) => `${path} names no purpose and serves them all`,
    letter: 'letter number',
    checkCode: 'check code',
    signedAt: 'signed at (timestamp)',
    level: 'long-term level (PAdES)',
    parties: 'subject → institution',
    claims: 'Claims',
    findings: 'Findings',
    passed: (n: number) => `${n} checks passed (--all lists them)`,
    notChecked: 'Not checked',
    kinds: { bundle: 'bundle', letter: 'letter', pdf: 'PDF', unknown: 'unknown format' },
    bytes: 'bytes',
  },
} as const;

/** A verification for people, line by line: the verdict first, what was not checked last. */
export function verificationText(verification: Verification, options: TextOptions): string[] {
  const { language } = options;
  const words = WORDS[language];
  const { verdict, input, claims, findings, notChecked } = verification;
  const reason = verdict.subIndication
    ? ` (${verdict.subIndication}: ${subIndicationText(verdict.subIndication, language)})`
    : '';
  const open = findings.filter(({ status }) => status === 'failed' || status === 'indeterminate');
  const passed = findings.filter(({ status }) => status === 'passed');
  const listed = options.all ? findings : open;
  return [
    `${verdict.indication} · ${indicationText(verdict.indication, language)}${reason}`,
    '',
    ...headLines(verification, options),
    '',
    ...(input.kind === 'unknown'
      ? []
      : [
          words.claims,
          ...CLAIMS.filter((claim) => concerns(claim, verification)).map((claim) => {
            const { status } = claims[claim];
            const text = claimText(claim, language);
            return `  ${MARKS[status]} ${text} · ${statusText(status, language)}`;
          }),
          '',
        ]),
    words.findings,
    ...listed.map((finding) => `  ${findingLine(finding, language)}`),
    ...(options.all ? [] : [`  ✓ ${words.passed(passed.length)}`]),
    ...(notChecked.length > 0
      ? ['', words.notChecked, ...notChecked.map((id) => `  – ${notCheckedText(id, language)}`)]
      : []),
  ];
}

/** Intent, scope and ledger are words about letters. */
const concerns = (claim: Claim, { input, claims }: Verification): boolean =>
  input.profile !== 'pades' || claims[claim].findings.length > 0;

function headLines(verification: Verification, options: TextOptions): string[] {
  const { anchors, unassigned, language } = options;
  const words = WORDS[language];
  const { input, facts, at } = verification;
  const { terms, letter, timestamp } = facts;
  const counts = (['scene', 'seal', 'timestamp', 'ledger', 'receipt'] as const).map(
    (purpose) => `${purpose} ${anchors[purpose]?.length ?? 0}`,
  );
  const none = Object.values(anchors).every((list: readonly unknown[]) => list.length === 0);
  return [
    `${words.file}: ${options.file} (${words.kinds[input.profile === 'letter' ? 'letter' : input.kind]}, ${input.size} ${words.bytes})`,
    `${words.digest}: ${input.digest}`,
    `${words.at}: ${at}`,
    `${words.trust}: ${none ? words.noTrust : counts.join(', ')}`,
    ...unassigned.map((path) => `  ! ${words.unassigned(path)}`),
    ...(terms
      ? [
          `${words.letter}: ${terms.letterNumber}`,
          `${words.parties}: ${terms.subject.name} → ${terms.institution.name}`,
        ]
      : []),
    ...(letter ? [`${words.checkCode}: ${letter.checkCode}`] : []),
    ...(timestamp ? [`${words.signedAt}: ${timestamp.genTime}`] : []),
    ...(facts.level ? [`${words.level}: ${facts.level}`] : []),
  ];
}

function findingLine(finding: Finding, language: WordLanguage): string {
  const { id, status, subIndication, params } = finding;
  const details = Object.entries(params ?? {}).map(([name, value]) => `${name}: ${value}`);
  const sub = subIndication ? ` [${subIndication}]` : '';
  const more =
    details.length > 0 && status !== 'passed' ? ` (${printable(details.join('; '))})` : '';
  return `${MARKS[status]} ${findingText(finding, language)}${sub} · ${id}${more}`;
}

/** Hostile files choose parts of these strings: nothing that moves a terminal's cursor gets through. */
const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD').slice(0, 300);
