import { expect, test } from '@jest/globals';
import { deskReview } from './review.js';

test('a long upload keeps nobody’s session alive; what a person does does', async () => {
  const quiet: (boolean | undefined)[] = [];
  const review = deskReview({
    clock: { now: () => new Date('2026-11-22T10:00:00Z') },
    record: {
      touchSession: async (_secret: Uint8Array, _at: Date, it?: boolean) => {
        quiet.push(it);
        return null;
      },
    },
  } as never);
  const asked = { secret: new Uint8Array(32), about: 'rcn_1', institutionId: 'ins_1' };
  await expect(review.compareUses({ ...asked, asked: [] })).rejects.toMatchObject({
    code: 'session-ended',
  });
  await expect(review.noteReview({ ...asked, act: 'log-sent' })).rejects.toMatchObject({
    code: 'session-ended',
  });
  expect(quiet).toEqual([true, false]);
});
