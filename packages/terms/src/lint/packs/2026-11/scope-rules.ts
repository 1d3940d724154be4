import type { Rule } from '../../rule.js';

/** What is allowed, and for what: lists that end, purposes that say something. */
export const scopeRules: readonly Rule[] = [
  {
    id: 'open-list',
    articles: ['个人信息保护法 14/17', '征信业管理条例 18', '网络数据安全管理条例 21'],
    severity: 'error',
    message: {
      zh: '开放式列举：读者无法知道清单到哪里为止。请逐项列明；确需省略的，写明总数并在别处列全。',
      en: 'An open list: nobody can tell where it ends. Name every member; if some are left out here, give their number and list them elsewhere.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            // 等 closing a list before a noun; a numeral after it (等三家) closes the list and does not match.
            match:
              '等(?:等)?(?![一二两三四五六七八九十百\\d]{1,4}[家项类个种条份名位次]|[级于待额值价同候到分比效外原])(?:[\u4e00-\u9fff]{0,6}?)(?:个人信息|信息|数据|资料|材料|内容|情况|记录|文件|凭证|手续|证件|机构|单位|部门|第三方|平台|渠道|途径|用途|目的|方式|手段|主体|公司|企业|银行|组织|方面|事项|业务|场景|服务|产品|征信|情形|字段|权利)',
            notAfter:
              '(?<!合)同|(?<!水|持)平|相|(?<!平)均|(?<!核|针|应|绝|相|面|校|比)对|(?<!身|提|最)高|不|该|此|何|优|劣|中|初|请|稍',
          },
          {
            match: '等{1,2}(?=[,。;、:)\\]】"”\\n]|$)',
            notAfter:
              '(?<!合)同|(?<!水|持)平|相|(?<!平)均|(?<!核|针|应|绝|相|面|校|比)对|不|稍|久|请|何|优|中|高|初|上|下|头|特',
          },
          { match: '等等' },
          {
            match:
              '(?:包括|包含|涵盖|含|涉及)(?:但|却|而|且)?(?:并)?不(?:仅)?(?:限于|局限于|以此为限)',
            evenDenied: true,
          },
          { match: '但不(?:仅)?限于', evenDenied: true },
          { match: '不(?:仅)?(?:限于|局限于)', evenDenied: true },
          { match: '之类的?' },
          {
            match:
              '(?:以及|及|和|或者|或|与|、)(?:其他|其它)(?:的|相关|有关|必要|合法|个人|类似|任何|一切){0,2}(?:信息|数据|资料|材料|记录|方式|手段|情形|事项|内容|情况|证明)',
          },
        ],
        en: [
          {
            match:
              '\\b(?:including|includes?|include),? (?:but (?:is |are )?not|without) (?:be(?:ing)? )?(?:limited|limitation|limiting|restricted)(?: to)?',
            evenDenied: true,
          },
          { match: '\\bwithout limitation\\b', evenDenied: true },
          { match: '\\b(?:but|and) not limited to\\b', evenDenied: true },
          { match: '\\betc\\b' },
          { match: '\\band so (?:on|forth)\\b' },
          { match: '\\b(?:and|or) the like\\b' },
          { match: '\\bamong (?:others|other things)\\b' },
          {
            match:
              '\\b(?:and|or|and/or|any|such|whatever|all) (?:any |all |such )?other (?:(?:relevant|related|similar|such|personal|necessary|lawful|legal|types? of|kinds? of) ){0,2}(?:information|data|records?|details|documents?|materials?|means|methods|matters|items?|circumstances|evidence)\\b',
            notBefore:
              ' (?:listed|named|stated|set out|specified|described|given) (?:in|above|below|by)',
          },
        ],
      },
    },
  },
  {
    id: 'boundless-scope',
    articles: ['个人信息保护法 14/17', '征信业管理条例 18/20', '民法典 497'],
    severity: 'error',
    message: {
      zh: '范围没有边界（一切、任何、所有）。请写明本次需要的信息、目的和方式，此外一概不在授权之内。',
      en: 'A scope without a border (all, any, every). Name the information, purpose and means this one matter needs, and nothing else.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '(?:一切|任何|任意|所有|各种|各类)(?:的|与|相关|有关|合法|必要|可能|个人|授权人|本人|我|信用|敏感|业务|其他|形式|本次|之){0,4}(?:用途|目的|信息|数据|资料|方式|渠道|途径|场景|业务)',
            // 所有 as a verb (归其所有) and what a person confirms about their own details.,
            // What a person confirms about their own details.
            notBefore: '(?:均|都)?(?:属实|真实|准确)',
          },
          {
            match: '(?:其他|其它)(?:的|相关|有关|合法|正当|必要|合理|类似){0,2}(?:用途|目的)',
            notBefore:
              '的?,?(?:均|都|则|也)?(?:须|需|应当?|必须|要)(?:当|要)?(?:另行|重新|再次|单独|另外|事先)|的?,?(?:均)?(?:不在|不属于|无效)|(?:不得|不在)',
          },
          {
            match:
              '(?:各项|各类|所有|全部|历次|每笔|今后|将来|后续)(?:的|相关|其他|贷款|信贷|金融|信用){0,2}(?:业务|申请)(?!编号|状态|记录)(?=[^,。;\\n]{0,12}(?:适用|有效|授权|需要|使用|办理|之用))',
          },
        ],
        en: [
          { match: '\\bany and all\\b' },
          {
            match:
              '\\b(?:any|all|every) (?:(?:lawful|legal|legitimate|business|commercial|relevant|related|necessary|such|possible|reasonable) ){1,2}(?:purposes?|uses?|information|data|means|channels?)\\b',
          },
          {
            match: '\\b(?:any|all|every) (?:purposes?|uses of (?:the|my) (?:information|data))\\b',
          },
          {
            match:
              '\\b(?:any |and |or |for )other (?:(?:lawful|legal|related|relevant|similar) ){0,2}purposes?\\b',
            notBefore:
              ',? (?:needs?|requires?|must|shall require|is (?:not|excluded)|are (?:not|excluded))',
          },
          {
            match:
              "\\b(?:any|all) (?:of )?(?:my|the subject's|your) (?:personal )?(?:information|data)\\b",
          },
          {
            match:
              '\\b(?:all|any) (?:present and future|future) (?:applications?|loans?|business|transactions?)\\b',
          },
        ],
      },
    },
  },
  {
    id: 'open-condition',
    articles: ['个人信息保护法 17', '征信业管理条例 18'],
    severity: 'error',
    message: {
      zh: '由被授权人自行判断的条件（必要时、视情况、不时）。请写明在什么情况下、由谁、做什么。',
      en: 'A condition the Institution judges alone (as necessary, from time to time). Say in which case, who does what.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          { match: '必要时', notBefore: '[间限长段刻期]' },
          {
            match:
              '(?:在)?(?:认为|确有|有|如有|如遇|若有)(?:其他)?(?:必要|需要)(?:的情况|的情形)?(?:下|时)',
          },
          {
            match:
              '(?:视|根据|依据|按照?)(?:具体|实际|业务|经营|工作|管理|自身)?(?:情况|需要|需求)(?:的)?(?:而定|决定|调整|变更|自行|随时|适时|(?=,|向|对|将|进行|提供|查询|使用|延长))',
          },
          {
            match:
              '(?:被授权人|贵行|我行|本行|贵司|我司|本公司|我们)(?:有权|可以?|得){1,2}[^,。;\\n]{0,16}(?:变更|修改|调整)(?:本授权|授权范围|授权内容|条款)|(?:可以?|有权)[^,。;\\n]{0,12}对本?授权(?:书)?[^,。;\\n]{0,8}(?:变更|修改|调整)',
          },
          {
            match:
              '保留(?:随时|单方|自行)?[^,。;\\n]{0,6}(?:修改|变更|调整|解释)[^,。;\\n]{0,10}权',
          },
          {
            match: '(?:酌情|不时(?!之需)|适时|自行(?:决定|确定|判断|裁量|酌定|变更|修改|调整))',
            notAfter: '合|不|舒|(?<!被)(?:授权人|您|我)(?:有权|可以?|将)?',
          },
        ],
        en: [
          {
            match:
              '\\b(?:as|where|when|if|whenever|wherever) (?:it is |deemed |considered |may be |reasonably )?(?:necessary|needed|required|appropriate|it sees fit)\\b',
            notAfter: 'so far |far |longer than ',
            notBefore:
              ' (?:by (?:law|statute|the court|administrative)|for (?:that|this) (?:purpose|one))',
          },
          {
            match:
              '\\bwhenever (?:it|we|they|the (?:bank|institution|lender)) (?:likes?|wish(?:es)?|wants?|chooses?)\\b',
          },
          {
            match: '\\bwithout (?:telling|notifying|informing|asking) (?:me|you|the subject)\\b',
            evenDenied: true,
          },
          { match: '\\bfrom time to time\\b' },
          {
            match:
              "\\b(?:at|in) (?:its|their|our|the institution's) (?:sole |own |absolute )?discretion\\b",
          },
          {
            match:
              '\\b(?:it|we|they|the (?:institution|bank|lender|company)) (?:sees?|thinks?|deems?|considers?|finds?|may (?:consider|deem)) (?:it )?(?:fit|necessary|appropriate|desirable|useful)\\b',
          },
        ],
      },
    },
  },
  {
    id: 'vague-purpose',
    articles: ['个人信息保护法 14/17', '征信业管理条例 18/20'],
    severity: 'warning',
    message: {
      zh: '目的含糊（业务需要、提升服务、营销）。请写出要作的那一个决定或者要办的那一件事。',
      en: 'A vague purpose (business needs, service improvement, marketing). Name the one decision or act the data serves.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '(?:业务|经营|管理|工作|服务|风控|商业)(?:发展|开展|运营)?(?:的)?(?:需要|需求|所需|之需)',
          },
          {
            match:
              '(?:改进|改善|提升|优化|完善)(?:我们的|本行|本公司|相关|各项|现有)?(?:产品|服务|用户体验|客户体验|体验)(?:质量|水平|和服务|与服务|及服务)?',
          },
          { match: '相关(?:业务|服务|事宜|事项|工作|用途|目的)(?!编号)' },
          {
            match:
              '(?:提供|带来|享受)更(?:好|优质|优|完善|便捷|多)(?:的)?(?:[^,。;\\n]{0,6})(?:服务|体验|产品)',
          },
          { match: '(?:其他|其它)(?:经营|业务|商业|管理|金融)(?:活动|需要|管理|目的)' },
          { match: '综合金融服务|(?:市场|精准)?营销|(?:产品|业务|信息)推广|商业(?:化)?利用' },
        ],
        en: [
          {
            match:
              '\\b(?:business|operational|operating|management|commercial) (?:needs?|requirements?)\\b',
          },
          {
            match:
              '\\b(?:improv(?:e|es|ing|ement of)|enhanc(?:e|es|ing|ement of)|optimi[sz](?:e|es|ing|ation of)) (?:the |our |its |their )?(?:products?|services?|user experience|customer experience|experience)\\b',
          },
          { match: '\\b(?:related|relevant|ancillary) (?:services?|business|matters)\\b' },
          { match: '\\bother (?:business|commercial|internal) (?:activities|operations)\\b' },
          { match: '\\bbetter (?:services?|products?|experience)\\b' },
          { match: '\\b(?:marketing|promotion of products|comprehensive financial services)\\b' },
        ],
      },
    },
  },
];
