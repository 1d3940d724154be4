import type { Rule } from '../../rule.js';

/** How consent is given. */
export const consentRules: readonly Rule[] = [
  {
    id: 'bundled-consent',
    articles: ['个人信息保护法 14/23/29', '征信业管理条例 18'],
    severity: 'error',
    message: {
      zh: '把几项授权捆在一起（同时授权、一并同意、概括授权）。一事一授权：请分开，各写各的目的和接收方。',
      en: 'Several consents in one. One authorization for one thing: split it, each with its own purpose and recipients.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '(?:同时|一并|一同|一揽子|概括(?:性)?|打包|统一|一次性)(?:地)?(?:并)?(?:授权|同意并?授权|同意(?!的)|许可)(?!书|人|码)',
          },
          {
            match:
              '(?:同意|接受|授权)(?:上述|以上|下列|以下)(?:的)?(?:全部|所有|各项)(?:授权|事项|内容)',
          },
          { match: '(?:一揽子|概括(?:性)?)(?:的)?(?:授权|同意)' },
          {
            match:
              '(?:授权|同意)[^,。;非不\\n]{1,24},?(?:并且?|且|还|也|亦|另)(?:同时|一并|另外)?授权(?!书|人|码|的)',
          },
          {
            match: '签署(?:本授权书|本协议|本合同)(?:的)?,?(?:即|亦|也)(?:同时|一并)?(?:同意|授权)',
          },
        ],
        en: [
          {
            match:
              '\\b(?:also|hereby also|at the same time|simultaneously|in addition|additionally),? (?:i |hereby |the subject )?(?:authori[sz]es?|consents? to|authori[sz]ing)\\b',
          },
          { match: '\\bblanket (?:consent|authori[sz]ation)s?\\b' },
          {
            match:
              '\\b(?:consents?|agrees?) to all (?:of )?(?:the )?(?:above|following|foregoing|items|consents)',
          },
          {
            match:
              '\\b(?:authori[sz]es?|consents? to)\\b[^.;\\n]{3,80}\\band (?:further |also |to )?(?:authori[sz]es?|consents? to)\\b',
          },
        ],
      },
    },
  },
  {
    id: 'default-agreement',
    articles: ['个人信息保护法 14', '民法典 496'],
    severity: 'error',
    message: {
      zh: '默认同意（默认勾选、视为同意、未提异议即同意）。同意须由授权人明确作出。',
      en: 'Consent by default (pre-ticked, deemed to agree, silence). Consent is an explicit act of the subject.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          { match: '(?:默认|默示)(?:为|地|已)?(?:同意|授权|勾选|选中|接受|开通)' },
          {
            match:
              '(?:视为|视同|推定(?:为)?|即表示|即代表|即表明|表示(?:您|授权人)?已经?)(?:(?!不|未|拒|撤)[^,。;\\n]){0,8}(?:同意|授权(?!书|人|失效|终止|结束|已)|接受|认可|知晓并)',
          },
          {
            match:
              '(?:未|没有|不)(?:提出|表示|作出|明确)?(?:异议|反对|拒绝|答复|回复)(?:的)?,?(?:即|则|就|便)(?:为|是|表示)?(?:同意|授权|接受)',
            evenDenied: true,
          },
          { match: '(?:预先|已经?为您|自动)(?:勾选|选中)' },
        ],
        en: [
          {
            match:
              '\\b(?:deemed|considered|presumed|taken|regarded)(?: (?:to|as|have|be|having|an?|his|her|your|as having|given)){0,4} (?:consent(?:s|ed|ing)?|agree(?:s|d|ing|ment)?|authori[sz](?:e|ed|ation)|accept(?:s|ed|ance)?)\\b',
          },
          {
            match:
              '\\b(?:ticking|clicking|tapping|opening|using|continuing)[^.;,\\n]{0,40} (?:counts as|constitutes|means|is|signifies) (?:consent|agreement|acceptance)\\b',
          },
          {
            match: '\\bassumes? (?:that )?(?:you|the subject|i) (?:agrees?|consents?|accepts?)\\b',
          },
          { match: '\\bpre-?(?:ticked|checked|selected)\\b' },
          {
            match:
              '\\b(?:consents?|agrees?|agreed|authori[sz]ed) by default\\b|\\bby default,? (?:the subject |you |i )?(?:consents?|agrees?|authori[sz]es?)\\b|\\bdefault (?:consent|agreement)\\b',
          },
          {
            match:
              '\\bby (?:continuing|using|browsing|proceeding|clicking)[^.;\\n]{0,50},? (?:you|the subject|i) (?:agrees?|consents?|accepts?|authori[sz]es?)\\b',
          },
          {
            match:
              '\\b(?:silence|no (?:reply|objection|response)|failure to (?:object|reply|respond)) (?:is|means|shall mean|constitutes|counts as|shall constitute) (?:an? )?(?:consent|agreement|acceptance)\\b',
            evenDenied: true,
          },
        ],
      },
    },
  },
];
