export { MandateClient, type ClientOptions, type Once } from './mandate-client.js';
export { MandateConnectionError, MandateError, MandateSignatureError } from './mandate-error.js';
export { verifyWebhook, type WebhookEvent } from './webhook.js';
export type { System } from './system.js';
export type * from './types.js';
