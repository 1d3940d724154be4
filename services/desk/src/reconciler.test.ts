import { expect, test } from '@jest/globals';
import { DomainError, systemClock, systemRandom } from '@mandate/core';
import { createLog } from '@mandate/runtime';
import { startReconciler } from './reconciler.js';

type Runs = Parameters<typeof startReconciler>[0]['reconciliations'];

/** A reconciler whose first question waits for `fail`, and what it logs. */
function started() {
  const lines: string[] = [];
  const log = createLog({
    ...{ service: 'test', level: 'trace' },
    destination: { write: (line: string) => void lines.push(line) },
  });
  let asked = 0;
  let fail: () => void = () => undefined;
  const claimRun = (): Promise<never> => {
    asked += 1;
    return new Promise((_, reject) => {
      fail = () => reject(new DomainError('database-unavailable', 'gone'));
    });
  };
  const reconciler = startReconciler({
    ...{ clock: systemClock, random: systemRandom, log },
    reconciliations: { claimRun } as unknown as Runs,
  });
  return { reconciler, lines, asked: () => asked, fail: () => fail() };
}

test('a database that goes away is told of; one that goes while it stops is not, and not asked again', async () => {
  const alive = started();
  alive.fail();
  await new Promise((done) => setTimeout(done, 20));
  expect(alive.lines.map((line) => (JSON.parse(line) as { level: number }).level)).toEqual([40]);
  await alive.reconciler.close();

  const { reconciler, lines, asked, fail } = started();
  const closed = reconciler.close();
  fail();
  await closed;
  await new Promise((done) => setTimeout(done, 20));
  expect([lines, asked()]).toEqual([[], 1]);
});
