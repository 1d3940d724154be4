/** Kinds of wake-up. The queue carries ids only, may lose or repeat them; handlers look at the trail first. */
export const TOPICS = [
  'send-code',
  'finish-attempt',
  'integrate-ledger',
  'archive-letter',
  'note-pause',
  'stamp-receipt',
  'tell-use',
  'tell-passkey',
  'tell-hold',
  'end-passkeys',
  'send-own-code',
  'make-reports',
  'sweep',
] as const;
export type Topic = (typeof TOPICS)[number];

export interface Queue {
  /** At least once, eventually; `id` is the only payload. Throws `queue-unavailable`. */
  wake(topic: Topic, id: string, options?: { delayMs?: number }): Promise<void>;
  /** A handler that throws is retried with back-off. One handler per topic and process. */
  handle(
    topic: Topic,
    handler: (id: string) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<void>;
  /** Waits for running handlers. */
  close(): Promise<void>;
}
