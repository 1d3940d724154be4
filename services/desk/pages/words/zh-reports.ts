import type { ReportDepth, ReportItem, ReportJob, ReportLanguage } from '../api/reports.js';

export interface ReportWords {
  readonly title: string;
  readonly lead: string;
  readonly none: string;
  readonly needGrant: string;
  readonly make: string;
  readonly makeText: (count: number) => string;
  readonly languages: string;
  readonly languageOf: Readonly<Record<ReportLanguage, string>>;
  readonly depth: string;
  readonly depths: Readonly<Record<ReportDepth, string>>;
  readonly submit: string;
  readonly ordered: string;
  readonly reason: string;
  readonly what: string;
  readonly progress: string;
  readonly count: (done: number, size: number, refused: number) => string;
  readonly jobs: Readonly<Record<ReportJob['state'], string>>;
  readonly open: string;
  readonly job: {
    readonly title: string;
    readonly toCase: string;
    readonly waits: string;
    readonly stopped: string;
    readonly resume: string;
    /** Of a job whose reports came to their end and whose list did not. */
    readonly listStopped: string;
    readonly listAgain: string;
    readonly resumed: string;
    readonly needFresh: string;
    readonly each: string;
    readonly items: string;
    readonly letter: string;
    readonly verdict: string;
    readonly acts: string;
    readonly pages: string;
    readonly shown: (from: number, to: number, size: number) => string;
    readonly earlier: string;
    readonly later: string;
    readonly filing: string;
    readonly filingText: string;
    readonly saved: (access: string) => string;
    readonly filed: string;
  };
  readonly states: Readonly<Record<ReportItem['state'], string>>;
  readonly verdicts: Readonly<Record<string, string>>;
  readonly why: Readonly<Record<string, string>>;
  readonly read: (language: string) => string;
  readonly copyOf: string;
  readonly files: Readonly<Record<string, string>>;
  readonly again: {
    readonly title: (letter: string) => string;
    readonly stored: string;
    readonly today: string;
    readonly same: string;
    readonly renewed: string;
    readonly differs: string;
    readonly unchanged: string;
    readonly changed: (count: number) => string;
    readonly digest: string;
    readonly close: string;
  };
}

export const zh: ReportWords = {
  title: '报告',
  lead: '出具报告要有自己的、仍然有效的调阅；每份报告都先登记后打开证据。',
  none: '还没有出具过报告。',
  needGrant: '先在上面申请调阅；两人同意后，这里就可以出具报告。',
  make: '出具报告',
  makeText: (count) =>
    count === 1
      ? '就本案的这份授权出具一份报告。'
      : `就本案的 ${count} 份授权各出具一份报告，并编制证据目录。`,
  languages: '语言',
  languageOf: { zh: '中文', en: '英文' },
  depth: '详细程度',
  depths: {
    full: '完整：全部检查和事实，另附 XML 和证据包',
    short: '简要：结论和理由',
  },
  submit: '出具',
  ordered: '何时、由谁',
  reason: '依据和理由',
  what: '内容',
  progress: '进度',
  count: (done, size, refused) =>
    `${done} / ${size}${refused > 0 ? `，${refused} 份未能出具` : ''}`,
  jobs: { running: '正在出具', stopped: '已停止', done: '已完成' },
  open: '打开',
  job: {
    title: '报告',
    toCase: '回到案件',
    waits: '正在出具。可以离开本页，稍后再来。',
    stopped: '已停止，其余的没有打开：',
    resume: '继续出具其余的',
    listStopped: '已停止：',
    listAgain: '再次制作证据目录',
    resumed: '已继续。',
    needFresh: '要继续，请先在案件里重新申请调阅。',
    each: '每阅读、下载或重新出具一次，就是一次调阅，先登记后打开。',
    items: '本次的报告',
    letter: '授权书编号',
    verdict: '结论',
    acts: '阅读和下载',
    pages: '报告列表翻页',
    shown: (from, to, size) => `第 ${from}–${to} 份，共 ${size} 份`,
    earlier: '上一页',
    later: '下一页',
    filing: '下载全部（证据目录和报告）',
    filingText: '一个 ZIP 文件；其中每份授权各登记一次调阅。',
    saved: (access) => `已保存。登记号 ${access}`,
    filed: '已保存。',
  },
  states: { waiting: '等待中', stopped: '未打开', done: '已出具', refused: '未能出具' },
  verdicts: {
    'TOTAL-PASSED': '验证通过',
    INDETERMINATE: '无法判定',
    'TOTAL-FAILED': '验证不通过',
  },
  why: {
    'grant-expired': '调阅期限已过。',
    'grant-revoked': '这项调阅已被收回。',
    'grant-unapproved': '同意的人已不足数。',
    'grant-unknown': '没有这项调阅。',
    'grant-altered': '这项调阅的记录与登记不符。',
    'case-closed': '案件已经结束。',
    'right-missing': '这项调阅不包括查看。',
    'account-closed': '申请人或同意人的账号已经关闭。',
    erased: '个人信息已经删除，证据不能再打开。',
    'illegal-transition': '授权书还没有生效。',
    'object-corrupt': '存放的证据与登记的摘要不符。',
    'object-missing': '存放的证据找不到。',
    'budget-exceeded': '超出了处理上限。',
    'openings-spent': '多次打开证据仍未完成。原因排除后，请重新提交。',
    'filing-failed': '各份报告已处理完毕，但证据目录多次没有做成。原因排除后可再次制作。',
    other: '出现意外，没有完成。',
  },
  read: (language) => `阅读（${language}）`,
  copyOf: '验证报告（查阅用副本）',
  files: {
    'report.zh.pdf': 'PDF（中文）',
    'report.en.pdf': 'PDF（英文）',
    'report.json': 'JSON',
    'report.xml': 'XML',
    'bundle.asice': '证据包',
  },
  again: {
    title: (letter) => `重新出具 ${letter}`,
    stored: '按当时的事实重算',
    today: '与今天比较',
    same: '结果逐字节相同。',
    renewed:
      '验证和生成报告的程序已更新，逐字节比较不再适用，字节不同不说明有问题；所述内容的变化见下。',
    differs: '结果与当时不同，请立即告诉运维人员。',
    unchanged: '从那时到现在没有变化。',
    changed: (count) => `从那时到现在有 ${count} 处变化：`,
    digest: '摘要',
    close: '关闭',
  },
};
