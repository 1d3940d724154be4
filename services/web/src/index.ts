export * from './service.js';
export * from './web-parts.js';
export { API_KEY_PREFIX, VISIT_COOKIE } from './authenticate.js';
