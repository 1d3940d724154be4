import {
  askedClaims,
  claimText,
  findingText,
  indicationText,
  notCheckedText,
  statusText,
  subIndicationText,
  type FactKind,
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

type FactWords = Readonly<Record<FactKind, string>>;

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
    kinds: {
      bundle: '证据包',
      filing: '成套报告',
      letter: '授权书',
      'sealed-report': '核验报告',
      pdf: 'PDF',
      receipt: '回执',
      'status-list': '状态清单',
      checkpoint: '存证日志检查点',
      proof: '存证证明',
      report: '核验报告数据',
      unknown: '未知格式',
    },
    fact: '事实',
    factKinds: {
      redemption: '使用',
      withdrawal: '撤回',
      hold: '提出异议',
      'hold-resolution': '异议处理结果',
      end: '业务终止',
      release: '向接收方提供数据',
      restriction: '限制处理',
      erasure: '删除',
      'id-image-destruction': '证件图片销毁',
    } satisfies FactWords,
    issuer: '签发者',
    actableUntil: '可据以办理至',
    status: '状态',
    statuses: { valid: '有效', invalid: '已失效', suspended: '异议中，暂停' },
    stampedAt: '时间戳证明的时间',
    ledgerHead: '存证日志',
    entries: (size: number) => `${size} 条记录`,
    signedBy: '签署方',
    cosignedBy: '见证方',
    unknownSigners: '未知签署方（不作数）',
    recorded: '日志中关于本授权书的全部记录',
    ledgerStamp: '日志检查点的时间戳',
    entry: '存证记录',
    report: '报告',
    judges: (digest: string) => `针对 SHA-256 为 ${digest} 的文件`,
    list: '证据目录',
    listed: (files: number, missing: number) => `${files} 份文件，${missing} 份授权未能出具报告`,
    until: '有效期至',
    disclosedTo: (reader: string) => `另有只供密钥 ${reader} 的持有人解密的披露内容`,
    disclosed: '向持有人披露',
    beside: '同时提供',
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
    kinds: {
      bundle: 'bundle',
      filing: 'filing of reports',
      letter: 'letter',
      'sealed-report': 'report',
      pdf: 'PDF',
      receipt: 'receipt',
      'status-list': 'status list',
      checkpoint: 'ledger checkpoint',
      proof: 'ledger proof',
      report: 'data of a report',
      unknown: 'unknown format',
    },
    fact: 'fact',
    factKinds: {
      redemption: 'use',
      withdrawal: 'withdrawal',
      hold: 'dispute',
      'hold-resolution': 'end of a dispute',
      end: 'reported end',
      release: 'data handed to a recipient',
      restriction: 'restriction',
      erasure: 'erasure',
      'id-image-destruction': 'destruction of an ID picture',
    } satisfies FactWords,
    issuer: 'issuer',
    actableUntil: 'may be acted on until',
    status: 'status',
    statuses: { valid: 'valid', invalid: 'no longer valid', suspended: 'disputed, suspended' },
    stampedAt: 'time its timestamp proves',
    ledgerHead: 'ledger',
    entries: (size: number) => `${size} entries`,
    signedBy: 'signed by',
    cosignedBy: 'cosigned by',
    unknownSigners: 'unknown signers (they prove nothing)',
    recorded: 'all the ledger records about the letter',
    ledgerStamp: 'timestamp over the ledger',
    entry: 'entry',
    report: 'report',
    judges: (digest: string) => `about the file with SHA-256 ${digest}`,
    list: 'list of evidence',
    listed: (files: number, missing: number) =>
      `${files} files, ${missing} authorizations without a report`,
    until: 'in force until',
    disclosedTo: (reader: string) => `holds a disclosure for the owner of key ${reader} alone`,
    disclosed: 'disclosed to its reader',
    beside: 'given with it',
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
          ...askedClaims(verification).map((claim) => {
            const { status } = claims[claim];
            const text = claimText(claim, language, input);
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
    `${words.file}: ${options.file} (${words.kinds[kindOf(input)]}, ${input.size} ${words.bytes})`,
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
    ...artefactLines(verification, language),
    ...ledgerLines(verification, language),
    ...disclosureLines(verification, language),
  ];
}

const kindOf = ({ kind, profile }: Verification['input']) =>
  profile === 'letter' ? 'letter' : profile === 'report' ? 'sealed-report' : kind;

/** What a receipt, list, checkpoint, proof or report says, in a line or two. */
function artefactLines({ facts }: Verification, language: WordLanguage): string[] {
  const words = WORDS[language];
  const { receipt, statusList, checkpoint, entry, report, filing, beside } = facts;
  const names = (list: readonly string[]): string => printable(list.join(', '));
  return [
    ...(receipt
      ? [
          `${words.fact}: ${words.factKinds[receipt.kind]} · ${receipt.at}`,
          `${words.letter}: ${printable(receipt.letterNumber)}`,
          `${words.issuer}: ${printable(receipt.issuer)}`,
          ...(receipt.actableUntil ? [`${words.actableUntil}: ${receipt.actableUntil}`] : []),
          ...(receipt.status ? [`${words.status}: ${words.statuses[receipt.status]}`] : []),
          ...(receipt.stampedAt ? [`${words.stampedAt}: ${receipt.stampedAt}`] : []),
        ]
      : []),
    ...(statusList ? [`${words.until}: ${statusList.expiresAt}`] : []),
    ...(checkpoint
      ? [
          `${words.ledgerHead}: ${printable(checkpoint.origin)} · ${words.entries(checkpoint.size)}`,
          ...(checkpoint.signers.length > 0
            ? [`${words.signedBy}: ${names(checkpoint.signers)}`]
            : []),
          ...checkpoint.cosigners.map(({ name, at }) => `${words.cosignedBy}: ${name} · ${at}`),
          ...(checkpoint.unknownSignatures.length > 0
            ? [`${words.unknownSigners}: ${names(checkpoint.unknownSignatures)}`]
            : []),
        ]
      : []),
    ...(entry
      ? [
          `${words.entry}: ${String(entry.entry['kind'])} · ${entry.index} · ${String(entry.entry['at'])}`,
        ]
      : []),
    ...(report
      ? [
          `${words.report}: ${report.id} · ${report.madeAt} · ${report.indication}`,
          `  ${words.judges(report.input.digest)}`,
        ]
      : []),
    ...(filing
      ? [
          words.listed(filing.files, filing.missing),
          ...filing.lists.map(
            ({ language: of, digest, sealedAt }) =>
              `${words.list} (${of}): ${digest}${sealedAt ? ` · ${words.stampedAt} ${sealedAt}` : ''}`,
          ),
        ]
      : []),
    ...(beside ?? []).map(({ kind, digest }) => `${words.beside}: ${kind} · ${digest}`),
  ];
}

/** Who witnessed the letter's head, and what a whole ledger that was given records about the letter. */
function ledgerLines({ facts }: Verification, language: WordLanguage): string[] {
  const words = WORDS[language];
  const { ledger, ledgerCopy } = facts;
  return [
    ...(ledger?.cosigners ?? []).map(
      ({ name, at }) => `${words.cosignedBy}: ${printable(name)} · ${at}`,
    ),
    ...(ledgerCopy
      ? [
          `${words.ledgerHead}: ${printable(ledgerCopy.origin)} · ${words.entries(ledgerCopy.size)}`,
          `${words.recorded}: ${Object.entries(ledgerCopy.recorded)
            .map(([kind, count]) => `${kind} ${count}`)
            .join(', ')}`,
        ]
      : []),
    ...(ledgerCopy?.stamp
      ? [`${words.ledgerStamp}: ${ledgerCopy.stamp.at} · ${printable(ledgerCopy.stamp.authority)}`]
      : []),
  ];
}

/** What the reader alone is told, or for whom something is disclosed. */
function disclosureLines({ facts }: Verification, language: WordLanguage): string[] {
  const words = WORDS[language];
  return (facts.disclosures ?? []).flatMap(({ reader, values }) =>
    values
      ? values.map(
          ({ field, value, commitment, places }) =>
            `${words.disclosed}: ${field} · ${printable(value)} · ${commitment} · ${places.join(' ')}`,
        )
      : [words.disclosedTo(reader)],
  );
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
