import type { SampleFinding, SampleKind } from '../api/samples.js';

export interface SampleWords {
  readonly title: string;
  readonly lead: string;
  readonly none: string;
  readonly caption: string;
  readonly fixed: string;
  readonly institution: string;
  readonly every: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<SampleKind, string>>;
  readonly period: string;
  readonly from: string;
  readonly to: string;
  readonly datesWrong: string;
  readonly wanted: string;
  readonly wantedHint: string;
  readonly wantedWrong: string;
  readonly state: string;
  readonly drawn: string;
  readonly notDrawn: string;
  readonly fix: string;
  readonly fixTitle: string;
  readonly fixHint: string;
  readonly back: string;
  readonly one: (kind: string, wanted: number) => string;
  readonly seed: string;
  readonly seedHint: (entry: number, size: number) => string;
  readonly seedOld: string;
  readonly definition: string;
  readonly waiting: string;
  readonly seconds: (count: number) => string;
  readonly headTitle: string;
  readonly draw: string;
  readonly drawHint: string;
  readonly population: (count: number, wanted: number) => string;
  readonly populationDigest: string;
  readonly howTitle: string;
  readonly how: string;
  readonly verify: string;
  readonly same: string;
  readonly differs: string;
  readonly swept: (at: string) => string;
  readonly items: string;
  readonly item: string;
  readonly authorization: string;
  readonly finding: string;
  readonly findings: Readonly<Record<SampleFinding, string>>;
  readonly note: string;
  readonly noteHint: string;
  readonly record: string;
  readonly recordFor: (ordinal: number) => string;
  readonly recorded: string;
  readonly open: string;
  readonly progress: (done: number, all: number) => string;
  readonly export: string;
  readonly time: string;
}

export const zh: SampleWords = {
  title: '抽样检查',
  lead: '先固定范围和数量并登入存证日志，种子由日志的下一个签名树头决定，然后抽取：没有人能挑选，任何人都能重新算出种子，抽出同样的样本。',
  none: '还没有样本。',
  caption: '样本，最近的在前；没有抽取的也列出',
  fixed: '固定时间',
  institution: '机构',
  every: '全部机构',
  kind: '对象',
  kinds: { redemptions: '使用记录', authorizations: '授权' },
  period: '期间',
  from: '起',
  to: '止（含当日，须已过去）',
  datesWrong: '请填写起止日期，止日须在今天之前。',
  wanted: '数量',
  wantedHint: '1 至 500',
  wantedWrong: '请填写 1 至 500 的整数。',
  state: '状态',
  drawn: '已抽取',
  notDrawn: '未抽取',
  fix: '固定样本',
  fixTitle: '新的样本',
  fixHint: '固定之后不能修改，也不能删除。',
  back: '全部样本',
  one: (kind, wanted) => `${kind}抽样 ${wanted} 件`,
  seed: '随机种子',
  seedHint: (entry, size) =>
    `由抽样定义（存证日志第 ${entry} 条）和日志第一个包含它的签名树头（共 ${size} 条）算出，事先无人知道，也不能更改。`,
  seedOld: '由本系统抽取，抽取之前已经记录，不能更改。',
  definition: '抽样定义的摘要值，已登入存证日志',
  waiting: '等待存证日志签出下一个树头，种子由它决定，通常只需几秒。',
  seconds: (count) => `已等待 ${count} 秒`,
  headTitle: '决定种子的签名树头',
  draw: '抽取',
  drawHint: '只能抽取一次。',
  population: (count, wanted) => `从 ${count} 件中抽取 ${wanted} 件。`,
  populationDigest: '全部编号的摘要值（SHA-256）',
  howTitle: '怎样重新抽取',
  how: '种子是 SHA-256（定义摘要值的 32 个字节，接着树头原文）。对范围内每个编号计算 SHA-256（种子的 32 个字节，接着编号），按结果从小到大取所需件数。',
  verify: '重新抽取并比较',
  same: '结果相同：种子、样本与范围都和当时一样。',
  differs: '结果不同：记录与当时不一致，请告知运营方。',
  swept: (at) => `抽中的样本和检查结论已于 ${at} 按三年的保存期限销毁。`,
  items: '样本',
  item: '编号',
  authorization: '授权',
  finding: '检查结论',
  findings: {
    'in-order': '无问题',
    'no-business': '没有对应的业务',
    'purpose-doubtful': '用途可疑',
    'operator-doubtful': '操作员可疑',
    'letter-defect': '授权书有缺陷',
    'evidence-missing': '证据缺失',
    'case-needed': '需要立案',
  },
  note: '备注',
  noteHint: '最多 200 字，不要写姓名、证件号、电话。',
  record: '记录',
  recordFor: (ordinal) => `记录第 ${ordinal} 件的结论`,
  recorded: '已记录；以前的结论保留。',
  open: '还没有结论',
  progress: (done, all) => `已检查 ${done} / ${all} 件`,
  export: '下载 CSV',
  time: '时间均为北京时间（UTC+8）。',
};
