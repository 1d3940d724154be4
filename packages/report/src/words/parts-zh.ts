import type { PartWords } from './part-words.js';

const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** 1–99. */
const chineseNumber = (n: number): string => {
  const tens = Math.floor(n / 10);
  return `${tens > 1 ? DIGITS[tens] : ''}${tens > 0 ? '十' : ''}${DIGITS[n % 10]}`;
};

export const partsZh: PartWords = {
  contents: '目录',
  parts: {
    application: '申请与材料',
    basis: '依据',
    environment: '工具与环境',
    statement: '授权内容',
    summary: '结论摘要与证据等级',
    identity: '报告一：身份核验',
    issuance: '报告二：证书签发',
    signature: '报告三：电子签名',
    content: '内容与意愿',
    process: '过程记录与时间线',
    later: '使用、撤回与争议',
    ledger: '存证日志与封存',
    court: '互联网法院规定第十一条的六项审查',
    limbs: '电子签名法第十三条的四项条件',
    vouchers: '各项事实由谁担保',
    notChecked: '未检查的事项',
    conclusion: '结论',
    repeat: '不依赖我方自行复核',
    evidence: '证据目录',
    facts: '附：供复算的数据',
    files: '附：证据包内的文件',
  },
  partNumber: (n) => `${chineseNumber(n)}、`,
  plainReason: {
    integrity: (broken) =>
      broken ? '文件曾被改动、已损坏，或者不是应有的文件' : '无法确认文件未被改动',
    identity: (broken) => (broken ? '签名不能归于所载的授权人' : '凭现有材料无法确认是谁签署'),
    intent: (broken) => (broken ? '确认同意的记录前后矛盾' : '确认同意的记录不足'),
    time: (broken) => (broken ? '签署时间与其他记录矛盾' : '没有可靠的签署时间'),
    scope: (broken) => (broken ? '页面文字与登记的内容不一致' : '页面文字与登记的内容未能比对'),
    'single-signature': (broken) =>
      broken ? '登记的是另一个签名，不是这一个' : '无法确认登记的就是这一个签名',
    ledger: (broken) => (broken ? '公开登记的记录与文件不符' : '没有证明该签名已经登记在案'),
  },
  application: {
    applicant: '申请人',
    applicants: {
      institution: '被授权人（经接口申请）',
      subject: '授权人本人',
      desk: '运营方的争议处理人员',
      'not-named': '未记载',
    },
    matter: '申请事项',
    matterText: (kind) =>
      kind === 'bundle'
        ? '核验授权书证据包：电子签名是否有效，内容是否改动，由谁、何时、为何事签署'
        : '核验所提交的文件：电子签名是否有效，内容是否改动',
    number: '报告编号',
    madeAt: '出具时间',
    head: ['材料与 SHA-256 摘要值', '字节'],
    materials: {
      bundle: '证据包（提交核验的文件）',
      file: '提交核验的文件',
      letter: '向授权人展示的授权书',
      'signed-letter': '已签署的授权书',
      'anchor-scene': '信任锚：场景证书的根证书',
      'anchor-seal': '信任锚：机构签章的根证书',
      'anchor-timestamp': '信任锚：时间戳的根证书',
      'anchor-ledger': '信任锚：存证日志的公钥',
    },
    anchorNote: '信任锚不取自被核验的文件。请与运营方另行公布的摘要值核对。',
  },
  basis: {
    'signature-law':
      '《中华人民共和国电子签名法》第四条至第六条、第十三条、第十四条、第十六条至第十八条',
    'internet-courts':
      '最高人民法院《关于互联网法院审理案件若干问题的规定》（法释〔2018〕16号）第十一条',
    'online-litigation':
      '最高人民法院《人民法院在线诉讼规则》（法释〔2021〕12号）第十六条至第十九条',
    'jr-0299':
      'JR/T 0299-2024《个人征信电子授权安全技术指南》：仅三份子报告的划分，依公开介绍编排，未经认定',
    'etsi-319102': 'ETSI EN 319 102-1：电子签名的验证程序与结论用语',
    'etsi-319142':
      'ETSI EN 319 142-1（PAdES）、EN 319 122-1（CAdES）、EN 319 162-1（ASiC）：签名与容器格式',
    'etsi-119102': 'ETSI TS 119 102-2：验证报告的结构（本报告另有同一内容的 XML 文本）',
    'rfc-3161': 'RFC 3161、RFC 5816：时间戳',
    'rfc-5280': 'RFC 5280、RFC 6960：证书与证书状态',
    tlog: 'RFC 6962、C2SP tlog-tiles 与 tlog-proof：存证日志与收录证明',
  },
  environment: {
    tools: '核验程序',
    judgedAt: '判定所据时间',
    manner: '方式',
    mannerText:
      '由运营方的开源程序在运营方的服务器上核验，全程离线：不联网查询，不采信文件自带的信任锚和时间。任何人可在自己的计算机上重做，见“不依赖我方自行复核”。',
  },
  counts: ({ passed, failed, indeterminate, 'not-checked': skipped }) =>
    [
      `共 ${passed + failed + indeterminate + skipped} 项检查`,
      `通过 ${passed}`,
      ...(failed > 0 ? [`不通过 ${failed}`] : []),
      ...(indeterminate > 0 ? [`无法判定 ${indeterminate}`] : []),
      ...(skipped > 0 ? [`未检查 ${skipped}`] : []),
    ].join('，') + '。',
  leads: {
    identity: '检查谁是授权人、如何核验、由谁担保。证件号码等个人信息在本报告中已遮盖。',
    issuance: '检查场景证书是否只为这一份授权书、这一次签署、这一把密钥签发，以及签署时是否有效。',
    signature: '检查签名值、被签内容和时间戳。签名一经作出，改动任何一个字节都会使检查不通过。',
    content: '检查授权人看到的、确认的和签署的是否同一内容，以及可选内容是否逐项选择。',
    process: '检查过程记录是否前后相链、步骤是否齐全有序。',
    later: '检查签署之后的增补是否前后相链、各有签章，回执是否与日志相符。',
    ledger: '检查该签名是否已收录于只增不改的存证日志，以及收录的是否正是这一个签名。',
    bundle: '检查证据包封存后是否完整、未被改动。',
  },
  timeline: {
    note: '时间为北京时间，纵向间距不按比例。空心为运营方的时钟，实心为时间戳所证明的时间。',
    what: {
      'code-delivered': '短信网关回报已送达',
      'code-not-delivered': '短信网关回报未送达',
      'signature-stamped': '签名加盖时间戳',
      'status-answered': '取得证书状态应答',
      'bundle-sealed': '证据包封存并加盖时间戳',
      'in-ledger': '存证日志收录',
      archived: '长期保存时间戳',
    },
    operator: '运营方的时钟',
    timestamp: '时间戳证明',
    validity: '场景证书有效期',
    gap: (ms) => gapZh(ms),
  },
  later: {
    none: '本文件不含签署之后的记录，故使用、撤回和争议不在本报告之内。',
    asOf: (at, generation) =>
      `以下为运营方截至 ${at} 的陈述（证据包第 ${generation} 次增补，另有签章）。`,
    counted: ({ counted, allowed, per }) =>
      `已计使用 ${counted} 次，${per ? PER[per] : '至多'} ${allowed} 次。`,
    older: (count) => `更早的 ${count} 条见本报告的数据和证据包。`,
    noFacts: '截至该时间没有使用、撤回或争议。',
    head: ['时间（北京时间）', '事项', '由谁、向何处、何内容'],
    kinds: {
      redemption: '使用',
      withdrawal: '撤回',
      hold: '争议，暂停使用',
      'hold-resolution': '争议处理完毕',
      end: '约定事由届至，终止',
      release: '向接收方提供授权人信息',
      restriction: '个人信息限制为只存储',
      erasure: '个人信息已删除',
      'id-image-destruction': '证件图像已销毁',
      unknown: '其他记录',
    },
    givenBack: '（未成，已退回次数）',
    reserved: '（已预占，未确认）',
    by: { subject: '授权人', institution: '被授权人' },
    outcomes: {
      upheld: '成立',
      rejected: '不成立',
      retracted: '授权人收回',
      'loan-settled': '贷款结清',
    },
    accesses: (count) => `证据调阅登记共 ${count} 条（不含个人信息）：`,
    accessHead: ['时间（北京时间）', '调阅者', '目的'],
  },
  usable: {
    open: (at) => `能（${at}的情况）`,
    'not-told': () => '文件未载明，请询运营方',
    'not-established': () => '不应据此使用',
    'not-begun': (at) => `尚不能：${at}起生效`,
    ended: (at) => `不能：已于${at}到期`,
    withdrawn: (at) => `不能：已于${at}撤回`,
    'on-hold': (at) => `不能：${at}起因争议暂停`,
    upheld: (at) => `不能：争议成立（${at}）`,
    'used-up': (at) => `不能：次数已用完（${at}）`,
    restricted: (at) => `不能：${at}起个人信息只存储`,
  },
  left: (usable, uses) => `${usable}，还剩${uses}次`,
  used: {
    notTold: '文件未载明',
    never: '尚无人使用',
    by: (who, times, lastDay) =>
      `${who}，${times}次${lastDay ? `，${times === 1 ? '' : '最近'}${lastDay}` : ''}`,
    parties: (named, more) => named.join('；') + (more > 0 ? `；另有${more}家` : ''),
    from: (source) => `向${source}`,
  },
  court: {
    environment: [
      '生成、收集、存储、传输所依赖的计算机系统等软硬件环境是否安全、可靠',
      '核对了过程记录是否相链、签署页面的版本和证书的要求。服务器和终端本身是否安全，本报告无从检查，依运营方的说明。',
    ],
    'maker-and-time': [
      '生成主体和时间是否明确，表现内容是否清晰、客观、准确',
      '核对了证书、时间戳和页面文字。姓名和证件号码由被授权人提供，除报告一所列的核验外未与独立来源比对。',
    ],
    custody: [
      '存储、保管介质是否明确，保管方式和手段是否妥当',
      '核对了证据包的清单、机构电子签章、封存时间和日志收录。存储设备由运营方管理，不在本文件之内。',
    ],
    extraction: [
      '提取和固定的主体、工具和方式是否可靠，提取过程是否可以重现',
      '证据包由运营方在签署当时固定。工具见“工具与环境”；任何人可按“不依赖我方自行复核”重做。',
    ],
    alteration: [
      '内容是否存在增加、删除、修改及不完整等情形',
      '逐一核对了清单、摘要值、签署后的更新、内嵌条款、过程记录和日志记录。',
    ],
    verifiable: [
      '是否可以通过特定形式得到验证',
      '电子签名、时间戳、证书状态、机构电子签章和收录证明均可用公开标准和通用工具验证。',
    ],
  },
  limbs: {
    exclusive: [
      '电子签名制作数据用于电子签名时，属于电子签名人专有',
      '核对了证书只为这一份授权书签发、签署者持有密钥、日志中该证书对应这一个签名。没有其他证书用过同一密钥，须查完整日志。',
    ],
    controlled: [
      '签署时电子签名制作数据仅由电子签名人控制',
      '核对了要求的确认方式是否均已完成。密钥产生和保管于何处是运营方的声明，本报告不能证明。',
    ],
    'signature-change': [
      '签署后对电子签名的任何改动能够被发现',
      '核对了签名值、其上的时间戳和日志所载的签名。',
    ],
    'content-change': [
      '签署后对数据电文内容和形式的任何改动能够被发现',
      '核对了签名覆盖的字节、签署后的更新和展示原件。',
    ],
  },
  pointHead: ['审查事项', '核对了什么，不能核对什么', '所列检查'],
  pointNote: '结果取所列检查中最差的一项；是否认定，由审理者判断。',
  conclusionText: ({ evidenceLevel, usable }, statement) => [
    statement,
    evidenceLevel.level
      ? `证据等级为 ${evidenceLevel.level}，由文件内容计算得出，不是任何一方的声明。`
      : '身份、意愿等未全部成立，不评定证据等级。',
    usable.answer === 'not-told'
      ? '授权目前能否使用，本文件没有载明。'
      : usable.answer === 'yes'
        ? '截至文件所载时间，授权仍可使用。'
        : '授权目前不能使用，原因见首页。',
  ],
  evidenceHead: ['序号', '名称', '来源', '证明内容', '页码'],
  evidence: {
    'signed-letter': [
      '已签署的授权书',
      '授权人签署，运营方保存',
      '授权的内容；由授权人的电子签名确认',
    ],
    certificate: [
      '场景证书',
      '运营方自建的证书服务签发',
      '签名密钥属于授权人，且只用于这一份授权书',
    ],
    token: ['签名时间戳', '时间戳服务签发', '签名在该时间已经存在'],
    status: ['证书状态应答', '证书服务签发', '签署时证书未被吊销'],
    presentation: ['展示记录', '运营方的网页服务记录', '签署前向授权人展示了什么、展示多久'],
    'code-record': [
      '验证码记录',
      '运营方的注册服务记录',
      '验证码何时发往授权人的手机、何时正确填回',
    ],
    delivery: ['短信送达回报', '短信网关回报，运营方记录', '验证码短信是否送达'],
    passkey: ['通行密钥签名', '授权人的设备作出', '持有该设备者针对这一份授权书作了确认'],
    identity: ['身份核验结果与回执', '所列核验方出具', '核验方对个人信息或本人的确认'],
    possession: ['持有密钥的证明', '授权人的浏览器作出', '确认者持有签名密钥'],
    trail: ['过程记录', '运营方各服务记录，逐条相链', '各步骤的先后'],
    template: ['模板记录', '运营方记录', '授权书模板如何起草、检查、批准'],
    builds: [
      '页面与服务器的版本',
      '运营方记录',
      '签署时所用的程序是哪一版，其文件清单的摘要值先已收录于日志',
    ],
    seal: ['证据包的机构电子签章', '运营方作出，另有时间戳', '证据包自封存时起未被改动'],
    'ledger-proof': ['收录证明', '存证日志签发', '该签名已收录于只增不改的日志'],
    later: ['签署后的回执与增补', '运营方签发，另有签章', '使用、撤回、争议的经过'],
    bundle: ['证据包全部', '运营方保存', '以上各项的原件'],
  },
};

const PER = { month: '每月至多', quarter: '每季度至多', year: '每年至多' } as const;

function gapZh(ms: number): string {
  if (ms < 1000) return `${ms} 毫秒后`;
  const s = Math.round(ms / 1000);
  if (s < 120) return `${s} 秒后`;
  if (s < 7200) return `${Math.round(s / 60)} 分钟后`;
  return s < 172_800 ? `${Math.round(s / 3600)} 小时后` : `${Math.round(s / 86_400)} 天后`;
}
