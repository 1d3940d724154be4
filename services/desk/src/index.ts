export * from './desk-parts.js';
export * from './service.js';
