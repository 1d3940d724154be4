import { parseTemplate, type TemplateBody } from '../template.js';
import { electronic, rightsWith, signedByMyself } from './standing-texts.js';

/**
 * Consent to report one loan's credit data to a credit bureau. What goes on by law after a withdrawal is
 * said before signing (征信业管理条例 arts. 15, 16, 23, 25, 29; 个人信息保护法 arts. 15, 16, 23, 29). Both the
 * lender, as source, and the bureau, as recipient, are fictitious.
 */
export const creditReportingTemplate: TemplateBody = parseTemplate({
  format: 'mandate-template/v1',
  name: 'credit-reporting',
  title: {
    zh: '个人信贷信息报送授权书',
    en: 'Authorization to Report Personal Credit Data',
  },
  act: 'report',
  policy: {
    measures: ['sms-code'],
    keyOrigins: ['browser'],
    gate: 'last-six',
    minimumReadingSeconds: 15,
  },
  purpose: {
    code: 'credit-reporting',
    text: {
      zh: '向本授权书所列征信机构报送授权人在本授权书所载业务编号项下一笔个人贷款的信贷信息，由该征信机构依法采集、加工，形成授权人的信用记录。',
      en: 'To report to the credit bureau listed in this letter the credit data of the one personal loan of the Subject under the business reference stated in this letter; the bureau collects and processes them by law into the credit record of the Subject.',
    },
  },
  plain: {
    data: { zh: '本笔贷款信息', en: 'loan data' },
    purpose: { zh: '征信机构建立信用记录', en: 'credit records' },
    refusal: {
      zh: '本笔贷款将无法发放，您现有的账户和其他服务不受影响',
      en: 'this loan cannot be granted; your existing accounts and other services are not affected',
    },
  },
  items: [
    {
      code: 'identification',
      name: {
        zh: '身份标识信息：姓名、证件类型、证件号码',
        en: 'Identification: name, ID type, ID number',
      },
      class: 'general',
      necessary: true,
    },
    {
      code: 'loan-account',
      name: {
        zh: '借贷账户信息：贷款种类、金额、开立日期、到期日期、余额',
        en: 'Loan account: kind, amount, opening date, due date, balance',
      },
      class: 'sensitive',
      necessary: true,
    },
    {
      code: 'repayment-record',
      name: {
        zh: '还款记录：每期应还金额、实还金额、逾期金额、逾期天数、结清日期',
        en: 'Repayment record: amount due and paid in each period, amount and days overdue, date of settlement',
      },
      class: 'sensitive',
      necessary: true,
    },
  ],
  sources: [
    {
      name: {
        zh: '禾穗消费金融有限公司',
        en: 'Hesui Consumer Finance Co., Ltd. (禾穗消费金融有限公司)',
      },
      creditCode: '91310000MA1FL5E8XC',
    },
  ],
  recipients: [
    {
      name: { zh: '示例征信有限公司', en: 'Sample Credit Bureau Co., Ltd. (示例征信有限公司)' },
      creditCode: '91110000MA00DEM01M',
      // the letter is about nothing else than reporting to it
      necessary: true,
      purpose: {
        zh: '依照《征信业管理条例》采集信贷信息，形成个人信用报告，供信息主体本人和取得信息主体书面同意的机构查询',
        en: 'to collect credit data under the Regulation on the Credit Reporting Industry and form the individual credit report, for query by the person concerned and by institutions with the written consent of that person',
      },
    },
  ],
  method: {
    zh: '被授权人从自有业务系统提取本笔贷款的信贷信息，核对后加密报送给本授权书所列征信机构，按月更新，直至贷款结清后报送结清记录。拟报送逾期信息的，被授权人在报送前以短信或者电话告知授权人本人。信贷信息不委托他人处理，不公开，不提供给本授权书未列明的机构。',
    en: 'The Institution takes the credit data of this loan from its own business system, checks them and reports them, encrypted, to the credit bureau listed in this letter, updates them monthly, and reports the settlement after the loan is settled. Before reporting overdue data, the Institution tells the Subject in person by message or telephone. It does not entrust the processing to others, does not publish the data and does not provide them to bodies not listed in this letter.',
  },
  automatedDecision: {
    zh: '报送由系统按照固定规则提取和发送，不对授权人作出评价或者决定；逾期信息在报送前经人工复核。',
    en: 'A system takes and sends the data by fixed rules; it neither rates the Subject nor decides about the Subject. Overdue data are reviewed by staff before they are reported.',
  },
  retention: {
    zh: '被授权人保存报送记录至贷款结清之日起满五年，期限届满后三十日内删除。征信机构对个人不良信息的保存期限，依照《征信业管理条例》第十六条，自不良行为或者事件终止之日起为五年；超过五年的，由征信机构予以删除。',
    en: 'The Institution keeps the record of what it reported until five years after the day the loan is settled, and deletes it within thirty days after that. Under article 16 of the Regulation on the Credit Reporting Industry a credit bureau keeps adverse information for five years from the day the adverse act or event ends; after five years the bureau deletes it.',
  },
  refusal: {
    zh: '授权人可以不同意本授权。向所列征信机构提供，由授权人单独同意；不同意向其提供的，即为不同意本授权书。不同意的，被授权人不得报送，本笔贷款将无法发放；授权人现有的账户和正在使用的其他服务不受影响。',
    en: 'The Subject may refuse this authorization. Providing data to the credit bureau listed takes the separate consent of the Subject; refusing it to that bureau is refusing this letter. The Institution then reports nothing, and this loan cannot be granted; existing accounts and other services in use are not affected.',
  },
  rights: rightsWith({
    zh: '授权人认为报送的信贷信息存在错误、遗漏的，可以向被授权人或者征信机构提出异议，受理机构自收到异议之日起二十日内核查、处理并书面答复；确有错误、遗漏的，予以更正。授权人可以向征信机构查询自身信息，每年两次免费获取本人的信用报告，可以向所在地的中国人民银行分支机构投诉。',
    en: "If the Subject believes that the credit data reported contain errors or omissions, an objection may be raised with the Institution or the credit bureau, which verifies, handles and answers it in writing within twenty days of receipt and corrects what is wrong or missing. The Subject may query own information at the credit bureau, is entitled to two free credit reports a year, and may complain to the local branch of the People's Bank of China.",
  }),
  withdrawal: {
    zh: '授权人可以随时通过本授权书所列联系方式撤回本授权，无须说明理由，不收取费用。撤回自被授权人收到时生效，此后被授权人不得再依据本授权书报送新的信贷信息。撤回不影响撤回前已完成的报送。撤回后依照《征信业管理条例》仍须继续的事项限于下列三项：征信机构依照第十六条保存已报送的信息；被授权人和征信机构依照第二十三条、第二十五条更正已报送信息中的错误、遗漏；被授权人为此更新已报送账户的还款和结清状态。',
    en: 'The Subject may withdraw this authorization at any time through the contact listed in this letter, without giving reasons and free of charge. Withdrawal takes effect when the Institution receives it; no new credit data may be reported under this letter afterwards. Reports completed before the withdrawal are not affected. What must go on after the withdrawal under the Regulation on the Credit Reporting Industry is limited to three matters: the credit bureau keeps what was reported, under article 16; the Institution and the bureau correct errors and omissions in it, under articles 23 and 25; and for that purpose the Institution updates repayment and settlement of an account already reported.',
  },
  electronic,
  clauses: [
    {
      id: 'purpose-only',
      text: {
        zh: '我同意被授权人只将本笔贷款的信贷信息报送给本授权书所列征信机构，用于形成我的信用记录；报送其他贷款须另行取得我的授权。',
        en: 'I agree that the Institution reports only the credit data of this loan to the credit bureau listed in this letter, to form my credit record; reporting another loan needs a new authorization from me.',
      },
      explain: {
        zh: '只报这一笔贷款，只报给写明的这一家征信机构。',
        en: 'Only this loan is reported, and only to the credit bureau named here.',
      },
    },
    {
      id: 'sensitive-data',
      text: {
        zh: '我单独同意被授权人为上述目的处理我的借贷账户信息和还款记录；我知道它们属于敏感个人信息。',
        en: 'I separately consent to the processing, for that purpose, of my loan account and repayment record; I know that they are sensitive personal information.',
      },
    },
    {
      id: 'adverse-effect',
      text: {
        zh: '我知道：如果我逾期还款，逾期信息将在告知我本人后报送，可能使我今后申请贷款、信用卡时被拒绝、额度降低或者利率提高。',
        en: 'I know: if I pay late, overdue data will be reported after I have been told; future applications of mine for loans or credit cards may then be rejected, reduced or charged a higher rate.',
      },
    },
    {
      id: 'continues-by-law',
      text: {
        zh: '我知道：我撤回后，不再报送新的信贷信息；但已报送的信息由征信机构依法保存，不良信息自终止之日起保存五年，其中的错误、遗漏继续更正。',
        en: 'I know: after I withdraw no new credit data are reported; but what was reported is kept by the credit bureau as the law says, adverse information for five years from its end, and errors and omissions in it go on being corrected.',
      },
      explain: {
        zh: '撤回能让今后不再报，但不能让已经报上去的记录消失；记录有错，随时可以要求改。',
        en: 'Withdrawing stops new reports. It does not erase what was reported; mistakes in it can always be corrected.',
      },
    },
    {
      id: 'ends-with-loan',
      text: {
        zh: '我知道：贷款结清或者到本授权书所列最迟日期，以先到者为准，本授权即终止。',
        en: 'I know: this authorization ends when the loan is settled or on the latest date in this letter, whichever is earlier.',
      },
    },
    signedByMyself,
  ],
  limits: { maximumDays: 1830, uses: { kinds: ['recurring'], maximum: 2 } },
});
