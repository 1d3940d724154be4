import type { FindingKind, Reconciliation } from '../api/reconciliations.js';

export interface ReconciliationWords {
  readonly title: string;
  readonly lead: string;
  readonly none: string;
  readonly caption: string;
  readonly begun: string;
  readonly institution: string;
  readonly source: string;
  readonly sourceHint: string;
  readonly sourceWrong: string;
  readonly period: string;
  readonly from: string;
  readonly to: string;
  readonly toHint: string;
  readonly datesWrong: string;
  readonly state: string;
  readonly states: Readonly<Record<Reconciliation['state'], string>>;
  readonly begin: string;
  readonly beginTitle: string;
  readonly logTitle: string;
  readonly logHint: string;
  readonly columns: string;
  readonly columnLines: readonly string[];
  readonly file: string;
  readonly send: string;
  readonly sendAgain: (received: number) => string;
  readonly sending: (received: number) => string;
  readonly matching: string;
  readonly abandon: string;
  readonly others: string;
  readonly failed: string;
  readonly abandoned: string;
  readonly swept: (at: string) => string;
  readonly refused: string;
  readonly refusedLines: string;
  readonly lineFaults: Readonly<Record<string, string>>;
  readonly line: (line: number) => string;
  readonly lineColumn: string;
  readonly digest: string;
  readonly counts: string;
  readonly count: string;
  readonly meaning: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<FindingKind, string>>;
  readonly meanings: Readonly<Record<FindingKind, string>>;
  readonly allMatched: string;
  readonly findings: string;
  readonly findingsHint: string;
  readonly all: string;
  readonly show: string;
  readonly at: string;
  readonly query: string;
  readonly authorization: string;
  readonly use: string;
  readonly more: string;
  readonly export: string;
  readonly time: string;
  readonly back: string;
}

