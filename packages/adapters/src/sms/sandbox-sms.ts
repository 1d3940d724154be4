import type { Sms, SmsMessage } from '@mandate/core';

/** A message as the sandbox page shows it; the one place where codes are visible. */
export interface SandboxMessage extends SmsMessage {
  readonly receipt: string;
}

/** Where sandbox messages are kept; `store` has one in PostgreSQL. */
export interface SandboxInbox {
  /** A reference already kept is not kept twice: the first receipt comes back. */
  save(message: SmsMessage): Promise<{ readonly receipt: string }>;
  /** Newest first, at most 100. */
  list(filter?: { readonly phone?: string }): Promise<readonly SandboxMessage[]>;
}

/** For development and tests; `runtime` refuses it in production. */
export function sandboxSms(inbox: Pick<SandboxInbox, 'save'>): Sms {
  return {
    async send(message) {
      const { receipt } = await inbox.save(message);
      return { gateway: 'sandbox', receipt };
    },
  };
}

/** Forgets everything with the process: for tests and single-process trials. */
export function memoryInbox(): SandboxInbox {
  const messages: SandboxMessage[] = [];
  return {
    async save(message) {
      const known = messages.find((each) => each.reference === message.reference);
      if (known) return { receipt: known.receipt };
      const kept = { ...message, receipt: `sandbox-${messages.length + 1}` };
      messages.push(kept);
      return { receipt: kept.receipt };
    },
    async list({ phone } = {}) {
      const fitting = messages.filter((each) => phone === undefined || each.phone === phone);
      return fitting.reverse().slice(0, 100);
    },
  };
}
