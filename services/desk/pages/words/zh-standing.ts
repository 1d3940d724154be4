import type { NewWayIn, OwnAgreement } from '../api/agreements-own.js';

/** What people of the desk are told about themselves and each other. */
export interface StandingWords {
  readonly title: string;
  readonly lead: string;
  readonly notMine: string;
  readonly none: string;
  readonly what: string;
  readonly when: string;
  readonly how: string;
  readonly acts: Readonly<Record<OwnAgreement['act'], string>>;
  readonly ofTemplate: (version: string) => string;
  readonly means: Readonly<Record<OwnAgreement['means'], string>>;
  readonly altered: string;
  readonly more: string;
  readonly time: string;
  readonly look: string;
  readonly ways: {
    readonly title: string;
    readonly lead: string;
    readonly ways: Readonly<Record<NewWayIn['act'], string>>;
    readonly byWayOf: Readonly<Record<NonNullable<NewWayIn['byWayOf']>, string>>;
    readonly both: (by: string, approver: string) => string;
    readonly passkey: string;
    readonly more: (n: number) => string;
  };
}

export const zh: StandingWords = {
  title: '我同意过的事项',
  lead: '最近 90 天里以您的名义表示的同意，最近的在前。',
  notMine:
    '如果有哪一项不是您同意的，请立即告诉运营方：由两人用 staff reset 命令停用您的全部登录方式，再重新邀请您。',
  none: '最近 90 天没有同意过任何事项。',
  what: '事项',
  when: '时间',
  how: '方式',
  acts: {
    grant: '同意调阅',
    outcome: '同意争议的处理结果',
    seal: '同意对授权人暂不显示',
    template: '批准授权书模板',
  },
  ofTemplate: (version) => `第 ${version} 版`,
  means: { passkey: '通行密钥', oidc: '统一登录' },
  altered: '这条记录被改动过，请告诉运营方。',
  more: '继续显示',
  time: '时间均为北京时间（UTC+8）。',
  look: '查看我同意过的事项',
  ways: {
    title: '最近新增或重置的登录方式',
    lead: '最近 90 天。如果您知道当事人没有这样做，请立即告诉运营方。',
    ways: {
      enrolled: '登记了通行密钥',
      linked: '关联了统一登录',
      reset: '登录方式被重置',
    },
    byWayOf: { invitation: '凭邀请', 'recovery-code': '凭恢复码' },
    both: (by, approver) => `${by}经办，${approver}同意`,
    passkey: '密钥指纹',
    more: (n) => `还有 ${n} 项`,
  },
};
