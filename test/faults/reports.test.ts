import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { systemClock } from '@mandate/core';
import { deskPeople, deskPerson, type DeskPeople } from '../kit/desk-people.js';
import { openHouse, type House } from './house.js';
import { signPatiently } from './patient-subject.js';
import { full, say, seed, seeded } from './seeded.js';

jest.setTimeout(600_000);

const [LETTERS, KILLS] = full ? [8, 5] : [3, 1];

let house: House;
let people: DeskPeople;
let kills = 0;
beforeAll(async () => {
  house = await openHouse();
  people = await deskPeople({ ...house, clock: systemClock });
});
afterEach(() => house.killAll());
afterAll(async () => {
  await people?.close();
  await house?.close();
  say(`faults: ${kills} kills in the middle of ${LETTERS} reports, seed ${seed}`);
});

const must = async (answer: Promise<{ status: number; json: any }>): Promise<any> => {
  const { status, json } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(json));
  return json;
};

test('killed again and again while it makes reports: none is lost, none is made twice', async () => {
  const chance = seeded(seed);
  let running = await house.launch();
  const authorizations = await Promise.all(
    Array.from({ length: LETTERS }, async () => {
      const person = await house.request(running.url);
      await signPatiently(running.url, person, { withinMs: 120_000 });
      return person.id;
    }),
  );
  const at = { deskUrl: house.deskUrl, people };
  const officer = await deskPerson(at, ['officer']);
  const approvers = [await deskPerson(at, ['approver']), await deskPerson(at, ['approver'])];
  const { id: caseId, version } = await must(
    officer.go('POST', '/desk/api/cases', {
      ...{ kind: 'court-request', authorizations, texts: { applicant: 'court' } },
    }),
  );
  await must(
    approvers[0]!.go('POST', `/desk/api/cases/${caseId}/steps`, {
      ...{ to: 'accepted', version },
      texts: { standing: 'court', legalBasis: 'law', scope: 'all' },
    }),
  );
  const { id: grant } = await must(
    officer.go('POST', `/desk/api/cases/${caseId}/grants`, {
      ...{ legalBasis: 'law', reason: 'faults', rights: ['view', 'download'], hours: 72 },
      breakGlass: false,
    }),
  );
  for (const { agree } of approvers) await must(agree(grant));
  const job = await must(
    officer.go('POST', `/desk/api/cases/${caseId}/report-jobs`, {
      ...{ grant, languages: ['zh', 'en'], depth: 'full' },
    }),
  );
  const rows = async (sql: string): Promise<any[]> => (await house.owner.query(sql, [job.id])).rows;
  const begun = () => rows('SELECT report_id FROM report_items WHERE job_id = $1 AND tries > 0');
  const first = new Set<string>();
  for (let i = 0; i < KILLS; i++) {
    while ((await begun()).length === 0) await sleep(20);
    await sleep(chance() * 1500);
    await running.kill();
    kills++;
    for (const { report_id } of await begun()) first.add(report_id);
    running = await house.launch();
    await sleep(chance() * 3000);
  }
  const look = () => officer.go('GET', `/desk/api/report-jobs/${job.id}`);
  let seen = await must(look());
  for (const end = Date.now() + 300_000; seen.state !== 'done' && Date.now() < end;) {
    await sleep(500);
    seen = await must(look());
  }
  expect(seen).toMatchObject({ state: 'done', done: LETTERS, refused: 0 });
  const reports: string[] = seen.items.map(({ report }: { report: string }) => report);
  // Numbers that were drawn before the first kill are the numbers of the reports.
  expect(reports).toEqual(expect.arrayContaining([...first]));
  const made = await rows(`SELECT r.id, count(q.dedupe)::int AS entries FROM reports r
    JOIN report_items i ON i.authorization_id = r.authorization_id AND i.job_id = $1
    LEFT JOIN ledger_queue q ON q.dedupe = 'report:' || r.id GROUP BY r.id`);
  expect(made.map(({ id }) => id).sort()).toEqual([...reports].sort());
  expect(made.every(({ entries }) => entries === 1)).toBe(true);
  const filing = await officer.go('POST', `/desk/api/report-jobs/${job.id}/filing`, { grant });
  expect([filing.status, filing.headers.get('content-length')]).toEqual([
    ...[200, String(filing.bytes.length)],
  ]);
});
