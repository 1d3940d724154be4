export interface SealWords {
  readonly title: string;
  readonly lead: string;
  readonly basis: string;
  readonly basisHint: string;
  readonly until: string;
  readonly days: (n: number) => string;
  readonly ask: string;
  readonly approve: string;
  readonly lift: string;
  readonly untilAt: (at: string) => string;
  readonly states: Readonly<Record<'waiting' | 'hidden' | 'lifted' | 'over', string>>;
}

export const zh: SealWords = {
  title: '法院要求保密',
  lead: '经争议处理员申请、运营方审批人同意后，本案的调阅在期限内不向本人显示；登记簿和存证日志不变。',
  basis: '法院文书',
  basisHint: '文号，不写个人信息。1 至 200 字。',
  until: '期限',
  days: (n) => `${n} 天`,
  ask: '申请保密',
  approve: '同意保密',
  lift: '解除',
  untilAt: (at) => `至 ${at}`,
  states: {
    waiting: '等待运营方审批人同意',
    hidden: '保密中',
    lifted: '已解除',
    over: '已到期',
  },
};
