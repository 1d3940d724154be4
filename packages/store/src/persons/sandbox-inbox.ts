import { addSeconds, type Clock, type SandboxMessage } from '@mandate/core';
import { guarded, type Database } from '../connect.js';

/** The sandbox gateway's inbox; a repeated message (same reference) stands in it once. */
export const sandboxInbox = (db: Database, clock: Clock) => ({
  /** `late`: not to be seen before so many seconds have passed. */
  save: async (
    message: { reference: string; phone: string; text: string },
    late = 0,
  ): Promise<void> => {
    const createdAt = clock.now();
    await guarded(() =>
      db
        .insertInto('sandboxMessages')
        .values({
          reference: message.reference,
          phone: message.phone,
          text: message.text,
          createdAt,
          shownAt: late > 0 ? addSeconds(createdAt, late) : null,
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
        .where((e) => e.or([e('shownAt', 'is', null), e('shownAt', '<=', clock.now())]))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    ),
});
