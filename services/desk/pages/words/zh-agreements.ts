export interface AgreementWords {
  readonly grant: (p: {
    caseNumber: string;
    letters: number;
    requester: string;
    rights: string;
    hours: number;
    legalBasis: string;
    reason: string;
    /** As what one agrees. */
    role: string;
    breakGlass: boolean;
  }) => string;
  readonly outcome: (p: { caseNumber: string; outcome: string; grounds: string }) => string;
  readonly seal: (p: { caseNumber: string; until: string; legalBasis: string }) => string;
  readonly byPasskey: string;
  readonly byProvider: string;
  readonly title: string;
  readonly agreed: string;
  readonly back: string;
}

export const zh: AgreementWords = {
  grant: ({ caseNumber, letters, requester, rights, hours, ...more }) =>
    `${more.breakGlass ? '紧急调阅，案件无须先受理。' : ''}您以${more.role}的身份同意，即：${requester}可为案件 ${caseNumber} 打开 ${letters} 份授权书的材料（${rights}），自凑齐同意人数起 ${hours} 小时内有效。依据：${more.legalBasis}。理由：${more.reason}`,
  outcome: ({ caseNumber, outcome, grounds }) =>
    `同意即：案件 ${caseNumber} 的争议以“${outcome}”结束，理由见 ${grounds}。`,
  seal: ({ caseNumber, until, legalBasis }) =>
    `同意即：依据 ${legalBasis}，为案件 ${caseNumber} 的调阅在 ${until} 之前不向本人显示。`,
  byPasskey: '点击后请用您本人的通行密钥确认。',
  byProvider: '点击后转到单位统一登录，请重新登录以确认，然后回到这里。',
  title: '您的同意',
  agreed: '已记下您的同意。',
  back: '返回',
};
