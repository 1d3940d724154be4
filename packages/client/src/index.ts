export { BulkClient } from './bulk-client.js';
export { MandateClient, type ClientOptions, type Once } from './mandate-client.js';
export { MandateConnectionError, MandateError, MandateSignatureError } from './mandate-error.js';
export { verifyReceipt, type ExpectedUse, type Receipt } from './receipt.js';
export { checkStatus, type ReceiptStatus } from './receipt-status.js';
export type { KeySet, PublicKey } from './signed-json.js';
export { verifyWebhook, type WebhookEvent } from './webhook.js';
export type { System } from './system.js';
export type * from './types.js';