export const zh: ReconciliationWords = {
  title: '查询对账',
  lead: '把信息来源的查询日志与授权的使用记录逐笔核对：每笔查询找到对应的使用，或写明问题；没有查询的使用也会列出。',
  none: '还没有对账。',
  caption: '对账记录，最近的在前',
  begun: '开始时间',
  institution: '机构',
  source: '信息来源的统一社会信用代码',
  sourceHint: '日志出自哪个来源，18 位。',
  sourceWrong: '请填写 18 位统一社会信用代码。',
  period: '期间',
  from: '起',
  to: '止',
  toHint:
    '含当日。使用之后一天内的查询都算对应；两边时钟可相差 5 分钟。最后一天的使用，查询可能在次日，日志最好多包含一天。同一来源的日志请按时间先后对账：一次使用在前一份日志里已经对应的，不再对应别的查询。',
  datesWrong: '请填写起止日期，起不晚于止。',
  state: '状态',
  states: {
    receiving: '等待日志',
    matching: '核对中',
    searching: '查找没有查询的使用',
    done: '已完成',
    refused: '日志不合格',
    failed: '失败',
    abandoned: '已终止',
  },
  begin: '开始对账',
  beginTitle: '新的对账',
  logTitle: '上传查询日志',
  logHint:
    '最多 100 万笔、256 MB。传输中断后重新选择同一个文件，会从已收到的地方继续。操作员和被查询人只用于核对，不会保存。',
  columns: '日志的格式',
  columnLines: [
    'CSV，首行为列名，可用中文或英文：',
    '查询时间 time、查询编号 query、查询原因 purpose、操作员 operator：必有。',
    '授权编号 authorization、授权书编号 letter、业务编号 reference：至少一列；每笔至少填一项，以靠前的为准。',
    '被查询人证件号码 subject：可有可无。',
    '编码为 UTF-8 或 GB18030（Excel 保存的 CSV 可以直接用）。',
    '时间写作 2026-11-21 10:00:00 或 2026/1/5 9:03（北京时间），也可以带时区。查询原因用授权书中的名称，如“贷款审批”。',
  ],
  file: '选择日志文件（CSV）',
  send: '上传并核对',
  sendAgain: (received) => `继续上传（已收到 ${received} 笔）`,
  sending: (received) => `正在上传，已收到 ${received} 笔。请不要关闭页面。`,
  matching: '正在核对，可以离开本页，稍后再来看。',
  abandon: '终止这次对账',
  others: '由发起这次对账的人上传日志。',
  failed: '三次都没有进展，已停止；下面没有列出的没有核对。请把日志拆小，重新开始。',
  abandoned: '这次对账没有做完就被终止了。',
  swept: (at) => `逐条结果已于 ${at} 按三年的保存期限销毁；上面的数字保留。`,
  refused: '日志有问题，没有保留任何内容。修改后请重新开始对账。',
  refusedLines: '有问题的行',
  lineFaults: {
    'heading-unknown': '有不认识的列名',
    'heading-repeated': '列名重复',
    'heading-missing': '缺少必需的列',
    encoding: '既不是 UTF-8 也不是 GB18030，或两种混用；请将整份日志另存为 UTF-8',
    'too-long': '太长，或引号没有成对',
    quote: '引号没有成对',
    cells: '单元格数与列名不符',
    time: '时间无法识别',
    query: '查询编号缺失或含其他字符',
    'query-repeated': '查询编号与前面重复',
    'name-missing': '没有授权编号、授权书编号或业务编号',
    authorization: '授权编号不对',
    letter: '授权书编号不对',
    reference: '业务编号不对',
    purpose: '查询原因不在清单中',
    operator: '操作员缺失或太长',
    subject: '证件号码不对',
    'query-personal': '查询编号里有证件号码或手机号码',
    'too-many': '同一授权的查询超过 5000 笔',
    'subjects-too-many': '同一授权对应三个以上被查询人',
  },
  line: (line) => `第 ${line} 行`,
  lineColumn: '行',
  digest: '日志的摘要值（SHA-256）',
  counts: '结果',
  count: '笔数',
  meaning: '说明',
  kind: '结论',
  kinds: {
    matched: '相符',
    unknown: '没有授权',
    'wrong-subject': '被查询人不符',
    unsigned: '授权未签署',
    'after-withdrawal': '撤回之后',
    'on-hold': '争议冻结期间',
    'out-of-term': '不在有效期内',
    'wrong-source': '来源不在授权范围',
    'wrong-purpose': '用途不符',
    'wrong-operator': '操作员不符',
    'subject-not-compared': '被查询人未核对',
    'operator-not-compared': '操作员未核对',
    'used-twice': '重复使用',
    'no-use': '没有使用记录',
    'use-released': '使用已退回',
    'no-query': '没有查询的使用',
    'no-query-yet': '还没有查询的使用',
  },
  meanings: {
    matched: '找到了对应的使用，没有问题。',
    unknown: '这家机构没有这个编号的授权。',
    'wrong-subject': '日志里的证件号码不是授权人的。',
    unsigned: '有这份授权，但没有签署完成。',
    'after-withdrawal': '查询发生在授权人撤回之后。',
    'on-hold': '查询发生在争议未解决期间。',
    'out-of-term': '早于生效或晚于终止。',
    'wrong-source': '授权书没有列出这个来源。',
    'wrong-purpose': '查询原因不是授权的用途。',
    'wrong-operator': '时间对得上，但使用记录是另一个人。',
    'subject-not-compared': '您用这份授权核对过太多不同的被查询人，不再告知结果。',
    'operator-not-compared': '您用这笔使用核对过太多不同的操作员，不再告知结果。',
    'used-twice': '对应的使用已经有另一笔查询，在本日志或以前核对过的日志里。',
    'no-use': '授权存在，但附近没有使用记录。',
    'use-released': '机构说来源没有应答，而来源有查询。',
    'no-query': '记录了使用，日志里却没有查询。',
    'no-query-yet': '使用在期间的最后一天，查询可能在下一份日志里；下一期对账会再核对。',
  },
  allMatched: '全部相符。',
  findings: '问题清单',
  findingsHint: '只有查询编号和授权编号，没有个人信息。',
  all: '全部问题',
  show: '显示',
  at: '时间',
  query: '查询编号',
  authorization: '授权',
  use: '使用编号',
  more: '继续显示',
  export: '下载 CSV',
  time: '时间均为北京时间（UTC+8）。',
  back: '全部对账',
};
