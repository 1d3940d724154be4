export type { Once } from './api-calls.js';
export { BulkClient } from './bulk-client.js';
export { IdImageClient } from './id-image-client.js';
export { KeyClient } from './key-client.js';
export { MandateClient, type ClientOptions } from './mandate-client.js';
export { PersonalDataClient } from './personal-data-client.js';
export { RegistryClient } from './registry-client.js';
export { TemplateClient } from './template-client.js';
export { WebhookClient } from './webhook-client.js';
export { MandateConnectionError, MandateError, MandateSignatureError } from './mandate-error.js';
export {
  verifyEnd,
  verifyHold,
  verifyHoldResolution,
  verifyWithdrawal,
  type EndReceipt,
  type ExpectedFact,
  type FactReceipt,
  type HoldReceipt,
  type ResolutionReceipt,
  type WithdrawalReceipt,
} from './fact-receipt.js';
export { verifyReceipt, type ExpectedUse, type Receipt } from './receipt.js';
export { checkStatus, type ReceiptStatus } from './receipt-status.js';
export type { KeySet, PublicKey } from './signed-json.js';
export {
  verifyWebhook,
  type AuthorizationEvent,
  type TemplateEvent,
  type WebhookEvent,
} from './webhook.js';
export type { System } from './system.js';
export type * from './types.js';
