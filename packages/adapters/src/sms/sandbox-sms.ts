import {
  LATE_SECONDS,
  testBehaviour,
  type SandboxMessage,
  type Sms,
  type SmsMessage,
} from '@mandate/core';

/** Where sandbox messages are kept; `store` has one in PostgreSQL. */
export interface SandboxInbox {
  /** A reference already kept is not kept twice. `late`: not to be seen before so many seconds have passed. */
  save(message: SmsMessage, late?: number): Promise<void>;
  /** Newest first. */
  list(limit?: number): Promise<readonly SandboxMessage[]>;
}

/**
 * For development and tests; `runtime` refuses it in production. A call is only said to be one. Numbers of
 * `TEST_NUMBERS` behave as listed there, all others take what they are sent.
 */
export function sandboxSms(inbox: Pick<SandboxInbox, 'save'>): Sms {
  return {
    gateway: 'sandbox',
    async send(message) {
      const behaviour = testBehaviour(message.phone);
      if (behaviour === 'gateway-fails') return { outcome: 'try-again', fault: 'overload' };
      if (behaviour === 'gateway-refuses') return { outcome: 'refused', fault: 'number' };
      const { channel, text } = message;
      const said = channel === 'voice' ? { ...message, text: `voice call: ${text}` } : message;
      try {
        if (behaviour !== 'never-delivered')
          await inbox.save(said, behaviour === 'late' ? LATE_SECONDS : 0);
      } catch {
        return { outcome: 'try-again', fault: 'not-reached' };
      }
      if (behaviour === 'no-answer') return { outcome: 'unknown', fault: 'no-answer' };
      return { outcome: 'accepted', messageIds: [message.reference] };
    },
    close: async () => {},
  };
}
