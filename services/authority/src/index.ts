export * from './service.js';
export * from './fault-point.js';
