import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { openHouse, type House, type Running } from './house.js';
import { brokenInvariants, openWork, verifyReleased } from './invariants.js';
import { signPatiently } from './patient-subject.js';
import { full, say, seed, seeded } from './seeded.js';

jest.setTimeout(480_000);

const [PEOPLE, KILLS] = full ? [12, 20] : [2, 2];

let house: House;
let kills = 0;
let released = 0;
beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => house.killAll());
afterAll(async () => {
  await house.close();
  say(
    `faults: ${kills} kills at any moment, ${released} letters released and verified, seed ${seed}`,
  );
});

/** Everything signed is finished, everything promised holds. */
async function settle(url: string): Promise<void> {
  for (let i = 0; i < 200 && (await openWork(house.owner)) > 0; i++) await sleep(100);
  expect(await openWork(house.owner)).toBe(0);
  expect(await brokenInvariants(house.owner)).toEqual([]);
  released = (await verifyReleased(house, url)).length;
}

test('killed again and again at any moment, every letter is released once', async () => {
  const chance = seeded(seed);
  let running = await house.launch();
  const people = [];
  for (let i = 0; i < PEOPLE; i++) people.push(await house.request(running.url));
  let over = false;
  const signing = Promise.all(
    people.map(async (person, i) => {
      await sleep(i * 150);
      return signPatiently(running.url, person, { withinMs: 600_000 });
    }),
  ).finally(() => (over = true));
  signing.catch(() => undefined);
  for (let i = 0; i < KILLS && !over; i++) {
    await sleep(300 + chance() * 3500);
    await running.kill();
    kills++;
    expect(await brokenInvariants(house.owner)).toEqual([]);
    running = await house.launch();
  }
  await signing;
  await settle(running.url);
  expect(released).toBe(people.length);
});

test('three processes on one record finish the same attempts, one of them dying at its points', async () => {
  const before = released;
  const places = full ? [0, 1, 2] : [0, 1];
  const points = full
    ? [
        'after-signature',
        'after-token',
        'after-seal',
        'after-object',
        'after-stored',
        'before-commit',
        'ledger-saved',
        'ledger-published',
      ]
    : ['after-object'];
  const running: Running[] = [];
  for (const place of places) running.push(await house.launch({ place }));
  const people = [];
  for (let i = 0; i < PEOPLE; i++) people.push(await house.request(running[0]!.url));
  // The subjects speak to the process that dies; the others sweep what it leaves.
  const dying = running.at(-1)!;
  const signing = Promise.all(
    people.map(async (person, i) => {
      await sleep(i * 100);
      return signPatiently(dying.url, person, { withinMs: 600_000 });
    }),
  );
  signing.catch(() => undefined);
  const place = places.at(-1)!;
  await dying.kill();
  for (const faultAt of points) {
    const one = await house.launch({ place, faultAt });
    const how = await Promise.race([one.gone, sleep(30_000, 'lives', { ref: false })]);
    if (how === 'SIGKILL') kills++;
    else await one.kill(); // the others were always faster: nothing left for this point
  }
  const last = await house.launch({ place });
  const signed = await signing;
  await settle(last.url);
  expect(released - before).toBe(people.length);
  expect(signed.length).toBe(people.length);
});
