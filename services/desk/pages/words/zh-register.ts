import type { AnomalyRule } from '../api/audit.js';
import type { RegisterKind } from '../api/register.js';

export interface RegisterWords {
  readonly title: string;
  readonly lead: string;
  readonly narrow: string;
  readonly person: string;
  readonly anybody: string;
  readonly onlyThis: (name: string) => string;
  readonly case: string;
  readonly authorization: string;
  readonly authorizationHint: string;
  readonly purpose: string;
  readonly kind: string;
  readonly any: string;
  readonly from: string;
  readonly until: string;
  readonly show: string;
  readonly clear: string;
  readonly print: string;
  readonly exportFile: string;
  readonly more: string;
  readonly none: string;
  readonly count: (n: number, whole: boolean) => string;
  readonly when: string;
  readonly who: string;
  readonly what: string;
  readonly about: string;
  readonly kinds: Readonly<Record<RegisterKind, string>>;
  readonly acts: Readonly<Record<string, string>>;
  readonly rights: Readonly<Record<string, string>>;
  readonly searched: (by: string, values: number, results: number) => string;
  readonly same: string;
  readonly refused: (why: string) => string;
  readonly printedAt: (at: string, name: string) => string;
  readonly audit: {
    readonly title: string;
    readonly lead: string;
    readonly ledger: string;
    readonly size: string;
    readonly published: string;
    readonly waiting: string;
    readonly head: string;
    readonly noHead: string;
    readonly stamped: string;
    readonly notStamped: string;
    readonly witnesses: string;
    readonly noWitnesses: string;
    readonly behind: (n: number) => string;
    readonly register: string;
    readonly whole: string;
    readonly broken: string;
    readonly noAnchors: string;
    readonly checked: (anchors: number, covered: number, desk: number) => string;
    readonly unanchored: (n: number) => string;
    readonly outside: (n: number) => string;
    readonly doctor: string;
    readonly anomalies: string;
    readonly anomaliesLead: string;
    /** For an institution's auditor. */
    readonly ownStaff: string;
    readonly nothing: string;
    readonly rule: string;
    readonly threshold: string;
    readonly foundNow: string;
    readonly unnamed: string;
    readonly letters: (n: number) => string;
    readonly entries: string;
  };
  readonly problems: Readonly<Record<string, string>>;
  readonly rules: Readonly<Record<AnomalyRule, string>>;
  readonly thresholds: Readonly<
    Record<AnomalyRule, (t: Readonly<Record<string, number>>) => string>
  >;
  readonly figures: Readonly<Record<AnomalyRule, (f: Readonly<Record<string, number>>) => string>>;
}

