import type { Rule } from '../../rule.js';

/** A name that closes what would be open: 合作机构为示例数据有限公司. Never 为您, 本公司 or another pronoun. */
const NAMED_ZH =
  '(?:仅)?(?:为|是|指|即|限于|:|\\()[^,。;您本其我他各\\n]{2,40}(?:公司|银行|中心|事务所|研究院|合作社|局|院)|(?:[^,。;\\n]{0,20}\\()?[^,。;\\n]{0,30}统一社会信用代码';
const NAMED_EN =
  ',? (?:namely|being|that is|limited to|i\\.e\\.)[: ,]|(?: \\(|: )[^;\\n)]{2,60}(?:ltd|limited|inc|bank|llp|company|corporation)\\b|,? named [a-z]|[^.;\\n]{0,40}\\bunified social credit code';

/** Who receives and who answers: always somebody with a name. */
export const partyRules: readonly Rule[] = [
  {
    id: 'unnamed-party',
    articles: ['个人信息保护法 23', '征信业管理条例 18/20'],
    severity: 'error',
    message: {
      zh: '没有写明名称的接收方或者来源（关联方、合作机构、相关第三方、其他合法渠道）。请写全称、统一社会信用代码和各自的目的，并请授权人逐一单独同意。',
      en: 'A recipient or source without a name (affiliates, partners, relevant third parties). Give full name, unified social credit code and own purpose, and ask for a separate consent to each.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          {
            match:
              '(?:相关|有关|任何|其他|其它|不?特定|必要|指定|受托|合作|各)(?:的|其他|相关|有关|合法){0,2}第三方(?:机构|公司|平台|主体|服务商|合作方)?',
            notBefore: NAMED_ZH,
          },
          {
            match: '(?:关联|附属|兄弟)(?:方|公司|企业|机构|主体|单位)',
            notBefore: NAMED_ZH,
          },
          {
            match: '(?:业务|战略|商业)?合作(?:机构|伙伴|方|银行|单位|企业|公司|商户|平台)',
            notBefore: `(?:名单|清单)见|${NAMED_ZH}`,
          },
          {
            match: '(?:有关|相关)(?:部门|单位|机构|方面|各方|主体|企业|当事方)',
            notBefore: NAMED_ZH,
          },
          {
            match:
              '(?:及|和|或|与|、|向|给|由)(?:其他|其它)[^,。;、(\\n]{0,10}(?:机构|单位|公司|企业|组织|平台|主体|部门)',
            notBefore: NAMED_ZH,
          },
          {
            match:
              '(?:(?<=[的其及和或与、向给各]|所有|下属|全资|控股)(?:母|子|分|控股|参股)公司|集团(?:内部?|旗下|所属|各?(?:成员|企业|公司|单位|机构)))',
            notBefore: NAMED_ZH,
          },
          { match: '(?:商业|业务|战略)伙伴|供应商|(?:外包|服务)(?:提供)?商', notBefore: NAMED_ZH },
          {
            match:
              '(?:其他|其它|各种|各类|有关|相关|任何)(?:的)?(?:合法|正当|公开|可靠|有效)(?:的)?(?:渠道|途径|来源|方式)',
          },
          {
            match: '(?:向|给|由|与)(?:其他|其它|任何|各)(?:机构|单位|组织|个人|主体|公司|企业)',
            notBefore: NAMED_ZH,
          },
          {
            match:
              '(?:其|被授权人|我行|贵行|本公司|我司)(?:所)?(?:指定|委托|选定|认可)(?:的)?(?:任何|其他|各类?)?[^,。;\\n]{0,4}(?:第三方|机构|公司|人员|主体|服务商)',
            notBefore: NAMED_ZH,
          },
        ],
        en: [
          {
            match: '\\baffiliate(?:s|d (?:companies|entities|parties|institutions))\\b',
            notBefore: NAMED_EN,
          },
          {
            match: '\\b(?:related|associated) (?:parties|companies|entities)\\b',
            notBefore: NAMED_EN,
          },
          {
            match:
              '\\b(?:business |strategic |commercial |cooperation |cooperating |co-operating |service )?partners\\b',
            notAfter: '(?:domestic|life|civil|marital) ',
            notBefore: ` of (?:a|the) (?:law|accounting|audit) firm|${NAMED_EN}`,
          },
          {
            match:
              '\\b(?:cooperating|cooperative|cooperation|partner) (?:institutions?|banks?|companies|entities)\\b',
            notBefore: NAMED_EN,
          },
          {
            match:
              "\\bwithin (?:its|our|the (?:bank|institution)'s) (?:corporate )?group\\b|\\b(?:whomever|whoever|anyone|any person) (?:it|we|the institution|the bank) (?:chooses?|designates?|selects?|appoints?)\\b",
          },
          {
            match:
              '\\b(?:subsidiar(?:y|ies)|(?:parent|group|holding) compan(?:y|ies)|service providers|suppliers|vendors|(?:sub)?contractors)\\b',
            notBefore: NAMED_EN,
          },
          {
            match:
              '\\b(?:(?:relevant|any|other|certain|selected|appropriate|necessary|trusted|all|some) ){1,2}third part(?:y|ies)\\b',
            notBefore: NAMED_EN,
          },
          { match: '\\bthird parties (?:as|where|when|if|it|we|whom|that|which)\\b' },
          {
            match:
              '\\b(?:relevant|related|competent|appropriate|concerned) (?:authorities|departments|institutions|parties|entities|organi[sz]ations)\\b',
            notBefore: NAMED_EN,
          },
          {
            match:
              '\\b(?:other|any) (?:lawful|legal|legitimate|proper) (?:channels?|sources?|means|ways?)\\b',
          },
          {
            match:
              '\\b(?:and|or|and/or|to|with) (?:any )?other (?:(?:relevant|related|similar|such|necessary|lawful) ){0,2}(?:parties|institutions|entities|companies|organi[sz]ations|persons)\\b',
            notBefore: ` (?:listed|named|stated|set out|specified) (?:in|above|below|by)|${NAMED_EN}`,
          },
        ],
      },
    },
  },
  {
    id: 'onward-authorization',
    articles: ['个人信息保护法 23', '征信业管理条例 20'],
    severity: 'error',
    message: {
      zh: '允许把授权转给别人（转授权、转委托）。每一个接收方都要由授权人单独同意；请删去。',
      en: 'Lets the authorization be passed on. The subject consents to each recipient separately; delete it.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          { match: '转授权|转委托|再委托|(?<!一)再授权(?!日)' },
          {
            match:
              '(?:有权|可以?|得以?)(?:转让|让与|转移)本?授权(?!人)|将本?授权(?!人)(?:书)?(?:转让|让与|转移)',
          },
          { match: '(?:本)?授权[^,。;不\\n]{0,4}(?:可以?|得以?)(?:转让|让与)' },
        ],
        en: [
          { match: '\\bsub-?(?:authori[sz]|delegat|licen[cs])[a-z]{1,6}\\b' },
          {
            match:
              '\\b(?:assign|transfer|delegate)s? (?:this|the) (?:authori[sz]ation|consent|letter)\\b',
          },
          { match: '\\bonward (?:transfers?|disclosures?|authori[sz]ations?)\\b' },
        ],
      },
    },
  },
];
