export {
  ASSETS_FOLDER,
  loadPageAssets,
  loadPageBuild,
  type PageAssets,
  type PageEntry,
} from './assets.js';
export { errorPage } from './error-page.js';
export { homePage, type HomePage } from './home-page.js';
export { ownPage } from './own-page.js';
export { signingPage } from './signing-page.js';
export { smsInboxPage, type InboxMessage } from './sms-inbox-page.js';
export { verificationPage } from './verification-page.js';
export { LANGUAGES, preferredLanguage } from '@mandate/pages';
export { problemText, wordsOf, type Language } from './words/index.js';
export { verificationView, type VerificationView } from './verification-view.js';
