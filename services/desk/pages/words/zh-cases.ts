import type { CaseKind, CaseStep } from '@mandate/core/desk';
import type { CaseClock, CaseEvent, CaseState, CaseTexts } from '../api/cases.js';

export interface CaseWords {
  readonly kinds: Readonly<Record<CaseKind, string>>;
  readonly steps: Readonly<Record<CaseStep, string>>;
  /** The button that takes a case there. */
  readonly to: Readonly<Record<CaseStep, string>>;
  /** To whom cannot take it further: who does. */
  readonly waitsFor: Readonly<Record<CaseStep, string>>;
  readonly toText: Readonly<Record<CaseStep, string>>;
  readonly events: Readonly<Record<Exclude<CaseEvent['type'], 'stepped'>, string>> & {
    readonly toStep: (step: string) => string;
  };
  /** What most cases say, to begin with. */
  readonly usual: { readonly standing: string; readonly scope: string };
  readonly texts: Readonly<Record<keyof CaseTexts, string>>;
  readonly hints: Readonly<Record<keyof CaseTexts, string>>;
  readonly list: {
    readonly title: string;
    readonly lead: string;
    readonly none: string;
    /** To an officer who sees no case: where they come from. */
    readonly how: string;
    readonly open: string;
    readonly more: string;
    readonly number: string;
    readonly kind: string;
    readonly step: string;
    readonly due: string;
    readonly opened: string;
    readonly caption: string;
    readonly states: Readonly<Record<CaseState, string>>;
    readonly statesLabel: string;
    readonly noneOver: string;
    readonly leadOver: string;
    readonly captionOver: string;
    readonly find: string;
    readonly toFind: string;
    readonly notFound: string;
    /** To whom sees no cases. */
    readonly elsewhere: string;
  };
  readonly due: string;
  /** Hours where it is less than 24; days of the calendar otherwise. */
  readonly left: (long: { days: number; hours: number }) => string;
  readonly over: (long: { days: number; hours: number }) => string;
  /** `basis` as it is cited. */
  readonly rule: (
    clock: Pick<
      CaseClock,
      'days' | 'extensionDays' | 'secondExtensionDays' | 'ownTarget' | 'basis'
    >,
  ) => string;
  readonly setByCourt: (basis: string) => string;
  readonly receivedOn: (day: string) => string;
  readonly received: string;
  readonly extended: (times: number) => string;
  readonly ended: string;
  readonly time: string;
  readonly open: {
    readonly title: string;
    readonly lead: string;
    readonly kind: string;
    readonly authorizations: string;
    readonly authorizationsHint: string;
    readonly chosen: (n: number) => string;
    readonly change: string;
    readonly received: string;
    readonly receivedHint: string;
    readonly dueDay: string;
    readonly dueDayHint: string;
    readonly dueThen: (day: string) => string;
    readonly submit: string;
    readonly wrong: string;
    readonly search: string;
  };
  readonly view: {
    readonly stepsLabel: string;
    readonly next: string;
    readonly nothingNext: string;
    readonly openerWaits: string;
    readonly askFirst: string;
    readonly toAsk: string;
    readonly asked: string;
    readonly agreeing: string;
    readonly disputeFirst: string;
    /** Written for a step that is no longer to be taken. */
    readonly stranded: string;
    readonly dropStranded: string;
    /** After somebody was faster. */
    readonly readAnew: string;
    readonly toDispute: string;
    readonly other: string;
    readonly note: string;
    readonly addNote: string;
    readonly extend: string;
    readonly extendText: (days: number) => string;
    readonly standing: string;
    readonly letter: string;
    readonly state: string;
    readonly why: string;
    readonly fine: string;
    readonly said: string;
    readonly nothingSaid: string;
    readonly trail: string;
    readonly destroyed: string;
    readonly keptUntil: (at: string) => string;
    readonly by: (who: string) => string;
    readonly subject: string;
    readonly institution: string;
    readonly optional: string;
    readonly more: (n: number) => string;
    readonly timeline: string;
    readonly reports: string;
  };
  /** Outcomes and seals that wait for a second person. */
  readonly waiting: {
    readonly title: string;
    readonly outcome: (outcome: string) => string;
    readonly seal: (basis: string) => string;
    readonly look: string;
  };
  readonly states: Readonly<Record<string, string>>;
  readonly now: Readonly<Record<'erased' | 'withdrawn' | 'frozen' | 'restricted', string>>;
  readonly withdrawn: (at: string) => string;
  readonly frozen: (reason: string, at: string) => string;
  readonly holdOver: (outcome: string, at: string) => string;
  readonly restricted: (at: string) => string;
  readonly erased: (at: string) => string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly outcomes: Readonly<Record<string, string>>;
}

