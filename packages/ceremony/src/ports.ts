/**
 * What the steps need of the record. `store` implements one record per database role, so that a
 * step can only do what its role is granted. Every method that changes something is one transaction.
 */
export * from './ports/api-key.js';
export * from './ports/archive.js';
export * from './ports/attempt.js';
export * from './ports/authorization.js';
export * from './ports/ca-record.js';
export * from './ports/challenge.js';
export * from './ports/generation.js';
export * from './ports/id-image.js';
export * from './ports/identity.js';
export * from './ports/ledger.js';
export * from './ports/limits.js';
export * from './ports/logo.js';
export * from './ports/own.js';
export * from './ports/passkey.js';
export * from './ports/privacy.js';
export * from './ports/ra-record.js';
export * from './ports/receipt.js';
export * from './ports/scene-issuer.js';
export * from './ports/signing-set.js';
export * from './ports/sms.js';
export * from './ports/stop.js';
export * from './ports/template.js';
export * from './ports/use.js';
export * from './ports/vault-record.js';
export * from './ports/visit.js';
export * from './ports/web-record.js';
export * from './ports/worker-record.js';
