import type { TemplateVersion } from '../api/templates.js';

export interface TemplateWords {
  readonly title: string;
  readonly lead: string;
  readonly none: string;
  readonly caption: string;
  readonly institution: string;
  readonly name: string;
  readonly version: string;
  readonly status: string;
  readonly statuses: Readonly<Record<TemplateVersion['status'], string>>;
  readonly written: string;
  readonly approved: string;
  readonly apiPerson: string;
  readonly changed: string;
  readonly create: string;
  readonly createTitle: string;
  readonly createLead: string;
  readonly start: string;
  readonly newName: string;
  readonly newNameHint: string;
  readonly nameWrong: string;
  readonly back: string;
  readonly one: (name: string, version: number) => string;
  readonly overdue: (at: string) => string;
  readonly text: string;
  readonly textHint: string;
  readonly textLabel: string;
  readonly readOnly: string;
  readonly reading: string;
  readonly findings: string;
  readonly noFindings: string;
  readonly checking: string;
  readonly pack: (pack: string) => string;
  readonly errors: (errors: number, warnings: number) => string;
  readonly severity: Readonly<Record<'error' | 'warning', string>>;
  readonly line: (line: number) => string;
  readonly notJson: string;
  readonly invalid: string;
  readonly save: string;
  readonly saved: string;
  readonly unsaved: string;
  readonly preview: string;
  readonly previewHint: string;
  readonly previewIn: Readonly<Record<'zh' | 'en', string>>;
  readonly drawing: string;
  readonly undrawn: string;
  readonly page: (page: number, pages: number) => string;
  readonly letter: string;
  readonly download: string;
  readonly differences: string;
  readonly differencesFrom: string;
  readonly same: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly absent: string;
  readonly next: string;
  readonly assessment: string;
  readonly assessmentHint: string;
  readonly submit: string;
  readonly submitHint: string;
  readonly submitted: string;
  readonly approve: string;
  readonly approving: (name: string, version: number, waivers: number) => string;
  readonly waiving: (name: string, version: number, rule: string) => string;
  readonly approveHint: string;
  readonly own: string;
  readonly published: string;
  readonly waive: string;
  readonly waiveHint: string;
  readonly reason: (rule: string, path: string) => string;
  readonly waiveOne: string;
  readonly waived: string;
  readonly retire: string;
  readonly retireHint: string;
  readonly retired: string;
  readonly newVersion: string;
  readonly newVersionHint: string;
  readonly time: string;
}

export const zh: TemplateWords = {
  title: '授权书模板',
  lead: '一人起草，另一人批准后发布。已经发布的版本不会改变；修改时另起新版本。',
  none: '这家机构还没有模板。',
  caption: '模板的各个版本',
  institution: '机构',
  name: '模板',
  version: '版本',
  status: '状态',
  statuses: { draft: '草稿', 'in-review': '待批准', published: '已发布', retired: '已停用' },
  written: '起草',
  approved: '批准',
  apiPerson: '（经接口）',
  changed: '时间',
  create: '起草新模板',
  createTitle: '新模板',
  createLead: '从样例开始，再按本机构的情况修改。样例需由本机构的法务审阅。',
  start: '样例',
  newName: '模板名称',
  newNameHint: '用于系统调用：小写字母、数字和连字符，以字母开头。起好后不能更改。',
  nameWrong: '请用小写字母、数字和连字符，以字母开头。',
  back: '全部模板',
  one: (name, version) => `${name} · 第 ${version} 版`,
  overdue: (at) => `新的规则发现问题，${at} 起不能再用于新的授权：请发布新版本，或由批准人放行。`,
  text: '内容',
  textHint: '边写边检查，检查结果就在所说的地方。',
  textLabel: '模板内容（JSON）',
  readOnly: '这个版本不能再修改。',
  reading: '检查结果就在所说的地方。',
  findings: '检查结果',
  noFindings: '没有发现问题。',
  checking: '正在检查……',
  pack: (pack) => `规则版本 ${pack}`,
  errors: (errors, warnings) => `${errors} 个问题，${warnings} 个提醒`,
  severity: { error: '问题', warning: '提醒' },
  line: (line) => `第 ${line} 行`,
  notJson: '还不是完整的 JSON，写完整后再检查。',
  invalid: '还不是合格的模板：',
  save: '保存草稿',
  saved: '已保存。',
  unsaved: '有未保存的修改。',
  preview: '样张',
  previewHint: '虚构的授权人，每页标明“样张 SAMPLE”，不能签署。',
  previewIn: { zh: '中文样张', en: '英文样张' },
  drawing: '正在生成……',
  undrawn: '样张不能显示。',
  page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
  letter: '授权书样张',
  download: '下载 PDF',
  differences: '与其他版本比较',
  differencesFrom: '比较的版本',
  same: '没有差别。',
  path: '位置',
  before: '原来',
  after: '现在',
  absent: '无',
  next: '下一步',
  assessment: '个人信息保护影响评估编号',
  assessmentHint: '没有影响评估不能发布（个人信息保护法第五十五条）。',
  submit: '提交批准',
  submitHint: '提交后仍可修改，修改后回到草稿。',
  submitted: '已提交。',
  approve: '批准并发布',
  approving: (name, version, waivers) =>
    `同意即：${name} 第 ${version} 版按您看到的内容发布${waivers > 0 ? `，放行 ${waivers} 个问题` : ''}。`,
  waiving: (name, version, rule) =>
    `同意即：${name} 第 ${version} 版的问题 ${rule} 放行，理由进入此后的每份授权书。`,
  approveHint: '请先看检查结果、样张和差别。批准的是现在显示的内容。',
  own: '您参与了起草，须由另一人批准。',
  published: '已发布。',
  waive: '放行问题',
  waiveHint: '有问题的模板不能发布，除非逐项写明放行的理由；理由会进入每份授权书的证据。',
  reason: (rule, path) => `放行理由：${rule}（${path}）`,
  waiveOne: '放行',
  waived: '已放行。',
  retire: '停用',
  retireHint: '不再用于新的授权；已签署的不受影响。',
  retired: '已停用。',
  newVersion: '起草新版本',
  newVersionHint: '以当前显示的内容为起点。',
  time: '时间均为北京时间（UTC+8）。',
};
