export interface ProblemWords {
  readonly title: string;
  readonly reference: string;
  /** For a code without a sentence of its own. */
  readonly other: string;
  readonly problems: Readonly<Record<string, string>>;
  /** `why` of the problems `grant-refused`, `agreement-refused`, `account-locked`. */
  readonly why: Readonly<Record<string, string>>;
}

export const zh: ProblemWords = {
  title: '没有完成',
  reference: '编号：',
  other: '出现了意外。请重试；如再次出现，请把编号告诉运维人员。',
  problems: {
    offline: '没有连接。恢复网络后请重试。',
    timeout: '很久没有收到答复。请重试。',
    'invalid-request': '填写的内容不完整或格式不对。请检查后重试。',
    unauthenticated: '登录没有成功。请重试；仍不行，请联系为您开户的人。',
    'session-ended': '登录已结束，请重新登录。',
    'account-locked': '这个账号已锁定。请联系为您开户的人复核。',
    'passkey-invalid': '通行密钥没有通过验证。',
    'passkey-cancelled':
      '设备没有完成通行密钥操作：可能已取消，或这台设备上没有您的通行密钥。请重试。',
    'passkey-present': '这台设备上已有这个账号的通行密钥。',
    forbidden: '您的角色不能做这件事。',
    'not-found': '没有找到，或者不属于您的机构。',
    'own-request': '自己申请的调阅不能由自己同意。',
    'grant-refused': '这项调阅现在不能进行。',
    'agreement-refused': '没有记下您的同意。',
    'case-open': '这项争议已有一个案件。',
    'dispute-open': '本案的争议还没有处理结果。先提出结果并经同意，案件才能结束。',
    'illegal-transition': '按现在的状态不能这样做。请刷新后再看。',
    'version-conflict': '别人刚刚改动了它。请刷新后再试。',
    erased: '个人信息已经删除，证据不能再打开。',
    'ledger-behind': '存证日志暂时不能登记这次调阅，所以没有打开。请稍后重试。',
    'rate-limited': '尝试次数过多。请稍后再试。',
    'authority-unavailable': '后台服务暂时没有答复。请稍后重试。',
    'payload-too-large': '文件太大。',
    'log-refused': '这份查询日志不能读取。请核对格式、列名和行数。',
    'not-its-maker': '只有发起这次对账的人可以这样做。',
    'log-differs': '这不是已收到一部分的那份日志。请选择原来的文件，或重新开始对账。',
    'template-invalid': '模板内容不符合格式。',
    'template-state': '模板现在的状态不能这样做。',
    'template-own-work': '自己编写的模板不能由自己审批。',
    'assessment-missing': '还没有影响评估，不能发布。',
    'template-lint-failed': '模板检查发现必须修改的问题。',
    'terms-invalid': '示例条款不符合模板。',
    'glyph-missing': '有的字不在字体里，不能印出。',
    'guard-refused': '按现在的状态不能这样做。请刷新后再看。',
    'object-corrupt': '存放的文件与登记的摘要不符，没有打开。请立即告诉运维人员。',
    'objects-unavailable': '存放证据的存储暂时不可用。请稍后重试，或告诉运维人员。',
    'object-missing': '存放的文件找不到。请告诉运维人员。',
    'budget-exceeded': '文件过于复杂，超出了处理上限。',
    'idempotency-key-missing': '页面发送的内容不完整，请刷新后重试。',
    'idempotency-key-reused': '这个编号已用于另一项申请。请刷新页面，看看是否已经提交成功。',
  },
  why: {
    'grant-unapproved': '同意的人数还不够，不能打开。',
    'grant-expired': '调阅期限已过。需要的话请重新申请。',
    'grant-revoked': '这项调阅已被收回。',
    'case-closed': '案件已经结束，不能再为它打开。',
    'right-missing': '申请时没有包括这种方式（查看、打印或下载）。',
    'account-closed': '申请人或同意人的账号已经关闭。',
    'grant-altered': '这项调阅的记录与登记不符，不能打开。请立即告诉运维人员。',
    'not-allowed': '按案件现在的环节和您的角色不能这样申请。案件先要受理。',
    'operator-only': '这一项须由运营方的审批人同意，机构人员不能同意。',
    'agreed-before':
      '您同意过这项申请，但之后您的角色曾被收回：那次同意已不算数，您也不能再次同意。须由另一位有权限的人同意。',
    'asked-too-long-ago': '提出已超过七天，不能再同意，须重新提出。',
    'account-dormant': '这个账号 90 天没有登录，已锁定。',
    'review-overdue': '这个账号的季度复核已逾期，已锁定。',
    'grant-unknown': '没有这项调阅。',
    'agreement-cancelled': '您没有在单位统一登录完成确认，所以没有记下您的同意。需要的话请重试。',
    'agreement-over': '确认超过了五分钟，或已经用过。没有记下您的同意，请重试。',
    'agreement-changed': '内容在您确认时已有变化。没有记下您的同意，请刷新，看清现在的内容再决定。',
    'agreement-unproven':
      '确认没有通过：请用您本人账号的通行密钥（或本人的单位账号），并完成指纹、面容或密码验证。',
  },
};
