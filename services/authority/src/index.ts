export * from './service.js';
export * from './set-up.js';
export * from './trust-folder.js';
export * from './fault-point.js';
