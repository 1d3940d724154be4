import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { openHouse, type House } from './house.js';
import { brokenInvariants, openWork, verifyReleased } from './invariants.js';
import { signPatiently } from './patient-subject.js';
import { full, say, seed, seeded } from './seeded.js';

jest.setTimeout(300_000);

/** Named points between confirm and released, in the order in which a ceremony meets them. */
const POINTS = [
  'before-intent',
  'after-intent',
  'after-certificate',
  'after-issued',
  'before-signature',
  'after-signature',
  'before-token',
  'after-token',
  'after-stamped',
  'after-ocsp',
  'after-seal',
  'after-self-check',
  'after-object',
  'after-stored',
  'before-commit',
  'after-commit',
  'ledger-saved',
  'ledger-published',
  'ledger-released',
  'after-integrate',
  'after-archive-token',
  'after-archive-object',
];
/**
 * Met only by a letter our own check refuses, or a minute after everything else; killed there in
 * `test/integration/record/attempts` and `…/generations`.
 */
const OFF_THE_PATH = ['before-failed', 'after-generation-seal', 'after-generation-object'];
/** Up to here the subject's signature is not kept: nothing but the subject can go on. */
const UNSIGNED = POINTS.slice(0, 5);

const chance = seeded(seed);
const slice = [...POINTS].sort(() => chance() - 0.5).slice(0, 2);
const chosen = full ? POINTS : POINTS.filter((point) => slice.includes(point));

let house: House;
let killed = 0;
let released = 0;
beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => house.killAll());
afterAll(async () => {
  await house.close();
  say(
    `faults: killed at ${killed} of ${POINTS.length} points, ${released} letters released and verified, seed ${seed}`,
  );
});

test('the list of points is that of the code', () => {
  const folder = fileURLToPath(new URL('../../packages/ceremony/src', import.meta.url));
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => [
      ...readFileSync(`${folder}/${name}`, 'utf8').matchAll(/probe\('([a-z-]+)'\)/g),
    ])
    .map(([, point]) => point!);
  expect(found.sort()).toEqual([...POINTS, ...OFF_THE_PATH].sort());
});

test.each(chosen)(
  'killed at %s: released once after the restart, or to be signed again',
  async (point) => {
    if (/^(?:after-archive|ledger-)/.test(point)) {
      // Letters of earlier points would be archived and entered first, and the fault strike before its time.
      await house.launch();
      await allArchived();
      await allEntered();
      await house.killAll();
    }
    const first = await house.launch({ faultAt: point });
    const person = await house.request(first.url);
    const signing = signPatiently(first.url, person);
    signing.catch(() => undefined);
    expect(await Promise.race([first.gone, sleep(40_000, 'lives', { ref: false })])).toBe(
      'SIGKILL',
    );
    killed++;
    expect(await brokenInvariants(house.owner)).toEqual([]);
    const { rows } = await house.owner.query(
      `SELECT state FROM attempts WHERE authorization_id = $1 AND state NOT IN ('intended', 'issued')`,
      [person.id],
    );
    if (UNSIGNED.includes(point)) expect(rows).toEqual([]);

    const second = await house.launch();
    const { signatures } = await signing;
    // once signed, never again: what the subject did is finished by others
    if (!UNSIGNED.includes(point)) expect(signatures).toBe(1);
    for (let i = 0; i < 100 && (await openWork(house.owner)) > 0; i++) await sleep(100);
    expect(await openWork(house.owner)).toBe(0);
    expect(await brokenInvariants(house.owner)).toEqual([]);
    released = (await verifyReleased(house, second.url)).length;
    if (point.startsWith('after-archive')) await allArchived();
  },
);

/** Waits until every released letter is archived: at once by the wake-up, else by the sweep. */
async function allArchived(): Promise<void> {
  const open = `SELECT 1 FROM authorizations a WHERE state = 'released'
    AND NOT EXISTS (SELECT 1 FROM archives r WHERE r.authorization_id = a.id)`;
  for (let i = 0; i < 600; i++) {
    if (!(await house.owner.query(open)).rowCount) return;
    await sleep(150);
  }
  expect((await house.owner.query(open)).rowCount).toBe(0);
}

/** Waits until nothing is queued for the ledger. */
async function allEntered(): Promise<void> {
  const open = 'SELECT 1 FROM ledger_queue WHERE leaf_index IS NULL';
  for (let i = 0; i < 200; i++) {
    if (!(await house.owner.query(open)).rowCount) return;
    await sleep(150);
  }
  expect((await house.owner.query(open)).rowCount).toBe(0);
}
