import type { ACTS, Lock } from '../api/people.js';

export interface PeopleWords {
  readonly title: string;
  readonly lead: string;
  readonly person: string;
  readonly place: string;
  readonly operator: string;
  readonly outsourced: (until: string) => string;
  readonly roles: string;
  readonly since: (day: string) => string;
  readonly none: string;
  readonly seen: string;
  readonly never: string;
  readonly reviewDue: string;
  readonly late: string;
  readonly state: string;
  readonly works: string;
  readonly locks: Readonly<Record<Lock, string>>;
  readonly historyTitle: string;
  readonly back: string;
  readonly when: string;
  readonly act: string;
  readonly people: string;
  readonly alone: (by: string) => string;
  readonly self: string;
  /** Recovery codes that were given with a passkey. */
  readonly codes: (n: number) => string;
  readonly both: (by: string, approver: string) => string;
  readonly detail: string;
  readonly acts: Readonly<Record<(typeof ACTS)[number], string>>;
}

export const zh: PeopleWords = {
  title: '人员',
  lead: '账号、岗位和下次复核的日期。账号由两人用命令办理，这里只能查看。',
  person: '姓名',
  place: '单位和部门',
  operator: '运营方',
  outsourced: (until) => `外包人员，合同至${until}`,
  roles: '岗位',
  since: (day) => `${day}起`,
  none: '没有岗位',
  seen: '最近登录',
  never: '从未登录',
  reviewDue: '复核期限',
  late: '已逾期',
  state: '状态',
  works: '可以工作',
  locks: {
    'account-closed': '已注销',
    'contract-over': '合同已到期，锁定',
    'account-dormant': '九十天未登录，锁定',
    'review-overdue': '复核逾期，锁定',
  },
  historyTitle: '账号变更记录',
  back: '回到人员',
  when: '时间',
  act: '事项',
  people: '经办和同意',
  alone: (by) => `${by}经办`,
  self: '本人',
  codes: (n) => `同时得到 ${n} 个恢复码`,
  both: (by, approver) => `${by}经办，${approver}同意`,
  detail: '内容',
  acts: {
    opened: '开立账号',
    'role-given': '授予岗位',
    'role-ended': '收回岗位',
    invited: '邀请启用',
    linked: '关联统一登录',
    enrolled: '登记通行密钥',
    reset: '重置登录方式',
    moved: '调岗或续约',
    reviewed: '季度复核',
    woken: '解除长期未登录锁定',
    closed: '注销账号',
  },
};
