import { parseTemplate, type TemplateBody } from '../template.js';
import { electronic, rightsWith, signedByMyself } from './standing-texts.js';

/**
 * Income, tax and housing-fund data for one loan application. 征信业管理条例 art. 14 wants the adverse
 * consequences told and a written consent (also 个人信息保护法 arts. 14–17, 29). Sources are fictitious.
 */
export const incomeTaxTemplate: TemplateBody = parseTemplate({
  format: 'mandate-template/v1',
  name: 'income-tax',
  title: {
    zh: '个人收入与纳税信息查询授权书',
    en: 'Authorization to Query Income and Tax Data',
  },
  policy: {
    measures: ['sms-code'],
    keyOrigins: ['browser'],
    gate: 'last-six',
    minimumReadingSeconds: 15,
  },
  purpose: {
    code: 'income-verification',
    text: {
      zh: '核实授权人在本授权书所载业务编号项下一笔个人贷款申请中申报的收入，即判断申报的收入是否属实、是否足以按期还款。',
      en: 'To verify the income that the Subject declared in the one personal loan application under the business reference stated in this letter: whether the declared income is true and sufficient for repayment in time.',
    },
  },
  plain: {
    data: { zh: '收入和纳税信息', en: 'income and tax data' },
    purpose: { zh: '核实本次贷款申报收入', en: 'checking your income' },
    refusal: {
      zh: '您可以改为提交纸质收入证明，审批时间会延长',
      en: 'you may hand in income papers instead; the decision then takes longer',
    },
  },
  items: [
    {
      code: 'income-tax-records',
      name: {
        zh: '个人所得税纳税记录：最近二十四个月的所得项目、申报收入、已缴税额、扣缴义务人名称',
        en: 'Income tax records: kinds of income, declared income, tax paid and names of withholding agents in the last 24 months',
      },
      class: 'sensitive',
      necessary: true,
    },
    {
      code: 'housing-fund',
      name: {
        zh: '住房公积金缴存记录：最近二十四个月的缴存单位、缴存基数、月缴存额',
        en: 'Housing fund records: employer, base and monthly amount paid in the last 24 months',
      },
      class: 'sensitive',
      necessary: false,
    },
  ],
  sources: [
    {
      name: { zh: '示例市税务局', en: 'Sample City Tax Bureau (示例市税务局)' },
      creditCode: '11110000MB00DEM023',
    },
    {
      name: {
        zh: '示例市住房公积金管理中心',
        en: 'Sample City Housing Fund Centre (示例市住房公积金管理中心)',
      },
      creditCode: '12110000MB00DEM033',
    },
  ],
  recipients: [],
  method: {
    zh: '被授权人将授权人的姓名、证件类型、证件号码和本授权书编号加密提交给本授权书所列信息来源，由信息来源核对后返回所列项目；被授权人据以计算月均收入，与申报收入比对，在自有系统内存储，不委托他人处理，不向他人提供，不公开。',
    en: 'The Institution submits the name, ID type, ID number and the number of this letter, encrypted, to the sources listed in this letter, which check them and return the items listed. The Institution computes the monthly average income from them, compares it with the declared income and stores the data in its own systems. It does not entrust the processing to others, does not provide the data to others and does not publish them.',
  },
  automatedDecision: {
    zh: '月均收入由系统按照固定公式计算；与申报收入不符的，由审批人员联系授权人核实后作出决定，不仅凭计算结果拒绝贷款申请。授权人有权要求被授权人说明计算方法。',
    en: 'A system computes the monthly average income by a fixed formula. Where it differs from the declared income, staff contact the Subject before deciding; no application is rejected on the computed result alone. The Subject may ask the Institution to explain the computation.',
  },
  retention: {
    zh: '申请未获批准或者被撤回的，所取得的信息自申请终结之日起保存六个月；贷款发放的，保存至贷款结清之日起满五年。期限届满后三十日内删除。',
    en: 'If the application is rejected or withdrawn, the data obtained are kept for six months from the day the application ends; if the loan is granted, until five years after the day it is settled. They are deleted within thirty days after that.',
  },
  refusal: {
    zh: '授权人可以不同意本授权，也可以只不同意查询住房公积金缴存记录。不同意的，授权人可以向被授权人提交纸质收入证明，审批时间相应延长；贷款申请不因不同意而被拒绝，授权人正在使用的其他服务不受影响。',
    en: 'The Subject may refuse this authorization, or refuse the query of housing fund records alone. In that case the Subject may hand in income papers to the Institution, and the decision takes accordingly longer; the application is not rejected because of the refusal, and other services in use are not affected.',
  },
  rights: rightsWith({
    zh: '授权人认为纳税记录、缴存记录存在错误、遗漏的，可以向信息来源申请更正，并告知被授权人；被授权人在更正结果作出前不以有争议的记录作出不利决定。',
    en: 'If the Subject believes that tax or housing fund records contain errors or omissions, the Subject may ask the source to correct them and tell the Institution, which makes no adverse decision on the disputed records until the source has answered.',
  }),
  withdrawal: {
    zh: '授权人可以随时通过本授权书所列联系方式撤回本授权，无须说明理由，不收取费用。撤回自被授权人收到时生效，此后被授权人不得再依据本授权书查询。撤回不影响撤回前已完成的查询及据此作出的处理；已取得的信息自撤回之时起不再用于新的处理，并按“保存期限与到期处理”存储和删除。',
    en: 'The Subject may withdraw this authorization at any time through the contact listed in this letter, without giving reasons and free of charge. Withdrawal takes effect when the Institution receives it; no query may be made under this letter afterwards. Queries completed before the withdrawal, and processing based on them, are not affected; data already obtained are not used for new processing from then on, and are stored and deleted as stated under "Retention".',
  },
  electronic,
  clauses: [
    {
      id: 'purpose-only',
      text: {
        zh: '我同意被授权人只为核实本次贷款申请中申报的收入，向本授权书所列信息来源查询所列项目；用于其他目的须另行取得我的授权。',
        en: 'I agree that the Institution queries the items listed from the sources listed in this letter only to verify the income declared in this loan application; any other purpose needs a new authorization from me.',
      },
      explain: {
        zh: '只能拿来核对您这次申报的收入是否属实，不能用来做别的事。',
        en: 'They may use it only to check the income you declared this time, and for nothing else.',
      },
    },
    {
      id: 'sensitive-data',
      text: {
        zh: '我单独同意被授权人为上述目的处理我的个人所得税纳税记录；我知道它属于敏感个人信息。',
        en: 'I separately consent to the processing, for that purpose, of my income tax records; I know that they are sensitive personal information.',
      },
    },
    {
      id: 'housing-fund',
      text: {
        zh: '我在签署时选择同意查询住房公积金缴存记录的，即单独同意被授权人为上述目的处理该项敏感个人信息；这一项是可选的，不选择不影响本次申请。',
        en: 'If I accept the query of housing fund records when signing, I separately consent to the processing of this sensitive personal information for that purpose; it is optional, and not accepting it does not affect this application.',
      },
    },
    {
      id: 'adverse-consequences',
      text: {
        zh: '被授权人已明确告知我提供收入信息、纳税信息和住房公积金信息可能产生的不利后果：收入低于申报或者有欠税的，本次贷款可能被拒绝、额度降低或者利率提高。',
        en: 'The Institution has told me of possible adverse consequences of providing income, income tax and housing fund data: if income is lower than declared or tax is in arrears, this loan may be rejected, reduced or charged a higher rate.',
      },
      explain: {
        zh: '如果查到的收入比您填的少，或者有欠税，贷款可能批不下来、变少或者变贵。',
        en: 'If the income found is lower than you wrote, or tax is owed, the loan may be refused, smaller or dearer.',
      },
    },
    {
      id: 'end-and-withdrawal',
      text: {
        zh: '我知道：次数用完、有效期届满或者我撤回后，本授权即失效，被授权人不得再次查询；撤回前已完成的查询不受影响。',
        en: 'I know: when the number of uses is reached, the term ends or I withdraw, this authorization ends and no further query may be made; queries completed before I withdraw are not affected.',
      },
    },
    signedByMyself,
  ],
  limits: { maximumDays: 60, uses: { kinds: ['count'], maximum: 4 } },
});
