import type { TemplateFaultCode } from '../api/templates.js';
import type { TemplateSection } from '../ui/template-sections.js';

export interface FieldWords {
  readonly label: string;
  readonly hint?: string;
  /** Of a list: one entry, without its number; what adds another; what is said where there is none. */
  readonly entry?: string;
  readonly add?: string;
  readonly none?: string;
}

export interface TemplateFormWords {
  readonly tabs: Readonly<Record<'form' | 'text', string>>;
  readonly tabsLabel: string;
  readonly sections: Readonly<Record<TemplateSection, string>>;
  readonly jump: string;
  /** By a member's path without numbers: `items[].name`. */
  readonly fields: Readonly<Record<string, FieldWords>>;
  /** By a member's path, then by value. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly sides: Readonly<Record<'zh' | 'en', string>>;
  readonly unnamed: string;
  readonly absent: string;
  readonly length: (is: number, most: number) => string;
  readonly range: (least: number, most: number) => string;
  readonly entry: (entry: string, number: number, name: string) => string;
  readonly up: string;
  readonly down: string;
  readonly remove: string;
  readonly moved: (entry: string, number: number, of: number) => string;
  readonly removed: (entry: string) => string;
  readonly added: (entry: string, number: number) => string;
  readonly atMost: (most: number) => string;
  readonly faults: Readonly<Record<TemplateFaultCode, string>>;
  readonly systemFormat: string;
  readonly found: (errors: number, warnings: number) => string;
  readonly faulty: (faults: number) => string;
  readonly elsewhere: string;
  readonly live: string;
  readonly liveHint: string;
  readonly liveWaits: string;
  readonly ofSaved: string;
  readonly ofWritten: string;
  readonly conflict: string;
  readonly conflictNone: string;
  readonly conflictPath: string;
  readonly mine: string;
  readonly theirs: string;
  readonly takeTheirs: string;
  readonly takeMine: string;
  readonly saveMerged: string;
  readonly dropMine: string;
  readonly overMeanwhile: string;
  readonly asNewVersion: string;
}

export const zh: TemplateFormWords = {
  tabs: { form: '表单', text: '文本（JSON）' },
  tabsLabel: '编辑方式',
  sections: {
    letter: '名称',
    purpose: '目的',
    data: '数据项',
    sources: '信息来源',
    recipients: '第三方接收方',
    uses: '期限与次数',
    plain: '页面和短信用语',
    processing: '处理与保存',
    rights: '权利与撤回',
    clauses: '重点条款',
    signing: '签署方式',
  },
  jump: '跳到',
  fields: {
    name: { label: '系统名称', hint: '起好后不能更改。' },
    title: { label: '授权书标题' },
    'purpose.code': { label: '目的类别', hint: '使用授权时，系统按这个类别核对。' },
    'purpose.text': { label: '目的', hint: '写明为哪一件事，不写开放式的范围。' },
    act: { label: '机构向接收方报送信息，而不是查询信息' },
    items: { label: '数据项', entry: '数据项', add: '增加数据项' },
    'items[].code': { label: '系统代号' },
    'items[].name': { label: '名称' },
    'items[].class': { label: '类别' },
    'items[].necessary': { label: '必要：没有它就办不成这件事' },
    sources: { label: '信息来源', entry: '信息来源', add: '增加信息来源' },
    'sources[].name': { label: '名称', hint: '与登记簿中的名称一致。' },
    'sources[].creditCode': { label: '统一社会信用代码' },
    recipients: {
      label: '第三方接收方',
      hint: '每一家都须由授权人单独同意。',
      entry: '接收方',
      add: '增加接收方',
      none: '不向第三方提供。',
    },
    'recipients[].name': { label: '名称', hint: '与登记簿中的名称一致。' },
    'recipients[].creditCode': { label: '统一社会信用代码' },
    'recipients[].purpose': { label: '接收的目的' },
    'recipients[].necessary': { label: '必要：拒绝它就等于拒绝这份授权' },
    'limits.maximumDays': { label: '最长有效天数' },
    'limits.uses.kinds': { label: '次数的写法' },
    'limits.uses.maximum': { label: '最多次数', hint: '总次数，或者每个周期的次数。' },
    'plain.data': { label: '数据的简称', hint: '用于签署页面和短信。' },
    'plain.purpose': { label: '目的的简称' },
    'plain.refusal': { label: '不同意会怎样' },
    method: { label: '处理方式' },
    automatedDecision: { label: '自动化决策' },
    retention: { label: '保存期限与到期处理' },
    refusal: { label: '不同意的后果' },
    rights: { label: '授权人的权利与行使方式' },
    withdrawal: { label: '撤回' },
    electronic: { label: '电子签署' },
    clauses: {
      label: '重点条款',
      hint: '授权人逐条确认。',
      entry: '条款',
      add: '增加条款',
    },
    'clauses[].id': { label: '系统代号' },
    'clauses[].text': { label: '条款' },
    'clauses[].explain': { label: '通俗解释', hint: '页面上随条款显示，不进入授权书。' },
    'policy.measures': { label: '确认方式', hint: '勾选的都必须完成。' },
    'policy.keyOrigins': { label: '一次性密钥在哪里生成' },
    'policy.gate': { label: '看到内容之前的核对' },
    'policy.minimumReadingSeconds': { label: '最短阅读时间（秒）' },
    'policy.pause': { label: '冷静期' },
    'policy.pause.fromAge': { label: '从多少岁起', hint: '留空表示不按年龄。' },
    'policy.pause.minutes': { label: '冷静期（分钟）' },
    'policy.voice': { label: '验证码可以用语音电话告知' },
    'policy.topLevelOnly': { label: '只能在完整页面签署，不能嵌在其他页面里' },
    'policy.identity': { label: '身份核验' },
  },
  values: {
    'purpose.code': {
      'loan-approval': '贷款审批',
      'credit-card-approval': '信用卡审批',
      'guarantee-review': '担保资格审查',
      'post-loan-management': '贷后管理',
      'credit-reporting': '信用信息报送',
      'income-verification': '收入核实',
      'identity-verification': '身份核验',
      'fraud-prevention': '反欺诈',
    },
    'items[].class': { general: '一般个人信息', sensitive: '敏感个人信息' },
    'limits.uses.kinds': { count: '总共若干次', recurring: '每个周期若干次' },
    'policy.measures': { 'sms-code': '短信验证码', passkey: '通行密钥' },
    'policy.keyOrigins': {
      browser: '授权人的浏览器',
      software: '本系统，只在一次函数调用之内（浏览器做不到时）',
    },
    'policy.gate': { 'last-six': '证件号码后六位', institution: '机构声明已登录' },
    'policy.identity': {
      basic: '基本：只凭上面的确认方式',
      strong: '加强：短信验证码和通行密钥',
      'cn-credit': '征信：公安权威数据源，另加至少两种',
    },
  },
  sides: { zh: '中文', en: '英文' },
  unnamed: '未命名',
  absent: '不设',
  length: (is, most) => `${is} / ${most}`,
  range: (least, most) => `${least} 至 ${most}`,
  entry: (entry, number, name) => `${entry} ${number}：${name}`,
  up: '上移',
  down: '下移',
  remove: '删除',
  moved: (entry, number, of) => `${entry}现在是第 ${number} 项，共 ${of} 项。`,
  removed: (entry) => `已删除：${entry}。`,
  added: (entry, number) => `已增加：${entry} ${number}。`,
  atMost: (most) => `最多 ${most} 项。`,
  faults: {
    missing: '须填写。',
    format: '不能为空，首尾不能有空格。',
    'too-long': '太长。',
    'too-many': '项数太多。',
    'too-few': '至少要有一项。',
    'too-large': '数值太大。',
    'too-small': '数值太小。',
    'no-choice': '须从列出的值中选择。',
    unknown: '有模板里没有的内容，请到文本页删除。',
    character: '有不能使用的字符（控制字符、不可见字符或者组合字符）。',
    repeated: '有两项的代号相同。',
    'none-necessary': '至少一项须是必要的。',
    measures: '这种身份核验要求的确认方式没有勾选。',
    'credit-code': '不是有效的统一社会信用代码（18 位，末位是校验码）。',
    wrong: '内容的类型不对，请到文本页修改。',
  },
  systemFormat: '小写字母、数字和连字符，以字母开头，最多 40 个字符。',
  found: (errors, warnings) => `规则检查：${errors} 个问题，${warnings} 个提醒`,
  faulty: (faults) => `还有 ${faults} 处没有填好；填好后再作规则检查`,
  elsewhere: '关于整份模板',
  live: '边写边生成样张',
  liveHint: '停笔后按当前内容重新生成，不保存。',
  liveWaits: '内容填好后再生成。',
  ofSaved: '按已保存的内容生成。',
  ofWritten: '按当前内容生成，包括未保存的修改。',
  conflict: '这个版本同时被别人改过。您写的都还在；对方改动而您没有改动的地方已经并入。',
  conflictNone: '两个人改的不是同一处。看过之后请再保存一次。',
  conflictPath: '两人都改过的地方',
  mine: '您写的',
  theirs: '对方写的',
  takeTheirs: '用对方的',
  takeMine: '用我的',
  saveMerged: '保存合并后的内容',
  dropMine: '放弃我的修改，用对方的版本',
  overMeanwhile: '这个版本已经不能修改。您写的还在，可以作为新版本保存。',
  asNewVersion: '作为新版本保存',
};
