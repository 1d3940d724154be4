import { parseTemplate, type TemplateBody } from '../template.js';
import { electronic, rightsWith, signedByMyself } from './standing-texts.js';

/**
 * Real-name and number-age check at the carrier: answers only, no call or location data
 * (个人信息保护法 arts. 6, 14–17, 29; 电信条例 art. 65). The carrier is fictitious.
 */
export const telecomCheckTemplate: TemplateBody = parseTemplate({
  format: 'mandate-template/v1',
  name: 'telecom-check',
  title: {
    zh: '手机号码实名与在网时长核验授权书',
    en: 'Authorization to Check Phone Number Holder and Age',
  },
  policy: {
    measures: ['sms-code'],
    keyOrigins: ['browser'],
    gate: 'last-six',
    minimumReadingSeconds: 10,
  },
  purpose: {
    code: 'identity-verification',
    text: {
      zh: '核验本授权书所载手机号码是否由授权人本人实名登记、已使用多久，以确认本授权书所载业务编号项下的一笔业务由授权人本人办理。',
      en: 'To check whether the phone number in this letter is registered in the name of the Subject, and for how long it has been in use, in order to confirm that the one matter under the business reference stated in this letter is handled by the Subject in person.',
    },
  },
  plain: {
    data: { zh: '手机号码实名信息', en: 'phone registration' },
    purpose: { zh: '确认是您本人办理', en: 'confirming it is you' },
    refusal: {
      zh: '您可以改为到柜面核验身份，本次线上办理将停止',
      en: 'you may have your identity checked at the counter instead; this online matter stops',
    },
  },
  items: [
    {
      code: 'real-name-match',
      name: {
        zh: '实名核验结果：姓名、证件号码、手机号码是否一致，只返回“一致”或者“不一致”',
        en: 'Real-name result: whether name, ID number and phone number agree; the answer is "agree" or "differ" only',
      },
      class: 'general',
      necessary: true,
    },
    {
      code: 'number-age',
      name: {
        zh: '在网时长区间：该号码由现机主使用的时长，按不满六个月、六个月以上不满二十四个月、二十四个月以上的区间返回',
        en: 'Number age: how long the present holder has used the number, answered as under 6 months, 6 to 24 months, or 24 months and over',
      },
      class: 'general',
      necessary: true,
    },
    {
      code: 'number-status',
      name: {
        zh: '号码状态：正常、停机、销号或者近三十日内补换卡',
        en: 'Number status: in service, suspended, cancelled, or SIM card replaced in the last 30 days',
      },
      class: 'general',
      necessary: false,
    },
  ],
  sources: [
    {
      name: { zh: '示例移动通信有限公司', en: 'Sample Mobile Co., Ltd. (示例移动通信有限公司)' },
      creditCode: '91110000MA00DEM04Y',
    },
  ],
  recipients: [],
  method: {
    zh: '被授权人将授权人的姓名、证件号码、手机号码和本授权书编号加密提交给本授权书所列信息来源，由信息来源比对后只返回结果。被授权人不查询、不取得通话记录、短信内容、上网记录、位置和账单。结果在被授权人自有系统内存储，不委托他人处理，不向他人提供，不公开。',
    en: 'The Institution submits the name, ID number, phone number and the number of this letter, encrypted, to the source listed in this letter, which compares them and returns the result only. The Institution neither queries nor receives call records, message contents, browsing records, locations or bills. The result is stored in its own systems. It does not entrust the processing to others, does not provide the result to others and does not publish it.',
  },
  automatedDecision: {
    zh: '核验结果不一致或者使用时长不满六个月的，由系统转交人工核验身份，不由系统单独作出拒绝的决定。',
    en: 'If the result differs, or the number has been used for under 6 months, the system hands the identity check to staff; it makes no decision to reject by itself.',
  },
  retention: {
    zh: '核验结果自业务终结之日起保存六个月；据以办成业务的，保存至该业务终结之日起满五年。期限届满后三十日内删除。',
    en: 'The result is kept for six months from the day the matter ends; if the matter was concluded on its basis, until five years after the day it ends. It is deleted within thirty days after that.',
  },
  refusal: {
    zh: '授权人可以不同意本授权，也可以只不同意查询号码状态。不同意本授权的，本次线上办理停止，授权人可以携带有效身份证件到被授权人柜面办理；授权人正在使用的其他服务不受影响。',
    en: 'The Subject may refuse this authorization, or refuse the query of the number status alone. If this authorization is refused, this online matter stops, and the Subject may come to the counter of the Institution with a valid ID; other services in use are not affected.',
  },
  rights: rightsWith({
    zh: '授权人认为号码登记信息有误的，可以持有效身份证件向信息来源申请更正，更正后重新核验。',
    en: 'If the Subject believes that the registration of the number is wrong, the Subject may ask the source, with a valid ID, to correct it, and the check is then made again.',
  }),
  withdrawal: {
    zh: '授权人可以随时通过本授权书所列联系方式撤回本授权，无须说明理由，不收取费用。撤回自被授权人收到时生效，此后被授权人不得再依据本授权书查询。撤回不影响撤回前已完成的核验及据此作出的处理；已取得的结果自撤回之时起不再用于新的处理，并按“保存期限与到期处理”存储和删除。',
    en: 'The Subject may withdraw this authorization at any time through the contact listed in this letter, without giving reasons and free of charge. Withdrawal takes effect when the Institution receives it; no query may be made under this letter afterwards. Checks completed before the withdrawal, and processing based on them, are not affected; results already obtained are not used for new processing from then on, and are stored and deleted as stated under "Retention".',
  },
  electronic,
  clauses: [
    {
      id: 'purpose-only',
      text: {
        zh: '我同意被授权人只为确认本次业务由我本人办理，向本授权书所列信息来源核验我的手机号码；用于其他目的须另行取得我的授权。',
        en: 'I agree that the Institution has my phone number checked by the source listed in this letter only to confirm that I handle this matter in person; any other purpose needs a new authorization from me.',
      },
      explain: {
        zh: '只是确认这个手机号是不是您本人的，不是查您的通话。',
        en: 'It only confirms that the number is yours. Nobody looks at your calls.',
      },
    },
    {
      id: 'results-only',
      text: {
        zh: '我知道：信息来源只返回所列项目的核验结果，被授权人不得取得我的通话记录、短信内容、上网记录和位置。',
        en: 'I know: the source returns only the results listed, and the Institution may not obtain my call records, message contents, browsing records or locations.',
      },
    },
    {
      id: 'adverse-effect',
      text: {
        zh: '我知道：结果不一致或者号码使用时长不满六个月的，被授权人可能要求我以其他方式证明身份，办理时间会延长。',
        en: 'I know: if the result differs or the number has been used for under 6 months, the Institution may ask me to prove my identity in another way, which takes longer.',
      },
    },
    {
      id: 'end-and-withdrawal',
      text: {
        zh: '我知道：次数用完、有效期届满或者我撤回后，本授权即失效，被授权人不得再次核验；撤回前已完成的核验不受影响。',
        en: 'I know: when the number of uses is reached, the term ends or I withdraw, this authorization ends and no further check may be made; checks completed before I withdraw are not affected.',
      },
    },
    signedByMyself,
  ],
  limits: { maximumDays: 30, uses: { kinds: ['count'], maximum: 2 } },
});
