import type { StaffRole } from '@mandate/core/desk';

export interface FrameWords {
  readonly menu: string;
  readonly home: string;
  readonly busy: string;
  readonly signOut: string;
  readonly outsourced: string;
  readonly nothingHere: string;
  readonly notNow: string;
  readonly again: string;
  readonly noSuchPage: string;
  readonly notForYou: string;
  /** Before something typed is lost. */
  readonly leave: string;
  /** What was typed when a session ended. */
  readonly putBack: string;
  readonly roles: Readonly<Record<StaffRole, string>>;
}

export const zh: FrameWords = {
  menu: '工作台菜单',
  home: '回到首页',
  busy: '请稍候……',
  signOut: '退出登录',
  outsourced: '外包人员',
  nothingHere: '这里没有内容',
  notNow: '暂时打不开',
  again: '重试',
  noSuchPage: '没有这个页面。',
  notForYou: '您的角色不能查看这个页面。',
  leave: '有填写的内容还没有提交。离开会丢失，确定离开吗？',
  putBack: '上次登录结束时没有提交的内容已经放回。',
  roles: {
    officer: '争议处理员',
    approver: '审批人',
    auditor: '审计员',
    'template-author': '模板编写人',
    'template-approver': '模板审批人',
    custodian: '密钥保管人',
    operator: '运维人员',
  },
};
