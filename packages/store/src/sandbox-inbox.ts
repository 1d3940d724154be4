import type { Clock } from '@mandate/core';
import { guarded, type Database } from './connect.js';

export interface SandboxMessage {
  readonly reference: string;
  readonly phone: string;
  readonly text: string;
  readonly createdAt: Date;
}

/** The sandbox gateway's inbox; a repeated message (same reference) stands in it once. */
export const sandboxInbox = (db: Database, clock: Clock) => ({
  save: async (message: { reference: string; phone: string; text: string }): Promise<void> => {
    await guarded(() =>
      db
        .insertInto('sandboxMessages')
        .values({
          reference: message.reference,
          phone: message.phone,
          text: message.text,
          createdAt: clock.now(),
        })
        .onConflict((c) => c.doNothing())
        .execute(),
    );
  },
  /** Newest first. */
  list: (limit = 50): Promise<readonly SandboxMessage[]> =>
    guarded(() =>
      db
        .selectFrom('sandboxMessages')
        .select(['reference', 'phone', 'text', 'createdAt'])
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    ),
});
