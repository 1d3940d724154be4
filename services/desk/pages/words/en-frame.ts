import type { FrameWords } from './zh-frame.js';

export const en: FrameWords = {
  menu: 'Desk menu',
  home: 'To the first page',
  busy: 'One moment…',
  signOut: 'Sign out',
  outsourced: 'Outsourced',
  nothingHere: 'Nothing here',
  notNow: 'Not to be had just now',
  again: 'Try again',
  noSuchPage: 'There is no such page.',
  notForYou: 'Your role does not see this page.',
  leave: 'Something you typed was not sent. Leave and lose it?',
  putBack: 'What you had typed when your session ended stands here again.',
  roles: {
    officer: 'Disputes officer',
    approver: 'Approver',
    auditor: 'Auditor',
    'template-author': 'Template author',
    'template-approver': 'Template approver',
    custodian: 'Key custodian',
    operator: 'Operator',
  },
};