export const zh: RegisterWords = {
  title: '调阅登记簿',
  lead: '谁打开过、查找过、查阅过案件、被拒绝过。登记簿只增不改，每几分钟把摘要记入存证日志。',
  narrow: '筛选',
  person: '人员',
  anybody: '所有人',
  onlyThis: (name) => `只看 ${name}`,
  case: '案件编号',
  authorization: '授权编号',
  authorizationHint: '填写后也列出系统和机构的打开记录。',
  purpose: '目的',
  kind: '种类',
  any: '不限',
  from: '起',
  until: '止（含当日）',
  show: '显示',
  clear: '清除筛选',
  print: '打印',
  exportFile: '导出 CSV',
  more: '更早的',
  none: '没有符合的记录。',
  count: (n, whole) => (whole ? `共 ${n} 条。` : `前 ${n} 条，其余请缩短期间。`),
  when: '时间',
  who: '人员',
  what: '做了什么',
  about: '关于',
  kinds: {
    opening: '打开',
    search: '查找',
    'case-read': '查阅案件',
    refusal: '被拒绝',
    reconciliation: '对账',
    sample: '抽样',
  },
  acts: {
    'log-sent': '上传查询日志',
    'uses-compared': '核对操作员和被查询人',
    'log-abandoned': '终止对账',
    'findings-read': '查看对账结果',
    'findings-exported': '下载对账结果',
    'sample-fixed': '固定样本',
    'sample-drawn': '抽取样本',
    'sample-read': '查看样本',
    'sample-exported': '下载样本',
  },
  rights: { view: '查看', download: '下载', print: '打印' },
  searched: (by, values, results) =>
    `按${by}${values > 1 ? `（${values} 个）` : ''}，查到 ${results} 份`,
  same: '所查内容的加密摘要',
  refused: (why) => `没有打开：${why}`,
  printedAt: (at, name) => `${at} 由 ${name} 打印。时间均为北京时间（UTC+8）。`,
  audit: {
    title: '审计',
    lead: '只读。',
    ledger: '存证日志',
    size: '条目',
    published: '已公布',
    waiting: '待收录',
    head: '最新检查点',
    noHead: '还没有检查点。',
    stamped: '最近加盖时间戳',
    notStamped: '还没有',
    witnesses: '见证方',
    noWitnesses: '没有见证方签过名。',
    behind: (n) => (n === 0 ? '已签最新检查点' : `落后 ${n} 条`),
    register: '登记簿的完整性',
    whole: '登记簿与存证日志相符',
    broken: '登记簿与存证日志不符',
    noAnchors: '登记簿还没有任何锚定，尚无从核对',
    checked: (anchors, covered, desk) =>
      `核对了最近 ${anchors} 次锚定（${covered} 条记录）和工作台的全部 ${desk} 条查找、查阅案件与拒绝。`,
    unanchored: (n) => `${n} 条太新，还没有锚定。`,
    outside: (n) => `${n} 次案件调阅不在存证日志里！`,
    doctor: '运维人员的 mandate doctor 会核对全部记录和日志本身。',
    anomalies: '异常提示',
    anomaliesLead: '提示是问题，不是结论：一家人可能共用手机，受理岗位本来就只查不判。',
    ownStaff: '人员方面只提示本机构的人员。任何人调阅本机构授权书，都在登记簿里。',
    nothing: '现在没有',
    rule: '规则',
    threshold: '门槛',
    foundNow: '现在的提示',
    unnamed: '（不显示号码）',
    letters: (n) => `${n} 份授权书`,
    entries: '看登记簿',
  },
  problems: {
    'register-broken': '链条断裂',
    'register-unanchored': '与存证日志中的摘要不符，或日志里没有',
  },
  rules: {
    'shared-number': '一个手机号出现在多人的授权书里',
    'few-confirm': '机构的验证码很少被确认',
    'all-confirm': '机构的验证码几乎都被确认',
    'looks-without-deciding': '查得多、判得少',
    'often-refused': '多次被拒绝打开',
  },
  thresholds: {
    'shared-number': ({ days, people }) => `${days} 天内 ${people} 人以上`,
    'few-confirm': ({ days, challenged, percent }) =>
      `${days} 天内 ${challenged} 份以上，确认不足 ${percent}%`,
    'all-confirm': ({ days, challenged, percent }) =>
      `${days} 天内 ${challenged} 份以上，确认达到 ${percent}%`,
    'looks-without-deciding': ({ days, looks, perDecision }) =>
      `${days} 天内查找和打开 ${looks} 次以上，且超过决定数的 ${perDecision} 倍`,
    'often-refused': ({ days, refusals }) => `${days} 天内 ${refusals} 次以上`,
  },
  figures: {
    'shared-number': ({ people, letters, institutions }) =>
      `${people} 人，${letters} 份授权书，${institutions} 家机构`,
    'few-confirm': ({ challenged, confirmed, percent }) =>
      `${challenged} 份发码，${confirmed} 份确认（${percent}%）`,
    'all-confirm': ({ challenged, confirmed, percent }) =>
      `${challenged} 份发码，${confirmed} 份确认（${percent}%）`,
    'looks-without-deciding': ({ searches, openings, decisions }) =>
      `查找 ${searches} 次，打开 ${openings} 次，决定 ${decisions} 个`,
    'often-refused': ({ refusals }) => `被拒绝 ${refusals} 次`,
  },
};
