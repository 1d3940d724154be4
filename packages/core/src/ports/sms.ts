import type { CodeChannel } from '../answer-records.js';

/** One message, written or spoken. `text` is the whole of it; gateways with registered texts look up theirs. */
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

/** Why a gateway did not take a message. Closed, so that it may stand in logs and rows: no text of theirs. */
export type SmsFault =
  | 'credentials'
  | 'template'
  | 'variable-too-long'
  | 'number'
  | 'content'
  | 'voice'
  | 'overload'
  | 'account'
  | 'not-reached'
  | 'no-answer'
  | 'bad-answer'
  | 'other';

/**
 * What became of one send. `accepted`: the gateway has it, under its own ids, one for each part it counts apart.
 * `refused`: for good, the same message would be refused again. `try-again`: not taken, it may be later.
 * `unknown`: it may be on its way to the phone or not.
 */
export type SmsOutcome =
  | { readonly outcome: 'accepted'; readonly messageIds: readonly string[] }
  | {
      readonly outcome: 'refused' | 'try-again' | 'unknown';
      readonly fault: SmsFault;
      /** The gateway's own code, at most 64 characters of `A-Z a-z 0-9 . _ -`. */
      readonly code?: string;
    };

/** One gateway. */
export interface Sms {
  /** Stands in rows, logs and evidence; never an address or an account. */
  readonly gateway: string;
  /** Never throws for what a gateway does or says. */
  send(message: SmsMessage): Promise<SmsOutcome>;
  /** Ends sessions that are kept open. */
  close(): Promise<void>;
}

/** What a carrier said later about one message id; by callback or over the session that sent it. */
export interface SmsReceipt {
  readonly gateway: string;
  readonly messageId: string;
  readonly status: 'delivered' | 'failed';
  /** The carrier's own code, same alphabet as in `SmsOutcome`; empty when it gave none. */
  readonly code: string;
}

/** A code of a gateway or carrier, reduced to what rows and logs take. */
export const smsCode = (text: unknown): string =>
  String(text ?? '')
    .replace(/[^A-Za-z0-9._-]/g, '')
    .slice(0, 64);

/** A message as the sandbox page shows it; the one place where codes are visible. */
export interface SandboxMessage {
  readonly reference: string;
  readonly phone: string;
  readonly text: string;
  readonly createdAt: Date;
}
