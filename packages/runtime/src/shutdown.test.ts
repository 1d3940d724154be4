import { expect, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { createLog } from './logs.js';
import { createShutdown } from './shutdown.js';

class FakeProcess extends EventEmitter {
  readonly codes: number[] = [];
  exit(code: number): void {
    this.codes.push(code);
    this.emit('exit');
  }
}
const log = createLog({ service: 'test', level: 'silent' });
const exits = (source: FakeProcess) => new Promise((done) => source.once('exit', done));

test('parts close once, in reverse order', async () => {
  const source = new FakeProcess();
  const shutdown = createShutdown(log, source);
  const order: string[] = [];
  for (const name of ['database', 'queue', 'web'])
    shutdown.defer(name, async () => {
      await new Promise((done) => setTimeout(done, 5));
      order.push(name);
    });
  source.emit('SIGTERM');
  await exits(source);
  expect(await shutdown.close()).toBe(true);
  expect(order).toEqual(['web', 'queue', 'database']);
  expect(source.codes).toEqual([0]);
});

test('a part that fails does not keep the others open, and shows in the exit code', async () => {
  const source = new FakeProcess();
  const shutdown = createShutdown(log, source);
  let closed = false;
  shutdown.defer('database', () => (closed = true));
  shutdown.defer('web', () => {
    throw new Error('stuck');
  });
  source.emit('SIGINT');
  await exits(source);
  expect(closed).toBe(true);
  expect(source.codes).toEqual([1]);
});

test('a second signal exits at once; the same one delivered twice does not', async () => {
  const source = new FakeProcess();
  createShutdown(log, source, 20).defer('web', () => new Promise(() => undefined));
  source.emit('SIGINT');
  source.emit('SIGINT');
  expect(source.codes).toEqual([]);
  await new Promise((done) => setTimeout(done, 50));
  source.emit('SIGINT');
  expect(source.codes).toEqual([130]);
});
