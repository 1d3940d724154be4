export * from './built-in-authority.js';
export * from './one-call-key.js';
export * from './scene-certificate.js';
export * from './seal.js';
export * from './timestamp-authority.js';
export * from './timestamp-token.js';
export * from './ocsp-responder.js';
export * from './revocation-list.js';
