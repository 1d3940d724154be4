import type { StaffRole } from '@mandate/core/desk';

export interface View {
  /** Below `/desk`; `{name}` stands for one piece, given to the view in `params`. */
  readonly path: string;
  /** Of the custom element that the module defines. */
  readonly element: string;
  readonly title: Readonly<Record<'zh' | 'en', string>>;
  /** `nobody`: nobody needs to be signed in. */
  readonly roles: 'nobody' | 'any' | readonly StaffRole[];
  /** Stands in the menu of those roles. */
  readonly menu?: true;
  readonly load: () => Promise<unknown>;
}

/** In the order of the menu. */
export const VIEWS: readonly View[] = [
  {
    path: '/',
    element: 'desk-home',
    title: { zh: '首页', en: 'Home' },
    roles: 'any',
    menu: true,
    load: () => import('./home-view.js'),
  },
  {
    path: '/search',
    element: 'desk-search',
    title: { zh: '查找', en: 'Search' },
    roles: ['officer', 'approver', 'auditor'],
    menu: true,
    load: () => import('./search-view.js'),
  },
  {
    path: '/letters/{id}',
    element: 'desk-letter',
    title: { zh: '谁用过这份授权', en: 'Who used this authorization' },
    roles: ['officer', 'approver', 'auditor'],
    load: () => import('./letter-facts-view.js'),
  },
  {
    path: '/register',
    element: 'desk-register',
    title: { zh: '登记簿', en: 'Register' },
    roles: ['auditor', 'approver'],
    menu: true,
    load: () => import('./register-view.js'),
  },
  {
    path: '/audit',
    element: 'desk-audit',
    title: { zh: '审计', en: 'Audit' },
    roles: ['auditor'],
    menu: true,
    load: () => import('./audit-view.js'),
  },
  {
    path: '/cases/new',
    element: 'desk-open-case',
    title: { zh: '立案', en: 'Open a case' },
    roles: ['officer'],
    load: () => import('./open-case-view.js'),
  },
  {
    path: '/cases/{id}',
    element: 'desk-case',
    title: { zh: '案件', en: 'Case' },
    roles: ['officer', 'approver', 'auditor'],
    load: () => import('./case-view.js'),
  },
  {
    path: '/cases/{id}/grants/{grant}',
    element: 'desk-grant',
    title: { zh: '调阅', en: 'Access' },
    roles: ['officer', 'approver', 'auditor', 'custodian'],
    load: () => import('./grant-view.js'),
  },
  {
    path: '/cases/{id}/reports/{job}',
    element: 'desk-report-job',
    title: { zh: '报告', en: 'Reports' },
    roles: ['officer', 'approver', 'auditor'],
    load: () => import('./report-job-view.js'),
  },
  {
    path: '/agreements',
    element: 'desk-own-agreements',
    title: { zh: '我同意过的事项', en: 'What you agreed to' },
    roles: 'any',
    load: () => import('./own-agreements-view.js'),
  },
  {
    path: '/people',
    element: 'desk-people',
    title: { zh: '人员', en: 'People' },
    roles: ['auditor', 'operator'],
    menu: true,
    load: () => import('./people-view.js'),
  },
  {
    path: '/people/{id}',
    element: 'desk-person',
    title: { zh: '账号变更记录', en: 'Changes of the account' },
    roles: ['auditor', 'operator'],
    load: () => import('./person-view.js'),
  },
  {
    path: '/reconciliations',
    element: 'desk-reconciliations',
    title: { zh: '查询对账', en: 'Reconciliation' },
    roles: ['auditor', 'approver'],
    menu: true,
    load: () => import('./reconciliations-view.js'),
  },
  {
    path: '/reconciliations/{id}',
    element: 'desk-reconciliation',
    title: { zh: '查询对账', en: 'Reconciliation' },
    roles: ['auditor', 'approver'],
    load: () => import('./reconciliation-view.js'),
  },
  {
    path: '/samples',
    element: 'desk-samples',
    title: { zh: '抽样检查', en: 'Samples' },
    roles: ['auditor'],
    menu: true,
    load: () => import('./samples-view.js'),
  },
  {
    path: '/samples/{id}',
    element: 'desk-sample',
    title: { zh: '抽样检查', en: 'Samples' },
    roles: ['auditor'],
    load: () => import('./sample-view.js'),
  },
  {
    path: '/templates',
    element: 'desk-templates',
    title: { zh: '授权书模板', en: 'Templates' },
    roles: ['template-author', 'template-approver', 'auditor'],
    menu: true,
    load: () => import('./templates-view.js'),
  },
  {
    path: '/templates/{institution}',
    element: 'desk-templates',
    title: { zh: '授权书模板', en: 'Templates' },
    roles: ['template-author', 'template-approver', 'auditor'],
    load: () => import('./templates-view.js'),
  },
  {
    path: '/templates/{institution}/{id}/{version}',
    element: 'desk-template',
    title: { zh: '授权书模板', en: 'Templates' },
    roles: ['template-author', 'template-approver', 'auditor'],
    load: () => import('./template-view.js'),
  },
  {
    path: '/invitation',
    element: 'desk-invitation',
    title: { zh: '启用账号', en: 'Set up your account' },
    roles: 'nobody',
    load: () => import('./invitation-view.js'),
  },
  {
    path: '/sign-in/callback',
    element: 'desk-provider',
    title: { zh: '登录', en: 'Sign in' },
    roles: 'nobody',
    load: () => import('./provider-view.js'),
  },
];

/** A view and the pieces of the address it stands at. */
export interface Found {
  readonly view: View;
  readonly params: Readonly<Record<string, string>>;
}

/** `path`: below `/desk`. */
export function viewAt(path: string): Found | undefined {
  const pieces = path.split('/').filter((piece) => piece !== '');
  for (const view of VIEWS) {
    const wanted = view.path.split('/').filter((piece) => piece !== '');
    if (wanted.length !== pieces.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((piece, i) => {
      const name = /^\{(.+)\}$/.exec(piece)?.[1];
      if (name !== undefined) params[name] = pieces[i]!;
      return name !== undefined || piece === pieces[i];
    });
    if (fits) return { view, params };
  }
  return undefined;
}

export const menuOf = (roles: readonly StaffRole[]): readonly View[] =>
  VIEWS.filter(
    (view) =>
      view.menu &&
      (view.roles === 'any' ||
        (view.roles !== 'nobody' && view.roles.some((role) => roles.includes(role)))),
  );
