import type { IdType } from './identifiers.js';
import type { Language } from './moments.js';
import type { PurposeCode } from './template.js';

/** The fixed words of a letter: what is the same under every template. */
export interface LetterWords {
  readonly letterNumber: string;
  readonly lookupCode: string;
  readonly businessReference: string;
  readonly issuedAt: string;
  readonly preamble: string;
  readonly keyClauses: string;
  readonly keyClausesNote: string;
  readonly sections: Record<SectionId, string>;
  readonly name: string;
  readonly fullName: string;
  readonly idType: string;
  readonly idNumber: string;
  readonly phone: string;
  readonly creditCode: string;
  readonly contact: string;
  readonly purposeCode: string;
  readonly purposeText: string;
  readonly item: string;
  readonly class: string;
  readonly necessity: string;
  readonly classes: Record<'general' | 'sensitive', string>;
  readonly necessities: Record<'true' | 'false', string>;
  /** Stands under the table when an item in it is optional. */
  readonly optionalItems: string;
  readonly recipientPurpose: string;
  /** Stands under the table when a recipient in it is not the institution. */
  readonly thirdParties: string;
  /** Stands there as well when one of them is necessary. */
  readonly necessaryRecipients: string;
  readonly noRecipients: string;
  /** Headings and labels of a letter about reporting, in place of the words of a query. */
  readonly reporting: { readonly items: string; readonly uses: string };
  readonly method: string;
  readonly automatedDecision: string;
  readonly from: string;
  readonly end: string;
  readonly uses: string;
  readonly idTypes: Record<IdType, string>;
  readonly purposes: Record<PurposeCode, string>;
  readonly signature: string;
  readonly signer: string;
  readonly signatureMethod: string;
  readonly signatureMethodText: string;
  readonly signingTime: string;
  readonly signingTimeText: string;
  readonly verification: string;
  readonly template: string;
  readonly honesty: string;
  readonly stamp: readonly string[];
}

export const SECTION_IDS = [
  'subject',
  'institution',
  'purpose',
  'items',
  'sources',
  'recipients',
  'processing',
  'term',
  'retention',
  'refusal',
  'rights',
  'withdrawal',
  'complaints',
  'electronic',
] as const;
export type SectionId = (typeof SECTION_IDS)[number];

const zh: LetterWords = {
  letterNumber: '授权书编号',
  lookupCode: '查询码',
  businessReference: '业务编号',
  issuedAt: '出具时间',
  preamble:
    '授权人（个人信息主体）就下列一项事项向被授权人作出本授权。本授权书未列明的目的、信息、来源和接收方，不在授权范围之内。',
  keyClauses: '重要条款',
  keyClausesNote:
    '以下条款与授权人有重大利害关系，由授权人在签署页面逐条确认；如有不明之处，可在签署前要求被授权人说明。',
  sections: {
    subject: '授权人',
    institution: '被授权人',
    purpose: '授权目的',
    items: '查询的个人信息',
    sources: '信息来源',
    recipients: '接收方',
    processing: '处理方式与自动化决策',
    term: '授权期限与使用次数',
    retention: '保存期限与到期处理',
    refusal: '不同意的后果',
    rights: '授权人的权利及行使方式',
    withdrawal: '撤回',
    complaints: '投诉渠道',
    electronic: '电子签署',
  },
  name: '姓名',
  fullName: '名称',
  idType: '证件类型',
  idNumber: '证件号码',
  phone: '手机号码',
  creditCode: '统一社会信用代码',
  contact: '联系方式',
  purposeCode: '目的类别',
  purposeText: '目的说明',
  item: '信息项目',
  class: '类别',
  necessity: '必要性',
  classes: { general: '一般个人信息', sensitive: '敏感个人信息' },
  necessities: { true: '必要', false: '可选' },
  optionalItems:
    '必要性为“可选”的项目，授权人在签署时单独选择同意的，才属于授权范围；未选择的即为不同意，不影响其他项目。授权人的选择载于签署时的场景记录，该记录的摘要值载于场景证书。',
  recipientPurpose: '接收目的',
  thirdParties:
    '被授权人以外的接收方，授权人在签署时对其单独选择同意的，才属于授权范围；未选择的即为不同意，被授权人不得向其提供。授权人的选择载于签署时的场景记录，该记录的摘要值载于场景证书。',
  necessaryRecipients:
    '必要性为“必要”的接收方，没有它就达不到本授权书的目的。依照《中华人民共和国个人信息保护法》第二十三条，向其提供仍须授权人单独同意；不同意的，即为不同意本授权书，本授权书不予签署，被授权人不得向任何接收方提供。',
  noRecipients: '无。除被授权人外，没有其他接收方。',
  reporting: { items: '报送的个人信息', uses: '报送次数' },
  method: '处理方式',
  automatedDecision: '自动化决策',
  from: '生效时间',
  end: '终止时间',
  uses: '使用次数',
  idTypes: {
    'cn-resident-id': '居民身份证',
    passport: '护照',
    'hk-macau-permit': '港澳居民来往内地通行证',
    'taiwan-permit': '台湾居民来往大陆通行证',
  },
  purposes: {
    'loan-approval': '贷款审批',
    'credit-card-approval': '信用卡审批',
    'guarantee-review': '担保资格审查',
    'post-loan-management': '贷后管理',
    'credit-reporting': '信贷信息报送',
    'income-verification': '收入核实',
    'identity-verification': '身份核验',
    'fraud-prevention': '反欺诈核查',
  },
  signature: '签署',
  signer: '授权人',
  signatureMethod: '签名方式',
  signatureMethodText: '以只用于本授权书的一次性密钥和场景证书作出的电子签名，存于本文件之内。',
  signingTime: '签署时间',
  signingTimeText: '以签名所附时间戳为准。',
  verification: '核验地址',
  template: '模板版本',
  honesty:
    '场景证书由自建认证系统签发，该系统不是依照《中华人民共和国电子签名法》取得许可的电子认证服务；时间戳由证书所载的时间戳服务签发。本页的文字和图样不证明已经签署，是否签署、由谁签署、内容有无改动，以对文件内电子签名的核验结果为准。',
  stamp: ['电子签名', '一次性场景证书', '真伪以核验结果为准'],
};

