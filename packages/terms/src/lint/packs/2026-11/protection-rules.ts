import type { Rule } from '../../rule.js';

/** What a letter may not take away, and what it may not promise. */
export const protectionRules: readonly Rule[] = [
  {
    id: 'rights-denied',
    articles: ['个人信息保护法 44–50', '民法典 497', '征信业管理条例 25/26'],
    severity: 'error',
    message: {
      zh: '排除授权人的权利（放弃权利、不得投诉、不得起诉）。这样的格式条款无效；请写明权利和行使方式。',
      en: 'Takes away rights of the subject (waiver, no complaint, no action). Such a term is void; state the rights and how to use them.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '(?:放弃|抛弃|不再享有|不再主张|不享有)[^,。;\\n]{0,16}(?:权利|权益|抗辩|索赔|追究|追索|诉讼|起诉|投诉|异议|主张|请求)(?:权)?',
            notAfter: '要求授权人|强迫[^,。;]{0,6}|视为|意味着',
          },
          {
            match:
              '(?<!被)(?:授权人|本人|我|您|客户|借款人|用户)(?:承诺|保证|同意|确认){0,2}(?:均|也|亦|将)?(?:不得|不会|不能|不再|无权|绝不)(?:以任何(?:理由|方式)|就此|对此|向任何[^,。;\\n]{0,6}|因此){0,2}(?:提出)?(?:投诉|起诉|提起诉讼|异议|索赔|追究|主张|要求(?:删除|更正|查询|复制|解释|说明))',
          },
          {
            match:
              '(?<!被)(?:授权人|本人|我|您|客户|借款人|用户)(?:不得|无权|不能)(?:以任何理由)?(?:拒绝|不同意)(?!向)',
          },
          {
            match:
              '(?:承诺|保证|同意)不(?:再|会)?(?:就此|因此)?(?:向[^,。;\\n]{1,10}?)?(?:提起|提出)?(?:投诉|起诉|诉讼|索赔|追究|主张|异议)',
            evenDenied: true,
            notAfter: '(?<!被授)(?:被授权人|机构)',
          },
          {
            match: '(?:不接受|不受理|概不受理|不予受理)[^,。;\\n]{0,8}(?:投诉|异议|申诉)',
            evenDenied: true,
            notBefore: '的?,?(?:[^。;\\n]{0,10})(?:书面|说明理由|告知)',
          },
        ],
        en: [
          {
            match:
              '\\b(?:waives?|waiving|relinquish(?:es)?|forgoes?|gives? up|surrenders?)\\b[^.;,\\n]{0,40}\\b(?:rights?|claims?|defen[cs]es?|objections?|remed(?:y|ies)|actions?|recourse)\\b',
          },
          {
            match:
              '\\bnot to (?:bring|raise|make|file|lodge|assert|pursue) (?:any |a |an )?(?:claims?|complaints?|actions?|suits?|objections?)\\b',
            evenDenied: true,
          },
          {
            match:
              '\\bwaiver of (?:any |all |the |his |her |my )?(?:rights?|claims?|defen[cs]es?)\\b',
          },
          {
            match:
              '\\b(?:subject|i|you|customer|borrower) (?:may|shall|can|will|must) ?(?:not|never) (?:complain|sue|object|raise|lodge|file|bring|claim|challenge|refuse|request (?:deletion|correction|access))\\b',
            evenDenied: true,
          },
          {
            match:
              '\\b(?:complaints?|objections?) (?:are|will be|shall be|is) (?:not (?:accepted|handled|considered)|excluded|rejected without)\\b',
            evenDenied: true,
          },
        ],
      },
    },
  },
  {
    id: 'necessary-recipient',
    articles: ['个人信息保护法 16/23', '征信业管理条例 29'],
    severity: 'error',
    message: {
      zh: '接收方标为“必要”，只限于目的就是向其提供（信贷信息报送）的授权书；“不同意的后果”还须写明：不同意向其提供，即为不同意本授权书。其他接收方请改为可以单独拒绝。',
      en: 'A recipient is necessary only where the purpose is giving to it (credit reporting), and the member "refusal" must say that refusing it is refusing the letter. Let any other recipient be refused by itself.',
    },
    matcher: {
      kind: 'necessary-recipient',
      purposes: ['credit-reporting'],
      refusal: {
        zh: '(?:不同意|拒绝)[^。;]{0,20}提供的?,?(?:即为|即是|就是|等于)(?:不同意|拒绝)(?:签署)?本授权',
        en: '\\brefus[a-z]{1,4}\\b[^.;]{0,80}(?:is|means|amounts to) (?:a refusal of|refusing|to refuse) this (?:letter|authori[sz]ation)\\b',
      },
    },
  },
  {
    id: 'refusal-penalty',
    articles: ['个人信息保护法 16'],
    severity: 'error',
    message: {
      zh: '以停掉其他服务惩罚不同意或者撤回。只能写本次事项因此办不成，其他账户和服务不受影响。',
      en: 'Punishes refusal or withdrawal by ending other services. Say only that this one matter cannot proceed and nothing else is affected.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '(?:不同意|拒绝|不授权|不签署|撤回)[^。;\\n]{0,24}(?:停止|终止|关闭|注销|暂停|限制|冻结|取消|停用)(?:提供|您|授权人|其|的|向){0,3}(?:全部|所有|其他|其它|现有|一切|任何)(?:的|现有|其他|相关){0,2}(?:服务|账户|业务|产品|功能|额度)',
          },
          {
            match:
              '(?:不同意|拒绝|不授权|不签署|撤回)[^。;\\n]{0,16}(?:不得|不能|无法|无权)(?:再|继续)?(?:使用|享受|办理)(?:本行|我行|本公司|我司|被授权人)?(?:的)?(?:任何|全部|所有|其他|其它|一切)(?:的)?(?:服务|账户|业务|产品|功能)',
          },
          {
            match:
              '(?:不同意|不授权|不签署|撤回)[^。;\\n]{0,20}(?:拒绝|不再|不予)(?:向[^,。;\\n]{1,6}|为[^,。;\\n]{1,6})?提供(?:任何|全部|所有|其他|其它|一切)[^,。;\\n]{0,6}服务',
          },
          {
            match:
              '(?:不同意|拒绝|撤回)[^。;\\n]{0,16}(?:支付|承担|缴纳)[^,。;\\n]{0,6}(?:违约金|罚金|罚款|手续费)',
          },
        ],
        en: [
          {
            match:
              '\\b(?:refus(?:e|es|al|ing)|declin(?:e|es|ing)|withdraw(?:s|al|ing)?|not (?:agree|consent|sign))\\b[^.;\\n]{0,80}\\b(?:stops?|terminates?|ends?|clos(?:e|es|ed)|suspend(?:s|ed)?|restrict(?:s|ed)?|freez(?:e|es)|terminated|stopped|cancel(?:s|led)?) (?:of )?(?:all|any|every|other|existing|your other|the other)\\b',
            evenDenied: true,
          },
          {
            match:
              '\\b(?:refus(?:e|es|al|ing)|declin(?:e|es|ing)|withdraw(?:s|al|ing)?|not (?:agree|consent|sign))\\b[^.;\\n]{0,80}\\b(?:all|any|every|other|existing) (?:(?:other|existing|of the|accounts?|and) ){0,3}(?:services?|accounts?|products?) (?:is|are|will be|shall be|may be) (?:stopped|terminated|closed|suspended|restricted|frozen|cancelled)\\b',
            evenDenied: true,
          },
          {
            match:
              '\\b(?:refus(?:es?|al|ing)|withdraw(?:s|al|ing)?)\\b[^.;\\n]{0,50}\\b(?:penalty|fine|handling fee)\\b',
            evenDenied: true,
          },
        ],
      },
    },
  },
  {
    id: 'liability-waiver',
    articles: ['民法典 496/497'],
    severity: 'error',
    message: {
      zh: '免除被授权人的责任或者把后果全部推给授权人。这样的格式条款无效；请删去。',
      en: 'Releases the Institution or puts every consequence on the subject. Such a term is void; delete it.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '不(?:再)?(?:承担|负|负担|负有)(?:由此|因此|产生的|引起的|任何|一切|全部|相应|相关|法律|赔偿|违约|连带|的|、|或|和){0,5}(?:责任|义务)',
            evenDenied: true,
            notAfter:
              '(?<!被)(?:授权人|本人|我|您|持卡人)(?:对此|无须|均)?|不得约定[^,。;]{0,20}|不因此',
          },
          {
            match:
              '(?:免除|豁免|免于承担|免责)(?:被授权人|本公司|贵行|我行|本行|我司|贵公司|其|的|因此|一切|全部|任何|相关|法律|赔偿|由此|产生|、){0,6}(?:责任|义务|赔偿)',
          },
          { match: '(?:被授权人|贵行|我行|本行|贵公司|本公司|我司)(?:可以?|均|得|概)?(?:以)?免责' },
          { match: '不予(?:任何)?(?:赔偿|补偿)|不负(?:任何)?赔偿', evenDenied: true },
          { match: '概不负责|恕不负责|后果自负|责任自负|风险自担', evenDenied: true },
          {
            match:
              '(?:一切|全部|所有|任何)(?:的|法律|经济|不利|相关|由此|产生|、|和|及|与){0,4}(?:后果|损失|风险|责任|纠纷)[^,。;\\n]{0,10}(?:由|归)?(?:授权人|本人|我|您|客户|用户)(?:自行|独自|全部|单独)?(?:承担|负责|负担)',
          },
          {
            match:
              '(?:由此|因此)(?:产生|引起|造成|引发|导致)的(?:一切|全部|任何|法律|经济|相应|不利|、|和|及){0,4}(?:后果|责任|损失|风险|纠纷)[^,。;被\\n]{0,6}(?:由|归)(?:授权人|本人|我|您|客户|用户)(?:自行|独自|全部|单独)?(?:承担|负责|负担)',
          },
          {
            match:
              '与(?:被授权人|贵行|我行|本行|贵公司|本公司|我司)(?:及其[^,。;\\n]{0,10})?(?:概|均|一律)?无关',
          },
        ],
        en: [
          {
            match:
              '\\b(?:is|are|be|not be|shall|will) ?not (?:be )?(?:held )?(?:liable|responsible)\\b',
            evenDenied: true,
            notAfter: '\\b(?:subject|you|cardholder) (?:shall |will |may )?',
          },
          {
            match:
              '\\b(?:no|without(?: any)?|disclaims?(?: any| all)?|excludes?(?: any| all)?) (?:liability|responsibility)\\b',
            evenDenied: true,
            notAfter: '\\b(?:subject|you) (?:bears?|has|have) ',
          },
          {
            match:
              '\\bhold(?:s)? (?:the institution |us |it |them )?harmless\\b|\\bindemnif(?:y|ies)\\b',
          },
          {
            match:
              '\\breleas(?:e|es|ed|ing)\\b[^.;\\n]{0,40}\\bfrom (?:any |all |any and all )?(?:liabilit(?:y|ies)|responsibility|claims?|obligations?)\\b',
          },
          { match: "\\bat (?:the subject's|your|my|his|her) own risk\\b" },
          {
            match:
              '\\b(?:subject|you|i) (?:alone |solely )?bears? (?:all|any|every|the entire) (?:loss(?:es)?|risks?|consequences?|liabilit(?:y|ies))\\b',
          },
        ],
      },
    },
  },
  {
    id: 'title-promise',
    articles: ['电子签名法 3/13'],
    severity: 'error',
    message: {
      zh: '以鉴定、公证自称。授权书的效力来自可靠的电子签名，不来自鉴定或者公证；请改名。',
      en: 'Calls itself a forensic opinion or a notarial deed. What a letter is worth comes from a reliable electronic signature; rename it.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '(?:司法|电子|法律)?(?:鉴定|公证)(?:书|意见书|报告|结论|证书|效力|文书|授权书|证明)',
            notAfter: '向[^,。;\\n]{0,10}|申请|委托[^,。;\\n]{0,10}|提交|出具的',
          },
          {
            match: '^(?:[^,。;\\n]{0,20})(?:鉴定|公证)(?:[^,。;\\n]{0,10})(?:授权书|同意书|声明)$',
          },
        ],
        en: [
          {
            match:
              '\\b(?:notari[sz]ed|notarial) (?:authori[sz]ation|letter|consent|deed|effect|document|certificate)\\b',
          },
          {
            match:
              '\\bforensic (?:authori[sz]ation|letter|report|opinion|appraisal|certificate)\\b',
            notAfter: '(?:apply for|request|submit|commission) an? ',
          },
          {
            match:
              '\\b(?:has|have|having|with) the (?:force|effect) of (?:a )?(?:notari[sz]ation|notarial deed|notarial act|forensic opinion)\\b',
          },
        ],
      },
    },
  },
];
