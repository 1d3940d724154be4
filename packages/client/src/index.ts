export { BulkClient } from './bulk-client.js';
export { MandateClient, type ClientOptions, type Once } from './mandate-client.js';
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
