export * from './assets.js';
export * from './frame-words.js';
export { escapeHtml, html, Html } from './html.js';
export * from './language.js';
export * from './layout.js';
export type { PageProblemCode } from './page-problem-code.js';
export { sendCompressed } from './send-compressed.js';
