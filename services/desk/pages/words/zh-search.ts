import type { LifeLane, SearchKind, SearchPurpose, Use } from '../api/searches.js';

export interface SearchWords {
  readonly title: string;
  readonly lead: string;
  readonly purpose: string;
  readonly purposes: Readonly<Record<SearchPurpose, string>>;
  readonly caseNumber: string;
  readonly caseHint: string;
  readonly by: string;
  readonly kinds: Readonly<Record<SearchKind, string>>;
  readonly hints: Readonly<Record<SearchKind, string>>;
  readonly institution: string;
  readonly file: string;
  readonly fileHint: string;
  readonly from: string;
  readonly until: string;
  readonly state: string;
  readonly anyState: string;
  readonly submit: string;
  readonly empty: string;
  readonly wrongCase: string;
  readonly tooMany: string;
  readonly fileTooBig: string;
  readonly fileUnread: string;
  readonly found: (n: number, more: boolean) => string;
  readonly none: string;
  readonly missing: (n: number) => string;
  readonly more: string;
  readonly letter: string;
  readonly subject: string;
  readonly reference: string;
  readonly noMasks: string;
  readonly altered: string;
  readonly requested: string;
  readonly choose: (number: string) => string;
  readonly openCase: (n: number) => string;
  readonly one: {
    readonly lead: string;
    readonly uses: string;
    readonly noUses: string;
    readonly when: string;
    readonly who: string;
    readonly from: string;
    readonly why: string;
    readonly how: string;
    readonly accesses: string;
    readonly accessesLead: string;
    readonly noAccesses: string;
    readonly life: string;
    readonly facts: string;
    readonly until: string;
    readonly closed: string;
    readonly toSearch: string;
    readonly notAll: (n: number) => string;
    readonly older: string;
    readonly openCase: string;
  };
  readonly useStates: Readonly<Record<Use['state'], string>>;
  readonly usePurposes: Readonly<Record<string, string>>;
  readonly accessPurposes: Readonly<Record<string, string>>;
  readonly actors: { readonly subject: string; readonly service: string; readonly staff: string };
  readonly lanes: Readonly<Record<LifeLane, string>>;
  readonly lifeNote: string;
  readonly lifePart: string;
  readonly proven: string;
  readonly whichLetter: string;
}

export const zh: SearchWords = {
  title: '查找',
  lead: '只查找，不打开任何内容。每次查找都记入登记簿：谁、为什么、查到几份；查的内容只留加密摘要。',
  purpose: '为什么查找',
  purposes: {
    case: '办理已有案件',
    complaint: '受理投诉或争议',
    'subject-request': '本人查询自己的授权',
    'authority-request': '法院或监管部门要求',
    'quality-review': '质量检查',
    audit: '审计',
  },
  caseNumber: '案件编号',
  caseHint: '如 C-2026-000123。',
  by: '按什么查',
  kinds: {
    'letter-number': '授权书编号',
    'lookup-code': '查询码',
    references: '业务编号（可多个）',
    'id-number': '证件号码',
    phone: '手机号码',
    authorization: '授权编号',
    period: '机构、时间和状态',
  },
  hints: {
    'letter-number': '授权书第一页右上方的编号。',
    'lookup-code': '授权书上的 16 位查询码，可不写横线。',
    references: '机构自己的编号，如贷款编号。每行一个，最多 1000 个。',
    'id-number': '须与授权书上的完全一致；不能查一部分。',
    phone: '须与授权书上的完全一致；不能查一部分。',
    authorization: '以 aut_ 开头。',
    period: '授权申请的日期，按北京时间。',
  },
  institution: '机构',
  file: '从文件读入',
  fileHint: '文本或 CSV 文件，每行第一列是业务编号。',
  from: '起',
  until: '止（含当日）',
  state: '状态',
  anyState: '不限',
  submit: '查找',
  empty: '请填写要查的内容。',
  wrongCase: '请填写案件编号，如 C-2026-000123。',
  tooMany: '一次最多 1000 个编号。',
  fileTooBig: '文件超过 1 MB，没有读入。',
  fileUnread: '文件不是 UTF-8 或 GB18030 文本，没有读入。',
  found: (n, more) => (more ? `先列出 ${n} 份，还有更多。` : `查到 ${n} 份。`),
  none: '没有查到。须与授权书上的完全一致。早于本功能的授权书，不能按证件号码、手机号码或查询码查到。',
  missing: (n) => `${n} 个编号没有对应的授权书`,
  more: '更早的',
  letter: '授权书编号',
  subject: '授权人',
  reference: '业务编号',
  altered: '数据库中的记录被改动，可能不是此人的授权书。请告知运维人员。',
  noMasks: '已删除，或早于本功能',
  requested: '申请时间',
  choose: (number) => `选择 ${number}`,
  openCase: (n) => `用所选 ${n} 份立案`,
  one: {
    lead: '以下不含个人信息，没有打开授权书。经办人姓名和授权书内容，要在案件中申请调阅。',
    uses: '谁用过这份授权',
    noUses: '没有使用记录。',
    when: '时间',
    who: '使用方',
    from: '信息来源',
    why: '用途',
    how: '结果',
    accesses: '谁打开过个人信息',
    accessesLead: '不含签署、使用等步骤自身的读取。',
    noAccesses: '除办理步骤自身外，没有人打开过。',
    life: '经过',
    facts: '授权',
    until: '有效至',
    closed: '限制',
    toSearch: '返回查找',
    notAll: (n) => `这里是最近的 ${n} 条，更早的还有。`,
    older: '再取更早的',
    openCase: '用这份授权立案',
  },
  useStates: { reserved: '已预留，未完成', confirmed: '已完成', released: '未成，已退回次数' },
  usePurposes: {
    'loan-approval': '贷款审批',
    'credit-card-approval': '信用卡审批',
    'guarantee-review': '担保审查',
    'post-loan-management': '贷后管理',
    'credit-reporting': '报送信用信息',
    'income-verification': '收入核实',
    'identity-verification': '身份核验',
    'fraud-prevention': '反欺诈',
  },
  accessPurposes: {
    request: '制作授权书',
    present: '显示授权书',
    challenge: '准备验证码',
    confirm: '核对确认',
    'send-code': '发送验证码',
    sign: '签署',
    download: '下载授权书或证据',
    verify: '验证',
    report: '制作验证报告',
    archive: '长期保存',
    redeem: '登记使用',
    uses: '查看使用记录',
    'tell-use': '短信告知使用',
    'tell-passkey': '短信告知通行密钥',
    'note-pause': '记下有人指使',
    identify: '身份核验',
    own: '本人查看',
    'own-code': '本人进入的验证码',
    'own-link': '机构代开的本人进入链接',
    'subject-data': '提供给使用方',
    export: '本人信息副本',
    erase: '删除个人信息',
    case: '争议案件调阅',
    'keep-id-image': '保存证件图片',
    'id-image': '查看证件图片',
  },
  actors: { subject: '授权人本人', service: '系统', staff: '工作台人员' },
  lanes: { consent: '同意', signature: '签署与存证', use: '使用与停用', access: '打开' },
  lifePart: '图里只有最近的使用和打开，更早的没有画出。',
  lifeNote: '时间为北京时间，间距不按比例。空心点是运营方的时钟，实心点由时间戳证明。',
  proven: '时间戳证明',
  whichLetter: '授权书',
};