const en: LetterWords = {
  letterNumber: 'Letter number',
  lookupCode: 'Lookup code',
  businessReference: 'Business reference',
  issuedAt: 'Issued at',
  preamble:
    'The Subject (the person whose information is concerned) gives the Institution this authorization for the one matter below. Purposes, information, sources and recipients that are not listed in this letter are not authorized.',
  keyClauses: 'Key clauses',
  keyClausesNote:
    'These clauses matter most to the Subject, who acknowledges each of them on the signing page and may ask the Institution to explain them before signing.',
  sections: {
    subject: 'Subject',
    institution: 'Institution',
    purpose: 'Purpose',
    items: 'Personal information queried',
    sources: 'Sources',
    recipients: 'Recipients',
    processing: 'Processing and automated decisions',
    term: 'Term and number of uses',
    retention: 'Retention',
    refusal: 'If the Subject refuses',
    rights: 'Rights of the Subject and how to use them',
    withdrawal: 'Withdrawal',
    complaints: 'Complaints',
    electronic: 'Electronic signing',
  },
  name: 'Name',
  fullName: 'Name',
  idType: 'ID type',
  idNumber: 'ID number',
  phone: 'Phone',
  creditCode: 'Unified social credit code',
  contact: 'Contact',
  purposeCode: 'Category',
  purposeText: 'In words',
  item: 'Information',
  class: 'Class',
  necessity: 'Necessity',
  classes: { general: 'general', sensitive: 'sensitive' },
  necessities: { true: 'required', false: 'optional' },
  optionalItems:
    'An item marked "optional" is authorized only if the Subject accepts it by itself when signing; one that is not accepted is refused, which affects no other item. The choice stands in the scene record made at signing, whose digest stands in the scene certificate.',
  recipientPurpose: 'Purpose of receipt',
  thirdParties:
    'A recipient other than the Institution is authorized only if the Subject accepts it by itself when signing; to one that is not accepted, which is thereby refused, the Institution provides nothing. The choice stands in the scene record made at signing, whose digest stands in the scene certificate.',
  necessaryRecipients:
    'Without a recipient marked "required" the purpose of this letter cannot be reached. Under article 23 of the Personal Information Protection Law providing data to it still takes the separate consent of the Subject; to refuse it is to refuse this letter, which is then not signed, and the Institution provides nothing to any recipient.',
  noRecipients: 'None. There is no recipient other than the Institution.',
  reporting: { items: 'Personal information reported', uses: 'Reports' },
  method: 'Processing',
  automatedDecision: 'Automated decisions',
  from: 'From',
  end: 'Until',
  uses: 'Uses',
  idTypes: {
    'cn-resident-id': 'Resident identity card (China)',
    passport: 'Passport',
    'hk-macau-permit': 'Mainland travel permit for Hong Kong and Macao residents',
    'taiwan-permit': 'Mainland travel permit for Taiwan residents',
  },
  purposes: {
    'loan-approval': 'Loan approval',
    'credit-card-approval': 'Credit card approval',
    'guarantee-review': 'Guarantee review',
    'post-loan-management': 'Post-loan management',
    'credit-reporting': 'Credit reporting',
    'income-verification': 'Income verification',
    'identity-verification': 'Identity verification',
    'fraud-prevention': 'Fraud prevention',
  },
  signature: 'Signature',
  signer: 'Subject',
  signatureMethod: 'Signature method',
  signatureMethodText:
    'An electronic signature made with a one-time key and scene certificate that serve this letter only; it is stored inside this file.',
  signingTime: 'Signing time',
  signingTimeText: 'As stated by the timestamp attached to the signature.',
  verification: 'Verify at',
  template: 'Template version',
  honesty:
    "The scene certificate is issued by a self-operated system, which is not an electronic certification service licensed under the Electronic Signature Law of the People's Republic of China; the timestamp is issued by the timestamp service named in its certificate. Nothing printed on this page proves that the letter is signed: whether it is signed, by whom, and whether it was changed is decided by verifying the electronic signature in the file.",
  stamp: [
    'Electronic signature',
    'one-time scene certificate',
    'valid only if verification says so',
  ],
};

export const LETTER_WORDS: Record<Language, LetterWords> = { zh, en };
