export * from './bulk-importer.js';
export * from './service.js';
export * from './web-parts.js';
export { API_KEY_PREFIX } from './authenticate.js';
export { VISIT_COOKIE } from './visit-cookies.js';
