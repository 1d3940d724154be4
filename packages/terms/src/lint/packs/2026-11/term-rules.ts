import type { Rule } from '../../rule.js';

/** What bounds an ending event. */
const LATEST_ZH = '[^。;\\n]{0,30}(?:最晚|最迟|不晚于|不迟于|最长|不超过|至多)';

/** Until when and how often. */
export const termRules: readonly Rule[] = [
  {
    id: 'no-end',
    articles: ['个人信息保护法 17', '民法典 497'],
    severity: 'error',
    message: {
      zh: '没有终点的期限（长期有效、永久、直至另行通知）。请写日期，或者写事件并写明最晚日期。',
      en: 'A term without an end (perpetual, until further notice). Give a date, or an event and a latest date.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '(?:长期|持续|始终|一直|终身|终生)(?:地|均|都|保持|内)?(?:有效|授权|保存|保留|留存|存储|使用|查询|持有)',
            notAfter: '中|(?:身份证|证件|证照|营业执照)[^,。;\\n]{0,6}',
          },
          {
            match: '永久|永远|永续|无限期|无期限|无固定期限',
            notBefore:
              '(?:性)?(?:居留|居民|居住|住址|地址|删除|销毁|注销|关闭|封存|失效|匿名)|(?:劳动)?合同',
          },
          { match: '自动(?:续期|延期|续展|续约|顺延|延长)' },
          { match: '(?:允许|规定|许可)的最长(?:保存)?(?:期限|期间|时间)' },
          {
            match:
              '(?:不设|没有|不受|无)(?:任何|固定|具体)?(?:有效)?(?:期限|时间|期间)(?:的)?(?:限制|约束)?',
            evenDenied: true,
          },
          { match: '另行通知' },
          {
            match:
              '(?:至|到)[^,。;\\n]{0,20}(?:全部|所有|一切|各项|名下)[^,。;\\n]{0,16}(?:结清|清偿|终止|结束|履行完毕|偿还)',
            notBefore: LATEST_ZH,
          },
          { match: '(?:业务|债权债务|授信|债务|合同)(?:关系)?存续期间?', notBefore: LATEST_ZH },
          {
            match:
              '(?:直至|直到|截至|至)(?:被授权人|本公司|本行|贵行|我行|我司|我们|双方)[^,。;\\n]{0,12}(?:通知|认为|同意|决定)',
          },
          { match: '(?:撤销|撤回)(?:之|以)?前(?:一直|始终|持续|长期|均)有效' },
        ],
        en: [
          { match: '\\bperpetual(?:ly)?\\b|\\bin perpetuity\\b' },
          {
            match: '\\bpermanent(?:ly)?\\b',
            notBefore: ' (?:residen(?:ce|t|cy)|address|identity|delet|eras|destr|clos|anonymi)',
            notAfter: '(?:deleted|erased|destroyed|closed) ',
          },
          {
            match:
              '\\brenew(?:s|ed)? automatically\\b|\\bautomatically renew(?:s|ed)?\\b|\\b(?:longest|maximum) (?:period|time) (?:the law|that the law|allowed|permitted)',
          },
          { match: '\\bindefinite(?:ly)?\\b|\\bforever\\b|\\bevergreen\\b' },
          {
            match:
              '\\buntil (?:further|otherwise) (?:notice|notified)\\b|\\buntil [^.;,\\n]{1,40} (?:notif(?:y|ies)|decides?|determines?|says?) otherwise\\b|\\buntil all (?:[a-z]{1,15} ){1,4}(?:is|are|has been|have been) (?:settled|repaid|paid|discharged)\\b|\\bunless otherwise notified\\b',
          },
          {
            match:
              '\\b(?:no|without(?: any| an?)?) (?:fixed )?(?:time limit|expiry|expiration|end date|limit (?:of|in) time)\\b',
            evenDenied: true,
          },
          { match: '\\b(?:unlimited|indeterminate) (?:period|term|time|duration)\\b' },
          {
            match:
              '\\b(?:valid|remains? in (?:force|effect)|effective) (?:at all times|for life|until (?:withdrawn|revoked))\\b',
          },
        ],
      },
    },
  },
  {
    id: 'irrevocable',
    articles: ['个人信息保护法 15', '民法典 497'],
    severity: 'error',
    message: {
      zh: '剥夺撤回权（不可撤销、不得撤回、撤回无效）。撤回应与同意同样方便，此前已完成的处理不受影响。',
      en: 'Takes away the right to withdraw. Withdrawal must be as easy as consent; what was done before stays unaffected.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '不(?:可|能|可以|得|准|允许|予|支持|接受)(?:单方|随意|任意|擅自|中途|提前){0,2}(?:撤销|撤回)',
            evenDenied: true,
            notAfter: '并非|不是|不属于|已(?:经)?(?:完成|作出|进行)的[^,。;\\n]{0,8}',
            notBefore:
              '地?的?(?:连带责任)?(?:保证|担保|保函|信用证)|(?:的)?(?:查询|处理)(?:记录|结果)|(?:授权人|您|我)的(?:账户|服务|其他)',
          },
          {
            match:
              '(?:撤回|撤销)(?:本授权|授权|同意|的)?(?:一律|均|即|的,?)?(?:无效|不生效|不产生(?:任何)?(?:法律)?效力)',
          },
          {
            match: '(?:无权|不享有|没有)(?:单方|随意|任意)?(?:撤回|撤销)(?!记录)',
            evenDenied: true,
          },
          {
            match:
              '未经(?!授权人|本人|我)[^,。;\\n]{0,12}(?:同意|许可|批准),?(?:[^,。;\\n]{0,8})不得(?:[^,。;\\n]{0,6})(?:撤销|撤回)',
            evenDenied: true,
          },
          { match: '授权[^,。;\\n]{0,4}(?:不能|不可|不得|无法)取消', evenDenied: true },
          {
            match:
              '(?:撤回|撤销)[^。;\\n]{0,20}(?:经|待)(?!授权人|本人|我)[^,。;\\n]{0,8}(?:审核|审批|批准)',
          },
          { match: '放弃(?:对本授权的|随时|任何|其)?(?:撤回|撤销)' },
          {
            match:
              '(?:撤回|撤销)[^,。;\\n]{0,10}(?:须|需|应|必须)(?:当|要)?(?:经|征得|取得|获得)[^,。;\\n]{0,12}(?:同意|批准|认可)',
          },
        ],
        en: [
          { match: '\\birrevocabl[ey]\\b', notBefore: ' (?:guarantee|letter of credit)' },
          {
            match:
              '\\b(?:may|can|shall|must|will) ?not (?:be )?(?:withdrawn?|revoked?|cancell?(?:ed)?)\\b',
            evenDenied: true,
            notAfter: '(?:completed|performed|made before)[^.;\\n]{0,30}',
          },
          {
            match:
              '\\b(?:withdrawal|revocation) (?:is|shall be|will be|has|shall have) (?:void|invalid|ineffective|not (?:valid|effective|accepted|permitted|allowed|possible)|of no effect|no effect)\\b',
            evenDenied: true,
          },
          {
            match:
              '\\b(?:no|not have (?:a|the|any)|without (?:a|the|any)) right (?:to|of) (?:withdraw|revoke|withdrawal|revocation)\\b',
            evenDenied: true,
          },
          {
            match:
              '\\b(?:withdrawal|revocation|withdraw|revoke)\\b[^.;\\n]{0,30}\\b(?:requires?|only with|subject to|needs?) (?:the )?(?:prior |written |prior written )?(?:consent|approval) of\\b',
          },
        ],
      },
    },
  },
  {
    id: 'unlimited-use',
    articles: ['个人信息保护法 14/17', '征信业管理条例 18/20'],
    severity: 'error',
    message: {
      zh: '没有次数上限（不限次数、多次查询）。请写明次数，或者写明每一期间至多几次。',
      en: 'No limit on the number of uses. Give a count, or at most how many per period.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '不限(?:制)?(?:查询|使用|提取|调取|授权)?(?:的)?次数?|次数(?:上)?(?:不限|不受限制|没有限制|无限制|不设上限)|无限(?:次|制地?查询)|任意次|不受次数(?:的)?限制',
            evenDenied: true,
            notAfter: '并非|不是',
          },
          {
            match:
              '(?:多次|反复|重复|不定期|随时多次)(?:地|向[^,。;\\n]{1,12})?(?:查询|使用|调取|提取|获取|查阅)',
            notBefore:
              '[^。;\\n]{0,20}(?:不超过|最多|至多|不多于|上限|以\\d{1,3}次|[一二三四五六七八九十\\d]{1,3}次)|[^,。;\\n]{0,8}(?:可能|会影响|将影响|记录)',
          },
          { match: '持续(?:地|的|性)?(?:[^,。;\\n]{0,4})(?:监测|监控|跟踪|查询)' },
          {
            match:
              '(?:被授权人|贵行|我行|本行|贵公司|本公司|我司|机构)(?:有权|可以?|得以?){0,2}随时(?:向[^,。;\\n]{1,12})?(?:查询|使用|调取|提取|获取)',
          },
        ],
        en: [
          { match: '\\bunlimited (?:number of |number |times|uses?|queries|inquiries|access|use)' },
          {
            match:
              '\\b(?:any|an unlimited|an indefinite) number of (?:times|uses|queries|inquiries|occasions)\\b',
          },
          { match: '\\bas (?:many times|often|frequently) as\\b' },
          {
            match:
              '\\b(?:no|without(?: any| a)?) (?:limit|limitation|cap|restriction) (?:on|to|of|as to) (?:the )?(?:number|frequency|times|uses|queries)\\b',
            evenDenied: true,
          },
          {
            match: '\\b(?:repeatedly|multiple times|on multiple occasions)\\b',
            notBefore:
              '[^.;\\n]{0,40}(?:at most|up to|not more than|no more than|may (?:affect|influence))',
          },
          {
            match:
              '\\b(?:institution|bank|lender|company|we) (?:may|can|is entitled to|has the right to) (?:query|use|access|retrieve|obtain)[^.;,\\n]{0,40} at any time\\b',
          },
        ],
      },
    },
  },
];
