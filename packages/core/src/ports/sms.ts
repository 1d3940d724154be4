import type { CodeChannel } from '../authorization.js';

/** One message, written or spoken. `text` is the full Chinese text; vendors with templates use `templateId` and `vars`. */
export interface SmsMessage {
  /** E.164 or mainland 11 digits. */
  readonly phone: string;
  readonly templateId: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly text: string;
  /** `voice`: `text` is to be spoken in a call. */
  readonly channel: CodeChannel;
  /** Repeated sends of one message carry the same reference; a gateway may use it to send once. */
  readonly reference: string;
}

export interface Sms {
  /** Resolves when the carrier has accepted it. Throws `sms-unavailable`; the caller retries with the same text. */
  send(message: SmsMessage): Promise<{ readonly gateway: string; readonly receipt: string }>;
}
