import type { Clock, Sms, SmsMessage } from '@mandate/core';

/** A message as the sandbox page shows it; the one place where codes are visible. */
export interface SandboxMessage {
  readonly reference: string;
  readonly phone: string;
  readonly text: string;
  readonly createdAt: Date;
}

/** Where sandbox messages are kept; `store` has one in PostgreSQL. */
export interface SandboxInbox {
  /** A reference already kept is not kept twice. */
  save(message: SmsMessage): Promise<void>;
  /** Newest first. */
  list(limit?: number): Promise<readonly SandboxMessage[]>;
}

/** For development and tests; `runtime` refuses it in production. A call is only said to be one. */
export function sandboxSms(inbox: Pick<SandboxInbox, 'save'>): Sms {
  return {
    gateway: 'sandbox',
    async send(message) {
      try {
        const { channel, text } = message;
        await inbox.save(
          channel === 'voice' ? { ...message, text: `voice call: ${text}` } : message,
        );
      } catch {
        return { outcome: 'try-again', fault: 'not-reached' };
      }
      return { outcome: 'accepted', messageIds: [message.reference] };
    },
    close: async () => {},
  };
}

/** Forgets everything with the process: for tests. */
export function memoryInbox(clock: Clock): SandboxInbox {
  const messages = new Map<string, SandboxMessage>();
  return {
    async save({ reference, phone, text }) {
      if (!messages.has(reference))
        messages.set(reference, { reference, phone, text, createdAt: clock.now() });
    },
    list: async (limit = 50) => [...messages.values()].reverse().slice(0, limit),
  };
}
