import { parseTemplate, type TemplateBody } from '../template.js';

/**
 * The sample: consent to one query of an individual credit report for one loan application
 * (征信业管理条例 arts. 18–20, 25, 26; 个人信息保护法 arts. 14–17, 23, 29, 44–50; 电子签名法 arts. 3, 13, 14).
 * The source is fictitious. An institution replaces it by its own version with its own counsel.
 */
export const creditReportTemplate: TemplateBody = parseTemplate({
  format: 'mandate-template/v1',
  name: 'credit-report',
  title: {
    zh: '个人信用报告查询授权书',
    en: 'Authorization to Query an Individual Credit Report',
  },
  policy: {
    measures: ['sms-code'],
    keyOrigins: ['browser'],
    gate: 'last-six',
    minimumReadingSeconds: 10,
  },
  purpose: {
    code: 'loan-approval',
    text: {
      zh: '审批授权人以本授权书所载业务编号提出的一笔个人贷款申请，即判断是否发放该笔贷款，并确定其额度、利率和期限。',
      en: 'To decide on the one personal loan application filed by the Subject under the business reference stated in this letter: whether to grant that loan, and at what amount, interest rate and term.',
    },
  },
  plain: {
    data: { zh: '个人信用报告', en: 'credit report' },
    purpose: { zh: '本次贷款审批', en: 'this loan application' },
    refusal: {
      zh: '本次贷款将无法继续审批，您现有的账户和其他服务不受影响',
      en: 'this loan application cannot proceed; your existing accounts and other services are not affected',
    },
  },
  items: [
    {
      code: 'basic-information',
      name: {
        zh: '个人基本信息：身份信息、婚姻信息、居住信息、职业信息',
        en: 'Basic information: identity, marital status, residence, occupation',
      },
      class: 'general',
      necessary: true,
    },
    {
      code: 'credit-transactions',
      name: {
        zh: '信贷交易信息：贷款、信用卡、担保的账户信息及还款和逾期记录',
        en: 'Credit transactions: accounts of loans, credit cards and guarantees, with repayment and overdue records',
      },
      class: 'sensitive',
      necessary: true,
    },
    {
      code: 'public-records',
      name: {
        zh: '公共信息：欠税记录、民事判决记录、强制执行记录、行政处罚记录',
        en: 'Public records: tax arrears, civil judgments, enforcement, administrative penalties',
      },
      class: 'sensitive',
      necessary: true,
    },
    {
      code: 'query-records',
      name: {
        zh: '查询记录：最近两年内查询个人信用报告的机构、日期和原因',
        en: 'Query records: who queried the credit report in the last two years, when and why',
      },
      class: 'general',
      necessary: true,
    },
  ],
  sources: [
    {
      name: { zh: '示例征信有限公司', en: 'Sample Credit Bureau Co., Ltd. (示例征信有限公司)' },
      creditCode: '91110000MA00DEM01M',
    },
  ],
  recipients: [],
  method: {
    zh: '被授权人将授权人的姓名、证件类型、证件号码和本授权书编号加密提交给本授权书所列信息来源，由信息来源核对后返回个人信用报告；被授权人在自有系统内读取、核对、分析和存储该报告，不委托他人处理，不向他人提供，不公开。',
    en: 'The Institution submits the name, ID type, ID number and the number of this letter, encrypted, to the source listed in this letter; the source checks them and returns the credit report. The Institution reads, checks, analyses and stores the report in its own systems. It does not entrust the processing to others, does not provide the report to others and does not publish it.',
  },
  automatedDecision: {
    zh: '被授权人以评分模型对个人信用报告作自动化分析，分析结果供审批人员参考，是否发放贷款由审批人员决定。授权人有权要求被授权人说明分析所依据的主要因素，并有权拒绝仅以自动化方式作出的对授权人权益有重大影响的决定。',
    en: 'The Institution analyses the credit report with a scoring model; the result informs its staff, who decide on the loan. The Subject may ask the Institution to explain the main factors of the analysis, and may refuse a decision with major effect on the Subject that is made by automated means alone.',
  },
  retention: {
    zh: '申请未获批准或者被撤回的，个人信用报告自申请终结之日起保存六个月；贷款发放的，保存至贷款结清之日起满五年。期限届满后三十日内删除；法律、行政法规规定的保存期限尚未届满的，在该期限内只存储，不作其他处理。',
    en: 'If the application is rejected or withdrawn, the credit report is kept for six months from the day the application ends; if the loan is granted, until five years after the day it is settled. It is deleted within thirty days after that. Where a retention period set by statute or administrative regulation has not yet ended, the report is only stored during that period and not otherwise processed.',
  },
  refusal: {
    zh: '授权人可以不同意本授权。不同意的，被授权人无法核实授权人的信用状况，本次贷款申请将不能继续审批；授权人现有的账户和正在使用的其他服务不受影响。',
    en: 'The Subject may refuse this authorization. The Institution then cannot verify the credit standing of the Subject and this loan application cannot proceed; existing accounts and other services in use are not affected.',
  },
  rights: {
    zh: '授权人有权向被授权人查询、复制、更正、补充、删除其个人信息，要求解释说明，限制或者拒绝处理；通过本授权书所列联系方式提出，被授权人自收到之日起十五个工作日内答复，不予办理的书面说明理由。授权人认为信用报告存在错误、遗漏的，可以向信息来源或者报送该信息的机构提出异议，受理机构自收到异议之日起二十日内核查、处理并书面答复。授权人认为合法权益受到侵害的，可以向本授权书所列投诉渠道投诉，可以向所在地的中国人民银行分支机构投诉，也可以直接向人民法院起诉。',
    en: "The Subject may access, copy, correct, supplement and delete personal information held by the Institution, ask for an explanation, and restrict or object to processing, through the contact listed in this letter; the Institution answers within fifteen working days of receipt and gives written reasons for any refusal. If the Subject believes that the credit report contains errors or omissions, an objection may be raised with the source or with the body that reported the information, which verifies, handles and answers it in writing within twenty days of receipt. If lawful rights are infringed, the Subject may use the complaint channel listed in this letter, may complain to the local branch of the People's Bank of China, and may sue in a people's court directly.",
  },
  withdrawal: {
    zh: '授权人可以随时通过本授权书所列联系方式撤回本授权，无须说明理由，不收取费用。撤回自被授权人收到时生效，此后被授权人不得再依据本授权书查询。撤回不影响撤回前已完成的查询及据此作出的处理；已取得的个人信用报告自撤回之时起不再用于新的处理，并按“保存期限与到期处理”存储和删除。',
    en: 'The Subject may withdraw this authorization at any time through the contact listed in this letter, without giving reasons and free of charge. Withdrawal takes effect when the Institution receives it; no query may be made under this letter afterwards. Queries completed before the withdrawal, and processing based on them, are not affected; a credit report already obtained is not used for new processing from then on, and is stored and deleted as stated under "Retention".',
  },
  electronic: {
    zh: '授权人同意以数据电文形式订立本授权书：在签署页面阅读全文，逐条确认重要条款，以本人手机收到的一次性验证码确认，并以仅用于本次签署的一次性密钥作出电子签名。依照《中华人民共和国电子签名法》，可靠的电子签名与手写签名或者盖章具有同等的法律效力。授权人不愿以电子形式签署的，可以向被授权人要求以纸质形式签署。',
    en: "The Subject agrees to conclude this authorization as an electronic document: by reading the whole text on the signing page, acknowledging each key clause, confirming with a one-time code received on the Subject's own phone, and signing with a one-time key that serves this signing only. Under the Electronic Signature Law of the People's Republic of China a reliable electronic signature has the same legal effect as a handwritten signature or seal. A Subject who does not wish to sign electronically may ask the Institution to sign on paper.",
  },
  clauses: [
    {
      id: 'purpose-only',
      text: {
        zh: '我同意被授权人只为审批本次贷款申请，向本授权书所列信息来源查询我的个人信用报告；用于其他目的须另行取得我的授权。',
        en: 'I agree that the Institution queries my credit report from the source listed in this letter only to decide on this loan application; any other purpose needs a new authorization from me.',
      },
      explain: {
        zh: '只能拿来判断这一笔贷款批不批。想查来做别的事，必须再来问您一次。',
        en: 'They may look only to decide on this one loan. For anything else they have to ask you again.',
      },
    },
    {
      id: 'sensitive-data',
      text: {
        zh: '我单独同意被授权人为上述目的处理个人信用报告中的信贷交易信息和公共信息；我知道它们属于敏感个人信息。',
        en: 'I separately consent to the processing, for that purpose, of the credit transactions and public records in my credit report; I know that they are sensitive personal information.',
      },
      explain: {
        zh: '贷款、信用卡、还款和欠税、判决这些记录比较私密，法律要求单独问您一次。您同意后，机构只能为这笔贷款看它们。',
        en: 'Loans, cards, repayments, tax arrears and judgments are private matters, so the law wants you to be asked separately. If you agree, the institution may look at them for this loan only.',
      },
    },
    {
      id: 'adverse-effect',
      text: {
        zh: '我知道：信用报告中的逾期、欠税、强制执行记录可能使本次贷款被拒绝、额度降低或者利率提高。',
        en: 'I know: overdue, tax-arrears or enforcement records in my credit report may cause this loan to be rejected, its amount reduced or its interest rate raised.',
      },
      explain: {
        zh: '如果报告里有逾期、欠税或者强制执行的记录，贷款可能批不下来，额度可能变少，利息可能变高。',
        en: 'If the report shows overdue payments or tax arrears, the loan may be refused, smaller, or dearer.',
      },
    },
    {
      id: 'query-record',
      text: {
        zh: '我知道：每次查询都会在我的信用报告中留下查询记录，短期内查询较多可能影响其他机构对我的评价。',
        en: 'I know: each query leaves a query record in my credit report, and many queries in a short time may affect how other institutions rate me.',
      },
      explain: {
        zh: '每查一次，报告里就多一行“某机构查过”。短时间里查得多，别的机构可能会多想。',
        en: 'Every query adds a line “queried by …” to your report. Many of them in a short time may make others cautious.',
      },
    },
    {
      id: 'end-and-withdrawal',
      text: {
        zh: '我知道：次数用完、有效期届满或者我撤回后，本授权即失效，被授权人不得再次查询；撤回前已完成的查询不受影响。',
        en: 'I know: when the number of uses is reached, the term ends or I withdraw, this authorization ends and no further query may be made; queries completed before I withdraw are not affected.',
      },
      explain: {
        zh: '用完、到期或者您撤回以后，机构就不能再查了。之前已经查过的那次，撤不回来。',
        en: 'Once used up, expired or withdrawn, nobody may query again. What was queried before cannot be undone.',
      },
    },
    {
      id: 'signed-by-myself',
      text: {
        zh: '我确认本授权书所载姓名、证件号码和手机号码属实，由我本人阅读和签署，没有人向我索要验证码或者指使我签署。',
        en: 'I confirm that name, ID number and phone number in this letter are true, that I am reading and signing it myself, and that nobody has asked me for the code or told me to sign.',
      },
      explain: {
        zh: '您确认是自己在看、自己在签，名字、证件号和手机号都对。如果有人在电话里教您这样做，请马上停下。',
        en: 'You confirm that you are reading and signing yourself, and that name, ID number and phone are right. If somebody on the phone is telling you to do this, stop now.',
      },
    },
  ],
  limits: { maximumDays: 90, uses: { kinds: ['count'], maximum: 3 } },
});
