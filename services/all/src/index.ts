export * from './sample.js';
export * from './start-all.js';
