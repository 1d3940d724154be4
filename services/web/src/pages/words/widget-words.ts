import type { Language } from './index.js';

/** What the page says where it stands in a frame or leads back to an app. */
const WORDS = {
  zh: {
    fullPageTitle: '请在单独的页面中签署',
    fullPage: '在新页面中继续',
    sameWindow: '在当前窗口中继续',
    fullPageText: '新页面的地址栏会显示本服务的网址，请核对后再继续。您还没有签署任何内容。',
    goOnThere: '请在新打开的页面中继续。完成后这里会显示结果。',
    finishedElsewhere: '已在另一个页面中结束。您可以关闭这里。',
    askAgain: '请回到机构的页面，重新打开签署。',
    covered:
      '为了您的安全，刚才的点击没有生效：这个按钮没有被完整显示，可能有内容遮挡了它。请关闭弹窗、悬浮窗或屏幕共享，把按钮完整显示一秒后再点；仍然不行，请不要继续，并联系机构。',
    backLabel: '返回机构',
    back: (name: string) => `返回${name}`,
    leave: (name: string) => `暂不签署，返回${name}`,
    stay: '留在此页',
    backIn: (n: number) => `${n}秒后自动返回`,
  },
  en: {
    fullPageTitle: 'Please sign in a page of its own',
    fullPage: 'Continue in a new page',
    sameWindow: 'Continue in this window',
    fullPageText:
      'The new page shows this service’s address in the address bar; check it before you go on. You have not signed anything yet.',
    goOnThere: 'Please go on in the page that has opened. The result will show here.',
    finishedElsewhere: 'This was finished in another page. You can close this one.',
    askAgain: 'Please go back to the institution’s page and open signing again.',
    covered:
      'For your safety that tap did not count: the button was not fully in sight, something may be covering it. Close pop-ups, floating windows or screen sharing, keep the button in sight for a second and tap again. If it still fails, do not go on, and contact the institution.',
    backLabel: 'Back to the institution',
    back: (name: string) => `Back to ${name}`,
    leave: (name: string) => `Not now, back to ${name}`,
    stay: 'Stay on this page',
    backIn: (n: number) => `Going back in ${n} s`,
  },
};

export const widgetWords = (language: Language) => WORDS[language];
