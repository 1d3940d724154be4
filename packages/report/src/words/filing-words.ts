import type { FilingRow } from '../filing-index.js';
import type { ReportLanguage } from '../render-report.js';

const MISSING = [
  ...(['erased', 'restricted', 'illegal-transition', 'not-found'] as const),
  ...(['object-corrupt', 'object-missing', 'budget-exceeded'] as const),
] as const;
export type MissingReason = (typeof MISSING)[number];

/** What paper says of a code; nothing but these words ever stands there. */
export const missingText = ({ reasons }: FilingWords, why: string): string =>
  reasons[MISSING.find((it) => it === why) ?? 'other'];

/** Words of a filing's list of evidence. */
export interface FilingWords {
  readonly title: string;
  readonly about: (caseNumber: string, id: string, at: string) => string;
  readonly counted: (files: number, missing: number) => string;
  readonly head: readonly string[];
  readonly csvHead: readonly string[];
  readonly names: Readonly<Record<FilingRow['kind'], (language?: ReportLanguage) => string>>;
  readonly source: string;
  readonly proves: Readonly<Record<FilingRow['kind'], string>>;
  /** The same with a report's verdict, as its first page says it. */
  readonly found: (proves: string, verdict: string) => string;
  readonly missing: string;
  /** By code; `other`: any that is not here. */
  readonly reasons: Readonly<Record<MissingReason | 'other', string>>;
  readonly page: (n: number, total: number) => string;
  readonly sealNote: string;
  readonly stamp: string;
}

const zh: FilingWords = {
  title: '证据目录',
  about: (caseNumber, id, at) => `案件编号 ${caseNumber}；目录编号 ${id}；编制时间 ${at}。`,
  counted: (files, missing) =>
    `共${files}份文件${missing > 0 ? `；另有${missing}份授权未能出具报告，列于末尾` : ''}。每份文件名下的摘要为其全部字节的 SHA-256。`,
  head: ['编号', '授权书编号', '证据名称', '来源', '证明内容', '页数'],
  csvHead: ['编号', '授权书编号', '证据名称', '来源', '证明内容', '文件', '页数', 'SHA-256'],
  names: {
    report: (language) => `电子签名验证报告（${language === 'en' ? '英文' : '中文'}）`,
    'report-data': () => '验证报告数据（JSON）',
    validation: () => '签名验证报告（ETSI TS 119 102-2）',
    bundle: () => '证据包',
  },
  source: '运营方系统',
  proves: {
    report: '授权书由谁签署、何时签署、内容是否改动及其使用情况的验证结果',
    'report-data': '同上，供机器读取',
    validation: '同上，标准格式',
    bundle: '授权书及其签署过程记录，可独立验证',
  },
  found: (proves, verdict) => `${proves}；结论：${verdict}`,
  missing: '未能出具报告的授权',
  reasons: {
    erased: '数据已依法删除',
    restricted: '数据已限制处理',
    'illegal-transition': '授权书未签署完成',
    'not-found': '无此授权记录',
    'object-corrupt': '所存证据与记录不符',
    'object-missing': '所存证据缺失',
    'budget-exceeded': '超出出具报告的资源限制',
    other: '多次尝试均未成功',
  },
  page: (n, total) => `第${n}页，共${total}页`,
  sealNote: '无运营方有效电子签章，不足为凭。',
  stamp: '机构电子签章',
};

const en: FilingWords = {
  title: 'List of evidence',
  about: (caseNumber, id, at) => `Case ${caseNumber}; list ${id}; made ${at}.`,
  counted: (files, missing) =>
    `${files} files${missing > 0 ? `; on ${missing} authorizations no report could be made, see the end` : ''}. The digest under each name is the SHA-256 of all of the file's bytes.`,
  head: ['No.', 'Letter', 'Name', 'Source', 'What it proves', 'Pages'],
  csvHead: ['No.', 'Letter', 'Name', 'Source', 'What it proves', 'File', 'Pages', 'SHA-256'],
  names: {
    report: (language) => `Verification report (${language === 'en' ? 'English' : 'Chinese'})`,
    'report-data': () => 'Data of the report (JSON)',
    validation: () => 'Validation report (ETSI TS 119 102-2)',
    bundle: () => 'Evidence bundle',
  },
  source: "Operator's system",
  proves: {
    report:
      'Whether and when the letter was signed by whom, whether it is unchanged, how it was used',
    'report-data': 'The same, for machines',
    validation: 'The same, in a standard form',
    bundle: 'The letter with the records of its signing; can be verified independently',
  },
  found: (proves, verdict) => `${proves}; verdict: ${verdict}`,
  missing: 'Authorizations without a report',
  reasons: {
    erased: 'its data were erased',
    restricted: 'its data may not be processed',
    'illegal-transition': 'its letter is not signed and released',
    'not-found': 'there is no record of it',
    'object-corrupt': 'the stored evidence does not match the record',
    'object-missing': 'stored evidence is missing',
    'budget-exceeded': 'it could not be made within the limits',
    other: 'it failed each time it was tried',
  },
  page: (n, total) => `Page ${n} of ${total}`,
  sealNote: "Worth nothing without the operator's valid electronic seal.",
  stamp: 'Electronic seal',
};

export const FILING_WORDS: Readonly<Record<ReportLanguage, FilingWords>> = { zh, en };
