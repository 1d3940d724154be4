export interface SignInWords {
  readonly title: string;
  readonly over: string;
  readonly left: string;
  /** After either of them, where something typed is kept. */
  readonly keptTexts: string;
  readonly lead: string;
  readonly passkey: string;
  readonly provider: string;
  readonly recovery: string;
  readonly recoveryText: string;
  readonly recoveryCode: string;
  readonly recoveryHint: string;
  readonly signIn: string;
  readonly noPasskeys: string;
  readonly invitation: {
    readonly title: string;
    readonly lead: string;
    readonly again: string;
    readonly againText: string;
    readonly make: string;
    readonly missing: string;
    readonly codes: string;
    readonly codesText: string;
    readonly print: string;
    readonly kept: string;
    readonly onward: string;
  };
  readonly returned: string;
}

export const zh: SignInWords = {
  title: '登录争议处理工作台',
  over: '登录已结束：半小时没有操作、时间已满或账号状态有变。已打开的内容已从页面上清除。',
  left: '您已退出登录。',
  keptTexts:
    '您填写而没有提交的内容暂存在这个标签页里，最多十小时；您在这里重新登录后会放回原处。关闭或刷新标签页、改用单位统一登录，都会丢失。',
  lead: '这里的每一次查找、调阅和决定都会登记在册，您的姓名随之留存。',
  passkey: '用通行密钥登录',
  provider: '用单位统一登录',
  recovery: '用恢复码登录',
  recoveryText:
    '通行密钥不在手边时，可用启用账号时得到的一个恢复码来建立新的通行密钥。没有恢复码时，请运维人员重新邀请。',
  recoveryCode: '恢复码',
  recoveryHint: '字母和数字，连字符可写可不写。',
  signIn: '登录',
  noPasskeys: '这个浏览器不支持通行密钥。请换一个浏览器，或使用其他方式。',
  invitation: {
    title: '启用您的账号',
    lead: '您收到的链接只能用一次。在这台设备上建立通行密钥，以后用它登录；通行密钥不会离开您的设备。',
    again: '建立新的通行密钥',
    againText: '恢复码只用来建立新的通行密钥。建立后，原来的通行密钥、恢复码和登录都失效。',
    make: '建立通行密钥',
    missing: '链接不完整。请从交给您的邀请里重新打开。',
    codes: '您的恢复码',
    codesText:
      '只显示这一次。请打印或抄写后妥善保存：通行密钥丢失时，用其中任何一个建立新的通行密钥；建立后，其余的随之失效。',
    print: '打印恢复码',
    kept: '我已保存恢复码',
    onward: '进入工作台',
  },
  returned: '正在完成登录……',
};
