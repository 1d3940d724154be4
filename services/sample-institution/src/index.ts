export * from './start-sample-institution.js';
export type { Product } from './lender.js';
