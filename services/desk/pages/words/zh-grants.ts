import type { GrantRight } from '@mandate/core/desk';
import type { Outcome } from '../api/disputes.js';
import type { grantState } from '../api/grants.js';

export interface GrantWords {
  readonly rights: Readonly<Record<GrantRight, string>>;
  readonly states: Readonly<Record<ReturnType<typeof grantState>, string>>;
  readonly roles: Readonly<Record<'approver' | 'custodian', string>>;
  readonly section: {
    readonly title: string;
    readonly none: string;
    readonly asked: string;
    readonly what: string;
    readonly state: string;
    readonly people: string;
    readonly open: string;
    readonly agreed: (have: number, need: number) => string;
    readonly until: (at: string) => string;
    readonly unnamed: string;
  };
  readonly ask: {
    readonly title: string;
    readonly lead: string;
    readonly legalBasis: string;
    readonly reason: string;
    readonly reasonHint: string;
    readonly reasonOf: (caseNumber: string) => string;
    readonly rights: string;
    readonly hours: string;
    readonly hoursOf: (n: number) => string;
    readonly breakGlass: string;
    readonly breakGlassText: string;
    readonly submit: string;
    readonly done: string;
  };
  readonly inbox: {
    readonly title: string;
    readonly none: string;
    readonly requester: string;
    readonly approve: string;
    readonly approved: string;
    readonly own: string;
    readonly already: string;
    readonly look: string;
    readonly rest: string;
    readonly tale: string;
    readonly taleOne: (openings: number) => string;
  };
  readonly view: {
    readonly title: string;
    readonly ofCase: string;
    readonly toCase: string;
    readonly each: string;
    readonly view: string;
    readonly print: string;
    readonly letter: string;
    readonly bundle: string;
    readonly trail: string;
    readonly revoke: string;
    readonly revoked: string;
    readonly hours: string;
    readonly notMine: string;
    readonly letters: string;
    readonly waits: (people: number) => string;
    readonly saved: string;
    readonly opened: (access: string) => string;
    readonly notEvidence: string;
    readonly close: string;
    readonly drawing: string;
    readonly failed: string;
    readonly page: (n: number, of: number) => string;
    readonly asText: string;
    readonly copyOf: string;
    readonly trailOf: string;
    readonly moment: string;
    readonly what: string;
    readonly by: string;
    readonly details: string;
    readonly data: (n: number) => string;
    readonly number: string;
  };
  readonly dispute: {
    readonly title: string;
    readonly proposed: (outcome: string) => string;
    readonly outcome: string;
    readonly grounds: string;
    readonly groundsHint: string;
    readonly proposing: string;
    readonly propose: string;
    readonly approve: string;
    readonly none: string;
    readonly someone: string;
    readonly choose: string;
    readonly over: (outcome: string, at: string) => string;
    readonly outcomes: Readonly<Record<Outcome, string>>;
  };
  /** Parts of the service that write the trail. */
  readonly writers: Readonly<Record<string, string>>;
  /** Steps of an authorization's life, by the type of the trail's event. */
  readonly trail: Readonly<Record<string, string>>;
}

