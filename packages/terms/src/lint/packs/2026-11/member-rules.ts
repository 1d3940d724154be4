import type { Rule } from '../../rule.js';

/** What each member of a template must say, whatever its words. */
export const memberRules: readonly Rule[] = [
  {
    id: 'purpose-vaguer-than-code',
    articles: ['个人信息保护法 14/17', '征信业管理条例 18/20'],
    severity: 'error',
    message: {
      zh: '目的说明比目的类别还含糊。请写出类别所指的事项（如贷款、信用卡、担保、贷后、报送、收入、身份、欺诈），并说明为哪一个决定。',
      en: 'The purpose in words says less than its code. Name what the code names (loan, credit card, guarantee, reporting, income, identity, fraud) and the one decision.',
    },
    matcher: {
      kind: 'purpose-words',
      atLeast: { zh: 12, en: 30 },
      anchors: {
        'loan-approval': { zh: '贷款|借款|授信', en: '\\b(?:loans?|credit line)\\b' },
        'credit-card-approval': { zh: '信用卡', en: '\\bcredit card\\b' },
        'guarantee-review': { zh: '担保|保证', en: '\\b(?:guarant(?:ee|or|y)|suret(?:y|ies))' },
        'post-loan-management': { zh: '贷后|贷款|借款', en: '\\bloans?\\b' },
        'credit-reporting': { zh: '报送|提供', en: '\\b(?:report|provid)' },
        'income-verification': {
          zh: '收入|纳税|偿债|还款能力',
          en: '\\b(?:income|tax|repay|repayment)',
        },
        'identity-verification': {
          zh: '身份|本人|实名|同一人',
          en: '\\b(?:identity|identif|same person|real-name|real name|registered)',
        },
        'fraud-prevention': { zh: '欺诈|冒用|冒名', en: '\\b(?:fraud|imperson|identity theft)' },
      },
    },
  },
  {
    id: 'recipient-without-purpose',
    articles: ['个人信息保护法 23'],
    severity: 'error',
    message: {
      zh: '接收方没有自己的目的（过短、参见他处或者只是名称）。请写明它拿去做什么。',
      en: 'A recipient without a purpose of its own (too short, a reference elsewhere, or its name). Say what it does with the data.',
    },
    matcher: {
      kind: 'recipient-purpose',
      atLeast: { zh: 6, en: 15 },
      reference: {
        zh: '^(?:同上|见上|如上|参见|详见|同被授权人|与(?:上述|被授权人)[^,。]{0,6}(?:相同|一致))|^(?:无|略|其他)$',
        en: '^(?:same as|see|as above|ditto|as stated above|other)\\b',
      },
    },
  },
  {
    id: 'withdrawal-unsaid',
    articles: ['个人信息保护法 15/17'],
    severity: 'error',
    message: {
      zh: '“撤回”没有写明授权人可以撤回以及怎样撤回。',
      en: 'The member "withdrawal" does not say that the subject may withdraw, and how.',
    },
    matcher: {
      kind: 'must-say',
      role: 'withdrawal',
      all: {
        zh: [
          '(?:可以?|有权|均可|得)[^。;\\n]{0,50}撤回',
          '通过|联系|拨打|登录|页面|电话|方式|窗口|网点',
        ],
        en: [
          '\\b(?:may|can|right to|entitled to|free to)\\b[^.;\\n]{0,60}\\bwithdraw',
          '\\b(?:through|by|via|at|on|using|contact|page|phone|same)\\b',
        ],
      },
    },
  },
  {
    id: 'rights-unsaid',
    articles: ['个人信息保护法 44–50'],
    severity: 'error',
    message: {
      zh: '“授权人的权利”缺少其中之一：查询（查阅）、复制、更正、删除、投诉或者起诉。',
      en: 'The member "rights" lacks one of: access, copy, correction, deletion, complaint or action.',
    },
    matcher: {
      kind: 'must-say',
      role: 'rights',
      all: {
        zh: ['查询|查阅', '复制', '更正|改正', '删除', '投诉|起诉|诉讼'],
        en: [
          '\\b(?:access|inspect|consult|view|see)\\b',
          '\\bcop(?:y|ies)\\b',
          '\\b(?:correct|rectif)',
          '\\b(?:delet|eras)',
          '\\b(?:complain|complaints?|sue|court|action)\\b',
        ],
      },
    },
  },
  {
    id: 'refusal-unsaid',
    articles: ['个人信息保护法 16/17'],
    severity: 'error',
    message: {
      zh: '“不同意的后果”没有写明授权人可以不同意，以及不同意时哪件事办不成、什么不受影响。',
      en: 'The member "refusal" does not say that the subject may refuse, what then cannot proceed and what stays unaffected.',
    },
    matcher: {
      kind: 'must-say',
      role: 'refusal',
      all: {
        zh: [
          '(?:可以?|有权|自愿)(?:选择)?(?:不同意|拒绝|不授权|不签署|决定是否)',
          '不受影响|不影响|不因此',
        ],
        en: [
          '\\b(?:may|can|right to|entitled to|free to|choose to) (?:refuse|decline|not|choose not)|\\bmay choose (?:not|whether)',
          '\\b(?:not (?:be )?affect(?:ed)?|unaffected|no effect|remain available)\\b',
        ],
      },
    },
  },
  {
    id: 'retention-unsaid',
    articles: ['个人信息保护法 17/47'],
    severity: 'error',
    message: {
      zh: '“保存期限”没有写明多久（数字和单位），或者没有写明到期删除、销毁或者匿名化。',
      en: 'The member "retention" gives no length of time (a number and its unit), or does not say that the data is then deleted, destroyed or anonymised.',
    },
    matcher: {
      kind: 'must-say',
      role: 'retention',
      all: {
        zh: [
          '[0-9一二两三四五六七八九十百]{1,5}个?(?:年|月|日|天|小时|工作日|周)',
          '删除|销毁|匿名化',
        ],
        en: [
          '\\b(?:\\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|sixty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?[- ](?:working |business )?(?:years?|months?|days?|hours?|weeks?)\\b',
          '\\b(?:delet|destr|eras|anonymi)',
        ],
      },
    },
  },
  {
    id: 'electronic-unsaid',
    articles: ['电子签名法 3'],
    severity: 'error',
    message: {
      zh: '“电子签署”没有写明授权人同意以电子形式（数据电文、电子签名）订立。电子形式须由当事人约定。',
      en: 'The member "electronic" does not say that the subject agrees to the electronic form and signature. It holds by agreement only.',
    },
    matcher: {
      kind: 'must-say',
      role: 'electronic',
      all: {
        zh: ['同意|约定', '数据电文|电子形式|电子方式', '电子签名'],
        en: [
          '\\b(?:agrees?|consents?|agreed)\\b',
          '\\belectronic',
          '\\belectronic signature|\\bsign',
        ],
      },
    },
  },
  {
    id: 'language-mismatch',
    articles: ['个人信息保护法 17', '民法典 496'],
    severity: 'error',
    message: {
      zh: '两种语言不一致：这里的数字、日期或者信用代码在另一种语言里没有。',
      en: 'The languages differ: this number, date or credit code is absent in the other one.',
    },
    matcher: { kind: 'same-figures' },
  },
];
