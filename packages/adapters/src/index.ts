export * from './child/limited-child.js';
export * from './identity/http-identity-provider.js';
export * from './identity/provider-down.js';
export * from './identity/simulated-identity.js';
export * from './images/redraw-in-child.js';
export * from './images/rewrite-png.js';
export * from './keys/pkcs12-key-store.js';
export * from './keys/store-authority.js';
export * from './keys/trust-folder.js';
export * from './keys/witness-key.js';
export { openObjects } from './objects/file-objects.js';
export * from './objects/list-objects.js';
export * from './passkeys/passkey-check.js';
export * from './postgres/embedded-postgres.js';
export * from './queue/open-queue.js';
export type { QueueOptions } from './queue/bull-queue.js';
export { prepareQueue } from './queue/postgres-backend.js';
export * from './revocation/http-revocation.js';
export * from './sms/acs3-signature.js';
export * from './sms/open-sms.js';
export * from './sms/registered-texts.js';
export * from './sms/tc3-signature.js';
export * from './sms/sandbox-sms.js';
export * from './sms/vendor-receipts.js';
export * from './tsa/http-timestamp-authority.js';
export * from './witness/http-witness.js';
export * from './witness/witness-folder.js';
export {
  postWebhook,
  WEBHOOK_LIMITS,
  type WebhookFault,
  type WebhookLimits,
  type WebhookOutcome,
  type WebhookPost,
} from './webhooks/post-webhook.js';
export { checkWebhookUrl } from './webhooks/webhook-url.js';
export * from './staff/open-id-provider.js';
