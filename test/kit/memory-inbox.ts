import type { SandboxInbox } from '@mandate/adapters';
import { addSeconds, type Clock, type SandboxMessage } from '@mandate/core';

/** Forgets everything with the process. */
export function memoryInbox(clock: Clock): SandboxInbox {
  const messages = new Map<string, SandboxMessage & { readonly shownAt: Date }>();
  return {
    async save({ reference, phone, text }, late = 0) {
      const createdAt = clock.now();
      const shownAt = addSeconds(createdAt, late);
      if (!messages.has(reference))
        messages.set(reference, { reference, phone, text, createdAt, shownAt });
    },
    list: async (limit = 50) =>
      [...messages.values()]
        .filter(({ shownAt }) => shownAt <= clock.now())
        .map(({ shownAt: _, ...message }) => message)
        .reverse()
        .slice(0, limit),
  };
}