export const zh: CaseWords = {
  kinds: {
    'subject-dispute': '本人争议（非本人签署）',
    'credit-data-objection': '征信异议',
    'consumer-complaint': '消费投诉',
    'consumer-complaint-complex': '消费投诉（情况复杂）',
    'regulator-complaint': '监管部门投诉',
    'court-request': '法院调查取证',
    'internal-review': '内部复核',
  },
  steps: {
    applied: '申请',
    accepted: '受理',
    extracted: '提取',
    verified: '核验',
    certified: '出具',
    closed: '结案',
    rejected: '不予受理',
  },
  to: {
    applied: '申请',
    accepted: '受理',
    extracted: '记为已提取',
    verified: '记为已核验',
    certified: '出具结论',
    closed: '结案',
    rejected: '不予受理',
  },
  waitsFor: {
    applied: '等待一位不是立案人的处理员或审批人受理。',
    accepted: '等待处理员申请调阅、取得证据并出具报告。',
    extracted: '等待处理员核验报告。',
    verified: '等待处理员出具结论。',
    certified: '等待处理员送达结论并结案。',
    closed: '',
    rejected: '',
  },
  toText: {
    applied: '',
    accepted: '核对申请人身份、依据和范围后受理。开案的人不能自己受理。',
    extracted: '在下面打开证据、出具报告；所需的都取得后，记为已提取。',
    verified: '逐项看过报告中的检查结果后，记为已核验。',
    certified: '写明结论和理由。结论随案件保存。',
    closed: '把结论送达申请人后结案。结案后不能再打开证据。',
    rejected: '写明不予受理的理由。',
  },
  events: {
    opened: '立案',
    toStep: (step) => `转入“${step}”`,
    noted: '备注',
    extended: '延长期限',
  },
  usual: {
    standing: '授权人本人，在“我的授权”页面提出',
    scope: '查明授权书由谁、何时、怎样签署和使用；需要授权书、证据包和过程记录',
  },
  texts: {
    applicant: '申请人',
    standing: '身份依据',
    documents: '材料',
    legalBasis: '法律依据',
    scope: '范围',
    note: '备注',
    decision: '结论与理由',
  },
  hints: {
    applicant: '谁提出，如何联系。',
    standing: '本人、受托人（授权文书）或办案机关。',
    documents: '收到的材料，每行一份。',
    legalBasis: '依据的规定和条款。',
    scope: '要查明什么，需要哪些数据。',
    note: '',
    decision: '结论及其依据。',
  },
  list: {
    title: '案件',
    lead: '按到期先后排列。',
    none: '现在没有未结的案件。',
    how: '授权人在“我的授权”里提出“不是我签的”，或机构系统提交，案件会自己出现在这里。有人来投诉时，先用“查找”找到授权书，再立案。',
    open: '立案',
    more: '更多',
    number: '案件编号',
    kind: '类别',
    step: '环节',
    due: '期限',
    opened: '立案时间',
    caption: '未结案件',
    states: { open: '未结', over: '已结' },
    statesLabel: '未结或已结',
    noneOver: '没有已结的案件。',
    leadOver: '按立案时间由近到远排列。',
    captionOver: '已结案件',
    find: '案件编号（例如 C-2026-000123）',
    toFind: '打开案件',
    notFound: '没有这个编号的案件。',
    elsewhere: '您的工作在上方菜单里。',
  },
  due: '到期',
  left: ({ days, hours }) =>
    hours < 1 ? '还有不到 1 小时' : hours < 24 ? `还有 ${hours} 小时` : `还有 ${days} 天`,
  over: ({ days, hours }) =>
    hours < 1 ? '刚刚超期' : hours < 24 ? `已超期 ${hours} 小时` : `已超期 ${days} 天`,
  rule: ({ days, extensionDays, secondExtensionDays, ownTarget, basis }) => {
    const more = extensionDays > 0 ? `，可延长 ${extensionDays} 天` : '';
    const again = secondExtensionDays > 0 ? `，再延长 ${secondExtensionDays} 天` : '';
    const term = `自收到之日起 ${days} 天${more}${again}`;
    return ownTarget
      ? `自定目标：${term}（办理依据${basis}，其中没有规定期限）`
      : `${basis}：${term}`;
  },
  setByCourt: (basis) => `期限由来函指定（办理依据${basis}）`,
  receivedOn: (day) => `${day} 收到`,
  received: '由监管部门或法院决定，这里只收件和跟踪。',
  extended: (times) => (times === 1 ? '已延长' : `已延长 ${times} 次`),
  ended: '已结束',
  time: '时间均为北京时间（UTC+8）。',
  open: {
    title: '立案',
    lead: '一个案件可以包括同一机构的一份或多份授权。',
    kind: '类别',
    authorizations: '授权',
    authorizationsHint:
      '系统里的授权编号，以 aut_ 开头，每行一份。手里只有授权书编号、查询码或业务编号时，请先用“查找”。',
    chosen: (n) => `已选定 ${n} 份授权`,
    change: '修改授权编号',
    received: '收到日期',
    receivedHint: '投诉、异议或来函送达的那一天（北京时间）。期限从这一天起算，立案后不能修改。',
    dueDay: '来函指定的答复日期（可不填）',
    dueDayHint: '来函没有写明日期时不填，按自定目标计算。',
    dueThen: (day) => `到期日：${day}`,
    submit: '立案',
    search: '先去查找',
    wrong: '请填写授权编号，每行一份，以 aut_ 开头。',
  },
  view: {
    stepsLabel: '办理环节',
    next: '下一步',
    nothingNext: '案件已经结束。',
    openerWaits: '这个案件由您立案，要由另一位处理员或审批人受理。请他们从首页打开这个案件。',
    askFirst: '先申请调阅证据：由另外两个人同意，之后才能打开证据、出具报告。',
    toAsk: '去申请调阅',
    asked:
      '调阅已申请，等待同意。审批人在各自的首页看到这项申请；同意够了，您就可以在下面打开证据、出具报告。',
    agreeing: '调阅已申请，等待审批人在各自的首页同意。',
    disputeFirst:
      '本人提出的争议还没有处理结果，授权仍然冻结。先提出结果，由运营方的审批人同意，再结案。',
    toDispute: '去提出结果',
    stranded: '案件已由他人推进，您填写的以下内容没有提交：',
    dropStranded: '不再需要',
    readAnew: '页面已按现在的情况更新，您填写的内容还在；核对后可以再次提交。',
    other: '其他处理',
    note: '备注',
    addNote: '记入备注',
    extend: '延长期限',
    extendText: (days) => `写明理由，可延长 ${days} 天。`,
    standing: '授权的现状',
    letter: '授权书编号',
    state: '状态',
    why: '说明',
    fine: '无冻结、无撤回',
    said: '案件材料',
    nothingSaid: '还没有填写。',
    trail: '办理记录',
    destroyed: '内容已按期销毁。',
    keptUntil: (at) => `案件材料保存至 ${at}。`,
    by: (who) => `由${who}`,
    subject: '授权人本人',
    institution: '机构系统',
    optional: '（可不填）',
    more: (n) => `再显示 ${n} 份`,
    timeline: '授权的经过',
    reports: '报告',
  },
  waiting: {
    title: '等待同意的争议结果和法院保密要求',
    outcome: (outcome) => `争议结果：${outcome}`,
    seal: (basis) => `法院要求对授权人保密：${basis}`,
    look: '查看案件',
  },
  states: {
    requested: '待签署',
    presented: '已打开',
    challenged: '已发验证码',
    confirmed: '已确认',
    signed: '已签署',
    released: '已生效',
    declined: '未同意',
    lapsed: '已过期未签',
    failed: '未完成',
  },
  now: { erased: '信息已删除', withdrawn: '已撤回', frozen: '已冻结', restricted: '限制处理' },
  withdrawn: (at) => `${at} 撤回；此后不能再使用。`,
  frozen: (reason, at) => `${at} 起冻结：${reason}。冻结期间不能使用。`,
  holdOver: (outcome, at) => `争议于 ${at} 处理完毕：${outcome}。`,
  restricted: (at) => `${at} 起限制处理。`,
  erased: (at) => `个人信息已于 ${at} 删除，证据不能再打开。`,
  reasons: {
    'not-signed-by-me': '本人称不是自己签署',
    'someone-told-me-to': '本人称受人指使或胁迫',
    'letter-differs': '本人称与所见授权书不同',
    other: '其他争议',
  },
  outcomes: { upheld: '争议成立', rejected: '争议不成立', retracted: '本人撤回争议' },
};
