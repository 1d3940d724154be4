export * from './service.js';
export * from './send-message.js';
