export interface ProblemWords {
  readonly title: string;
  readonly reference: string;
  /** For a code without a sentence of its own. */
  readonly other: string;
  readonly problems: Readonly<Record<string, string>>;
  /** Why a grant opens nothing; `why` of the problem `grant-refused`. */
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
    'passkey-cancelled': '设备没有完成通行密钥操作。请重试。',
    'passkey-present': '这台设备上已有这个账号的通行密钥。',
    forbidden: '您的角色不能做这件事。',
    'not-found': '没有找到，或者不属于您的机构。',
    'own-request': '自己申请的调阅不能由自己同意。',
    'grant-refused': '这项调阅现在不能进行。',
    'case-open': '这项争议已有一个案件。',
    'illegal-transition': '按现在的状态不能这样做。请刷新后再看。',
    'version-conflict': '别人刚刚改动了它。请刷新后再试。',
    erased: '个人信息已经删除，证据不能再打开。',
    'ledger-behind': '存证日志暂时不能登记这次调阅，所以没有打开。请稍后重试。',
    'rate-limited': '尝试次数过多。请稍后再试。',
    'authority-unavailable': '后台服务暂时没有答复。请稍后重试。',
    'payload-too-large': '文件太大。',
  },
  why: {
    'grant-unapproved': '同意的人数还不够，不能打开。',
    'grant-expired': '调阅期限已过。需要的话请重新申请。',
    'grant-revoked': '这项调阅已被收回。',
    'case-closed': '案件已经结束，不能再打开。',
    'right-missing': '申请时没有包括这种方式（查看、打印或下载）。',
    'account-closed': '申请人或同意人的账号已经关闭。',
    'grant-unknown': '没有这项调阅。',
  },
};