export const zh: GrantWords = {
  rights: { view: '查看', download: '下载原件', print: '打印' },
  states: {
    waiting: '等待同意',
    good: '可以打开',
    over: '已过期',
    revoked: '已收回',
    ended: '案件已结束',
  },
  roles: { approver: '审批人', custodian: '密钥保管人' },
  section: {
    title: '证据调阅',
    none: '还没有申请过调阅。',
    asked: '申请',
    what: '方式和理由',
    state: '状态',
    people: '同意的人',
    open: '打开',
    agreed: (have, need) => `${have}/${need} 人已同意`,
    until: (at) => `至 ${at}`,
    unnamed: '（已离职）',
  },
  ask: {
    title: '申请调阅证据',
    lead: '要由另外两个人同意。每打开一次，都先在证据调阅登记簿和存证日志中登记，授权人可以看到。',
    legalBasis: '法律依据',
    reason: '理由',
    reasonHint: '不要写个人信息；同意的人和登记簿都会看到。',
    reasonOf: (number) => `${number}：核验签署过程`,
    rights: '需要的方式',
    hours: '期限',
    hoursOf: (n) => `${n} 小时`,
    breakGlass: '紧急调阅',
    breakGlassText:
      '案件尚未受理也可申请；要有三个人同意，其中一人是密钥保管人，并通知所有审批人、保管人和审计员。',
    submit: '提交申请',
    done: '已提交。等待另外的人同意。',
  },
  inbox: {
    title: '等待同意的调阅',
    none: '没有等待同意的调阅。有人申请时会列在这里。',
    requester: '申请人',
    approve: '同意',
    approved: '已记下您的同意。',
    own: '您自己的申请，由别人同意。',
    already: '您已同意。',
    look: '先看案件',
    rest: '还差别人同意。',
    tale: '近 90 天的紧急调阅',
    taleOne: (n) => `已打开 ${n} 次`,
  },
  view: {
    title: '调阅',
    ofCase: '案件',
    toCase: '回到案件',
    each: '每点一次就是一次调阅，先登记后打开。',
    view: '查看授权书',
    print: '打印副本',
    letter: '下载授权书原件',
    bundle: '下载证据包',
    trail: '查看过程记录',
    revoke: '收回这项调阅',
    revoked: '已收回。',
    hours: '期限',
    notMine: '只有申请人可以打开。',
    letters: '可以打开的授权书',
    waits: (people) =>
      people === 3
        ? '等待另外三个人同意，其中一人是密钥保管人。他们在各自的首页看到这项申请；都同意后，您在这里打开。'
        : '等待另外两位审批人同意。他们在各自的首页看到这项申请；都同意后，您在这里打开。',
    saved: '文件已保存到您的设备。',
    opened: (access) => `登记号 ${access}`,
    notEvidence: '查阅用副本，不是证据原件',
    close: '关闭',
    drawing: '正在显示……',
    failed: '无法在这里显示这份文件。',
    page: (n, of) => `第 ${n} 页，共 ${of} 页`,
    asText: '文字内容',
    copyOf: '授权书（查阅用副本）',
    trailOf: '过程记录（查阅用）',
    moment: '时间',
    what: '经过',
    by: '记录方',
    details: '核对用数据',
    data: (n) => `${n} 项`,
    number: '授权书编号',
  },
  dispute: {
    title: '争议的处理结果',
    proposed: (outcome) => `已提出：${outcome}。须由运营方的另一位审批人同意后生效。`,
    outcome: '结果',
    grounds: '理由所在',
    groundsHint: '例如报告编号或文号；不要写个人信息。审批人会看到。',
    proposing: '提出结果',
    propose: '提交给审批人',
    approve: '同意这个结果',
    none: '还没有提出结果。由处理员提出，运营方审批人同意后生效；在此之前授权一直冻结。',
    someone: '处理员',
    choose: '请选择',
    over: (outcome, at) => `${at} 处理完毕：${outcome}。`,
    outcomes: { upheld: '争议成立', rejected: '争议不成立', retracted: '本人撤回争议' },
  },
  writers: {
    web: '签署页面',
    ra: '身份和验证码',
    ca: '证书签发',
    tsa: '时间戳',
    seal: '电子签章',
    ledger: '存证日志',
    vault: '数据保管',
    worker: '后台服务',
    desk: '争议处理工作台',
  },
  trail: {
    requested: '机构提出',
    presented: '向本人展示',
    challenged: '发送验证码',
    confirmed: '本人确认',
    signed: '签署完成',
    released: '登记生效',
    declined: '本人未同意',
    lapsed: '过期未签',
    failed: '未完成',
    'confirmation-refused': '确认未通过',
    'identity-checked': '身份核验',
    'passkey-registered': '登记通行密钥',
    'passkey-revoked': '停用通行密钥',
    'attempt-issued': '签发场景证书',
    'attempt-voided': '本次签署作废',
    'report-made': '出具报告',
    redeemed: '使用',
    'redemption-confirmed': '使用完成',
    'redemption-released': '使用取消',
    withdrawn: '撤回',
    held: '因争议冻结',
    'hold-resolved': '争议处理完毕',
    ended: '到期终止',
    'data-released': '提供信息',
    restricted: '限制处理',
    erased: '删除个人信息',
    'id-image-kept': '留存证件影像',
    'id-image-destroyed': '销毁证件影像',
  },
};
