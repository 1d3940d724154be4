export * from './bulk-importer.js';
export * from './service.js';
export * from './web-parts.js';
export { VISIT_COOKIE } from './visit-cookies.js';
