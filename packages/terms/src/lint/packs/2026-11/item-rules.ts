import type { Rule } from '../../rule.js';

/** What may not be asked for at all, and what only with a word about its consequences. */
export const itemRules: readonly Rule[] = [
  {
    id: 'forbidden-item',
    articles: ['征信业管理条例 14'],
    severity: 'error',
    message: {
      zh: '征信机构不得采集的信息：宗教信仰、基因、指纹、血型、疾病和病史。请删去。',
      en: 'Information that may not be collected: religion, genes, fingerprints, blood type, disease and its history. Delete it.',
    },
    matcher: {
      kind: 'phrases',
      phrases: {
        zh: [
          { match: '宗教(?:信仰)?(?!事务|局|活动场所)' },
          { match: '基因(?!科技|生物|股份)|遗传信息|dna' },
          { match: '指纹', notAfter: '证书|文件|设备|浏览器|密钥|公钥|数字|数据' },
          { match: '血型' },
          {
            match: '健康(?:信息|状况|数据|记录)|疾病|病史|病历|既往症|患病',
            notBefore: '(?:的)?(?:保险|险|预防控制中心|控制中心)',
          },
        ],
        en: [
          { match: '\\breligio(?:n|us)\\b(?! affairs)' },
          { match: '\\bgen(?:es?|etics?|ome|omic)\\b|\\bdna\\b' },
          {
            match: '\\bfingerprints?\\b',
            notAfter: "(?:certificate|file|device|browser|key|digital)(?:'s)? ",
          },
          { match: '\\bblood (?:type|group)s?\\b' },
          {
            match:
              '\\b(?:diseases?|illness(?:es)?|medical (?:history|records?)|health (?:data|records?|conditions?|information))\\b',
            notBefore: ' (?:insurance|control)',
          },
        ],
      },
    },
  },
  {
    id: 'adverse-notice',
    articles: ['征信业管理条例 14'],
    severity: 'error',
    message: {
      zh: '采集收入、存款、有价证券、商业保险、不动产或者纳税信息，须先告知可能产生的不利后果。请加一条重要条款，点名该信息并写明可能的不利后果。',
      en: 'Income, deposits, securities, insurance, property or tax information needs a notice of possible adverse consequences first. Add a key clause that names the information and what may follow.',
    },
    matcher: {
      kind: 'notice',
      families: [
        {
          id: 'income',
          words: {
            zh: '收入|工资|薪金|薪酬',
            en: '\\b(?:income|salary|salaries|wages|earnings)\\b',
          },
        },
        { id: 'deposits', words: { zh: '存款', en: '\\b(?:deposits?|savings)\\b' } },
        {
          id: 'securities',
          words: {
            zh: '有价证券|证券(?:账户|持仓|资产)|股票|债券|基金份额|基金持仓',
            en: '\\b(?:securities|stocks|shares|bonds|fund units)\\b',
          },
        },
        {
          id: 'insurance',
          words: {
            zh: '商业保险|保单|保险合同',
            en: '\\b(?:commercial insurance|insurance (?:policy|policies|contracts?))\\b',
          },
        },
        {
          id: 'property',
          words: {
            zh: '不动产|房产|房屋所有权|房屋产权',
            en: '\\b(?:real estate|real property|immovable property|property ownership)\\b',
          },
        },
        {
          id: 'tax',
          words: {
            zh: '纳税|税额|个人所得税|个税|完税',
            en: '\\b(?:tax (?:payments?|paid|amounts?|returns?|filings?|records?|information)|taxes paid|income tax)\\b',
          },
        },
      ],
      notice: {
        zh: '(?:可能|会|将|能)[^。\\n]{0,40}(?:不利|被拒绝|不予批准|不被批准|不批准|降低|减少|提高|上升)',
        en: '\\b(?:may|can|could|might|will)\\b[^\\n]{0,100}\\b(?:adverse|unfavou?rable|negative|reject(?:ed|ion)|refus(?:ed|al)|reduced?|lower(?:ed)?|raised?|higher)\\b',
      },
      generic: {
        zh: '(?:上述|以上|这些|所列|该等|前述)(?:的)?(?:各项|个人)?(?:信息|数据|资料)',
        en: '\\b(?:this|these|the above|that|such) (?:items? of )?(?:information|data|items?)\\b',
      },
      request: {
        zh: '(?:查询|采集|收集|获取|提供|处理|调取|读取|核实)[^。;\\n]{0,24}',
        en: '\\b(?:quer(?:y|ies)|collects?|obtains?|provides?|process(?:es)?|retrieves?|reads?|access(?:es)?|verif(?:y|ies))\\b[^.;\\n]{0,80}',
      },
    },
  },
  {
    id: 'sensitive-without-clause',
    articles: ['个人信息保护法 29'],
    severity: 'error',
    message: {
      zh: '有敏感个人信息，却没有一条“单独同意”处理敏感个人信息的重要条款。',
      en: 'Sensitive information without a key clause in which the subject separately consents to it.',
    },
    matcher: {
      kind: 'sensitive-clause',
      named: false,
      consent: {
        zh: '单独同意[^。\\n]{0,120}敏感|敏感[^。\\n]{0,120}单独同意',
        en: '\\bseparate(?:ly)? (?:consent|agree)[^\\n]{0,300}\\bsensitive|\\bsensitive\\b[^\\n]{0,300}\\bseparate(?:ly)? (?:consent|agree)',
      },
    },
  },
  {
    id: 'sensitive-item-unnamed',
    articles: ['个人信息保护法 29'],
    severity: 'warning',
    message: {
      zh: '单独同意的条款没有点名这一项敏感个人信息（冒号或者括号之前的名称）。',
      en: 'The clause of separate consent does not name this sensitive item (its name before the colon or bracket).',
    },
    matcher: {
      kind: 'sensitive-clause',
      named: true,
      consent: { zh: '单独同意', en: '\\bseparate(?:ly)? (?:consent|agree)' },
    },
  },
];
