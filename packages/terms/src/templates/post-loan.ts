import { parseTemplate, type TemplateBody } from '../template.js';
import { creditReportTemplate } from './credit-report.js';
import { electronic, signedByMyself } from './standing-texts.js';

/**
 * Recurring queries of the credit report while one loan runs, ended by its settlement
 * (征信业管理条例 arts. 18–20, 25, 26; 个人信息保护法 arts. 14–17, 29, 44–50). The source is fictitious.
 */
export const postLoanTemplate: TemplateBody = parseTemplate({
  format: 'mandate-template/v1',
  name: 'post-loan',
  title: {
    zh: '贷后管理个人信用报告查询授权书',
    en: 'Authorization to Query Credit Reports for Post-Loan Management',
  },
  policy: {
    measures: ['sms-code'],
    keyOrigins: ['browser'],
    gate: 'last-six',
    minimumReadingSeconds: 10,
  },
  purpose: {
    code: 'post-loan-management',
    text: {
      zh: '对本授权书所载业务编号项下已经发放且尚未结清的一笔个人贷款进行贷后管理，即在贷款存续期间检查授权人的还款能力和信用状况有无重大变化，并据此作出风险提示、额度调整或者与授权人协商还款安排。',
      en: 'Post-loan management of the one personal loan already granted and not yet settled under the business reference stated in this letter: to check, while the loan runs, whether repayment ability and credit standing of the Subject have changed materially, and on that basis to warn of risk, adjust the credit line or agree on repayment with the Subject.',
    },
  },
  plain: {
    data: { zh: '个人信用报告', en: 'credit report' },
    purpose: { zh: '本笔贷款的贷后管理', en: 'this loan' },
    refusal: {
      zh: '已发放的贷款照常履行，机构改为请您提供还款能力材料',
      en: 'the loan granted goes on; you will be asked for papers on your repayment ability instead',
    },
  },
  items: creditReportTemplate.items.filter(({ code }) => code !== 'query-records'),
  sources: creditReportTemplate.sources,
  recipients: [],
  method: {
    zh: '贷款存续期间，被授权人按照本授权书所列次数，将授权人的姓名、证件类型、证件号码和本授权书编号加密提交给本授权书所列信息来源，由信息来源核对后返回个人信用报告；被授权人将其与发放贷款时的信用状况比较，在自有系统内分析和存储，不委托他人处理，不向他人提供，不公开。每次查询后，被授权人向授权人的手机号码发送通知。',
    en: 'While the loan runs, and no more often than this letter states, the Institution submits the name, ID type, ID number and the number of this letter, encrypted, to the source listed in this letter, which checks them and returns the credit report. The Institution compares it with the credit standing at the time the loan was granted, and analyses and stores it in its own systems. It does not entrust the processing to others, does not provide the report to others and does not publish it. After each query the Institution notifies the Subject by a message to the phone number in this letter.',
  },
  automatedDecision: {
    zh: '被授权人以预警模型对个人信用报告作自动化分析，产生的预警由贷后管理人员复核；降低额度、提前收回贷款的决定由人工作出，并向授权人说明理由。授权人有权要求被授权人说明预警所依据的主要因素，并有权拒绝仅以自动化方式作出的对授权人权益有重大影响的决定。',
    en: 'The Institution analyses the credit report with a warning model; its staff review each warning. A decision to lower the credit line or to call in the loan is made by people and explained to the Subject. The Subject may ask the Institution to explain the main factors of a warning, and may refuse a decision with major effect on the Subject that is made by automated means alone.',
  },
  retention: {
    zh: '每次取得的个人信用报告保存至贷款结清之日起满五年，期限届满后三十日内删除。贷款结清后，被授权人不再依据本授权书查询，已取得的个人信用报告只作档案保存，不用于新的营销或者授信。',
    en: 'Each credit report obtained is kept until five years after the day the loan is settled, and is deleted within thirty days after that. Once the loan is settled, the Institution makes no further query under this letter; credit reports already obtained are only kept on file and are not used for new marketing or new credit.',
  },
  refusal: {
    zh: '授权人可以不同意本授权。不同意的，不影响已发放贷款的履行，贷款合同约定的利率和还款计划不变；被授权人可以请授权人自行提供能够说明还款能力的材料。',
    en: 'The Subject may refuse this authorization. The loan already granted is not affected: the interest rate and repayment plan agreed in the loan contract stay the same; the Institution may ask the Subject to provide papers that show the repayment ability instead.',
  },
  rights: creditReportTemplate.rights,
  withdrawal: {
    zh: '授权人可以随时通过本授权书所列联系方式撤回本授权，无须说明理由，不收取费用。撤回自被授权人收到时生效，此后被授权人不得再依据本授权书查询，但贷款合同继续履行。撤回不影响撤回前已完成的查询及据此作出的处理；已取得的个人信用报告自撤回之时起不再用于新的处理，并按“保存期限与到期处理”存储和删除。',
    en: 'The Subject may withdraw this authorization at any time through the contact listed in this letter, without giving reasons and free of charge. Withdrawal takes effect when the Institution receives it; no query may be made under this letter afterwards, while the loan contract goes on. Queries completed before the withdrawal, and processing based on them, are not affected; credit reports already obtained are not used for new processing from then on, and are stored and deleted as stated under "Retention".',
  },
  electronic,
  clauses: [
    {
      id: 'purpose-only',
      text: {
        zh: '我同意被授权人只为管理本笔贷款，在贷款结清之前按本授权书所列次数查询我的个人信用报告；新的贷款或者其他目的须另行取得我的授权。',
        en: 'I agree that the Institution, only to manage this loan and until it is settled, queries my credit report the number of times in this letter; a new loan or any other purpose needs a new authorization from me.',
      },
      explain: {
        zh: '这笔贷款还清之前，机构可以按约定的次数查看，只为这一笔贷款。再借一笔，要重新问您。',
        en: 'Until this loan is paid off they may look the agreed number of times, for this loan only. For another loan they must ask again.',
      },
    },
    {
      id: 'sensitive-data',
      text: {
        zh: '我单独同意被授权人为上述目的处理个人信用报告中的信贷交易信息和公共信息；我知道它们属于敏感个人信息。',
        en: 'I separately consent to the processing, for that purpose, of the credit transactions and public records in my credit report; I know that they are sensitive personal information.',
      },
    },
    {
      id: 'adverse-effect',
      text: {
        zh: '我知道：信用报告中新出现的逾期、欠税、强制执行记录可能使我的额度降低，或者使被授权人依照贷款合同要求提前还款。',
        en: 'I know: new overdue, tax-arrears or enforcement records in my credit report may lower my credit line or lead the Institution to ask for early repayment under the loan contract.',
      },
    },
    {
      id: 'ends-with-loan',
      text: {
        zh: '我知道：贷款结清之日本授权即终止；到本授权书所列最迟日期仍未结清的，本授权同样终止，继续查询须重新取得我的授权。',
        en: 'I know: this authorization ends on the day the loan is settled; if the loan is not settled by the latest date in this letter, it ends all the same, and further queries need a new authorization from me.',
      },
      explain: {
        zh: '还清就停；没还清，到了最迟日期也停。',
        en: 'It stops when the loan is paid off, and on the latest date in any case.',
      },
    },
    {
      id: 'withdrawal',
      text: {
        zh: '我知道：我可以随时撤回本授权，撤回不影响贷款合同的履行，也不影响撤回前已完成的查询。',
        en: 'I know: I may withdraw this authorization at any time; this affects neither the loan contract nor the queries completed before.',
      },
    },
    signedByMyself,
  ],
  limits: { maximumDays: 1830, uses: { kinds: ['recurring'], maximum: 3 } },
});
