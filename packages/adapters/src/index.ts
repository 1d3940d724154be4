export * from './keys/pkcs12-key-store.js';
export * from './keys/store-authority.js';
export * from './keys/trust-folder.js';
export * from './objects/file-objects.js';
export * from './postgres/embedded-postgres.js';
export * from './queue/open-queue.js';
export type { QueueOptions } from './queue/bull-queue.js';
export { prepareQueue } from './queue/postgres-backend.js';
