import { parseTemplate, type TemplateBody } from '../template.js';
import { electronic, rightsWith, signedByMyself } from './standing-texts.js';

/**
 * Fraud check with a commercial data source; its result may go to a guarantor, which is a consent of its own
 * (个人信息保护法 art. 23), and one item is optional. All organisations are fictitious.
 */
export const thirdPartyDataTemplate: TemplateBody = parseTemplate({
  format: 'mandate-template/v1',
  name: 'third-party-data',
  title: {
    zh: '第三方数据查询与提供授权书',
    en: 'Authorization to Query and Provide Third-Party Data',
  },
  policy: {
    measures: ['sms-code'],
    keyOrigins: ['browser'],
    gate: 'last-six',
    minimumReadingSeconds: 15,
  },
  purpose: {
    code: 'fraud-prevention',
    text: {
      zh: '在审批授权人以本授权书所载业务编号提出的一笔个人贷款申请时防范欺诈，即核查是否有人冒用授权人的身份申请贷款。',
      en: 'To prevent fraud in the one personal loan application filed by the Subject under the business reference stated in this letter: to check whether somebody is using the identity of the Subject to apply for a loan.',
    },
  },
  plain: {
    data: { zh: '反欺诈核查结果', en: 'fraud check result' },
    purpose: { zh: '防止他人冒用您的身份', en: 'preventing fraud' },
    refusal: {
      zh: '本次线上申请将转为人工核验，您现有的服务不受影响',
      en: 'this online application goes to staff for checking; your existing services are not affected',
    },
  },
  items: [
    {
      code: 'identity-misuse',
      name: {
        zh: '身份冒用风险：姓名、证件号码是否出现在已确认的冒用案件中',
        en: 'Identity misuse: whether name and ID number appear in confirmed cases of misuse',
      },
      class: 'general',
      necessary: true,
    },
    {
      code: 'device-risk',
      name: {
        zh: '设备风险：提交本次申请的设备是否被确认用于欺诈',
        en: 'Device risk: whether the device that filed this application is confirmed as used for fraud',
      },
      class: 'general',
      necessary: true,
    },
    {
      code: 'address-match',
      name: {
        zh: '收货地址比对：申请所填居住地址与近十二个月常用收货地址是否一致，只返回“一致”或者“不一致”',
        en: 'Address match: whether the home address in the application agrees with the usual delivery address of the last 12 months; the answer is "agree" or "differ" only',
      },
      class: 'general',
      necessary: false,
    },
  ],
  sources: [
    {
      name: {
        zh: '示例数据服务有限公司',
        en: 'Sample Data Services Co., Ltd. (示例数据服务有限公司)',
      },
      creditCode: '91110000MA00DEM052',
    },
  ],
  recipients: [
    {
      name: { zh: '示例融资担保有限公司', en: 'Sample Guarantee Co., Ltd. (示例融资担保有限公司)' },
      creditCode: '91110000MA00DEM065',
      purpose: {
        zh: '为本次贷款申请审查是否提供担保，只接收身份冒用风险和设备风险的核查结果',
        en: 'to review whether to guarantee this loan application; it receives the results on identity misuse and device risk only',
      },
    },
  ],
  method: {
    zh: '被授权人将授权人的姓名、证件号码、手机号码、申请设备标识和本授权书编号加密提交给本授权书所列信息来源，由信息来源比对后返回所列结果；授权人在签署时同意比对地址的，一并提交居住地址。授权人在签署时同意向所列接收方提供的，被授权人将所列结果加密发送给该接收方。除此之外不向他人提供，不委托他人处理，不公开。',
    en: 'The Institution submits the name, ID number, phone number, the identifier of the applying device and the number of this letter, encrypted, to the source listed in this letter, which compares them and returns the results listed; if the Subject accepts the address match when signing, the home address is submitted too. If the Subject accepts the recipient listed when signing, the Institution sends it the results stated, encrypted. Apart from that it does not provide them to others, does not entrust the processing to others and does not publish them.',
  },
  automatedDecision: {
    zh: '核查结果由系统自动比对产生；提示有风险的，由反欺诈人员复核后作出决定，并给予授权人说明情况的机会。授权人有权要求被授权人说明结果所依据的主要因素，并有权拒绝仅以自动化方式作出的对授权人权益有重大影响的决定。',
    en: 'A system produces the results by comparison. If a risk shows, anti-fraud staff review it before a decision is made, and the Subject is given the chance to explain. The Subject may ask the Institution to explain the main factors of the result, and may refuse a decision with major effect on the Subject that is made by automated means alone.',
  },
  retention: {
    zh: '申请未获批准或者被撤回的，核查结果自申请终结之日起保存六个月；贷款发放的，保存至贷款结清之日起满五年。接收方保存所接收结果的期限不长于被授权人。期限届满后三十日内删除。',
    en: 'If the application is rejected or withdrawn, the results are kept for six months from the day the application ends; if the loan is granted, until five years after the day it is settled. The recipient keeps the results it received no longer than the Institution. They are deleted within thirty days after that.',
  },
  refusal: {
    zh: '授权人可以不同意本授权，也可以只不同意收货地址比对，或者只不同意向所列接收方提供。不同意本授权的，本次申请转为人工核验，需要授权人到场；不同意地址比对的，没有影响；不同意向接收方提供的，本次贷款不能由该接收方担保。授权人正在使用的其他服务不受影响。',
    en: 'The Subject may refuse this authorization, or refuse the address match alone, or the recipient alone. If this authorization is refused, this application goes to staff for checking and the Subject has to come in person; refusing the address match has no effect; if the recipient is refused, it cannot guarantee this loan. Other services in use are not affected.',
  },
  rights: rightsWith({
    zh: '授权人认为核查结果有误的，可以向被授权人或者信息来源提出，受理机构自收到之日起十五个工作日内核查、处理并答复；授权人可以向所列接收方行使同样的权利。',
    en: 'If the Subject believes that a result is wrong, this may be raised with the Institution or the source, which verifies, handles and answers it within fifteen working days of receipt; the Subject may use the same rights against the recipient listed.',
  }),
  withdrawal: {
    zh: '授权人可以随时通过本授权书所列联系方式撤回本授权，无须说明理由，不收取费用。撤回自被授权人收到时生效，此后被授权人不得再依据本授权书查询，也不得再向接收方提供，并通知接收方停止使用。撤回不影响撤回前已完成的查询、提供及据此作出的处理；已取得的结果自撤回之时起不再用于新的处理，并按“保存期限与到期处理”存储和删除。',
    en: 'The Subject may withdraw this authorization at any time through the contact listed in this letter, without giving reasons and free of charge. Withdrawal takes effect when the Institution receives it; afterwards no query may be made and nothing may be provided to the recipient under this letter, and the Institution tells the recipient to stop using the results. What was queried and provided before the withdrawal, and processing based on it, is not affected; results already obtained are not used for new processing from then on, and are stored and deleted as stated under "Retention".',
  },
  electronic,
  clauses: [
    {
      id: 'purpose-only',
      text: {
        zh: '我同意被授权人只为防范本次贷款申请中的欺诈，向本授权书所列信息来源查询所列结果；用于其他目的须另行取得我的授权。',
        en: 'I agree that the Institution queries the results listed from the source listed in this letter only to prevent fraud in this loan application; any other purpose needs a new authorization from me.',
      },
      explain: {
        zh: '只用来看有没有人冒用您的名义借钱，不用来给您推销。',
        en: 'Only to see whether somebody borrows in your name; never to sell you anything.',
      },
    },
    {
      id: 'third-party',
      text: {
        zh: '我知道：示例融资担保有限公司是被授权人以外的接收方，只有我在签署时对其单独选择同意，被授权人才可以向其提供核查结果。',
        en: 'I know: Sample Guarantee Co., Ltd. is a recipient other than the Institution, which may provide results to it only if I accept that recipient by itself when signing.',
      },
      explain: {
        zh: '给担保公司看，是另外一件事。您不勾选，就不给。',
        en: 'Showing it to the guarantor is a separate matter. If you do not tick it, it is not shown.',
      },
    },
    {
      id: 'optional-item',
      text: {
        zh: '我知道：收货地址比对是可选项目，只有我在签署时单独选择同意才可以进行；不选择不影响本次申请。',
        en: 'I know: the address match is optional and made only if I accept it by itself when signing; not accepting it does not affect this application.',
      },
    },
    {
      id: 'adverse-effect',
      text: {
        zh: '我知道：核查结果提示有风险的，本次申请可能转为人工核验、延长审批或者被拒绝，我有权说明情况并要求复核。',
        en: 'I know: if the result shows a risk, this application may go to staff for checking, take longer or be rejected; I may explain and ask for a review.',
      },
    },
    {
      id: 'end-and-withdrawal',
      text: {
        zh: '我知道：次数用完、有效期届满或者我撤回后，本授权即失效，被授权人不得再次查询；撤回前已完成的查询和提供不受影响。',
        en: 'I know: when the number of uses is reached, the term ends or I withdraw, this authorization ends and no further query may be made; what was queried and provided before I withdraw is not affected.',
      },
    },
    signedByMyself,
  ],
  limits: { maximumDays: 60, uses: { kinds: ['count'], maximum: 2 } },
});
