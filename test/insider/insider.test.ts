import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askDoctor, askLedger, askMonitor } from './detectors.js';
import { openInsiderHouse, type InsiderHouse } from './insider-house.js';

let house: InsiderHouse;
beforeAll(async () => {
  house = await openInsiderHouse();
}, 240_000);
afterAll(() => house?.close());

test('an honest installation raises no alarm', async () => {
  const world = await house.copy();
  try {
    let t = Date.now();
    expect(await askDoctor(world, house)).toEqual([]);
    console.log('doctor', Date.now() - t);
    t = Date.now();
    expect(await askMonitor(world, house)).toEqual([]);
    console.log('monitor', Date.now() - t);
    t = Date.now();
    expect(await askLedger(world)).toEqual([]);
    console.log('ledger', Date.now() - t);
  } finally {
    await world.remove();
  }
}, 120_000);
