export * from './keys/pkcs12-key-store.js';
export * from './objects/file-objects.js';
export * from './postgres/embedded-postgres.js';
