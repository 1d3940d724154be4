export * from './canvas.js';
export * from './document.js';
export * from './font-face.js';
export * from './font-use.js';
export * from './line-breaks.js';
export * from './page-flow.js';
export * from './qr-modules.js';
export * from './render-letter.js';
