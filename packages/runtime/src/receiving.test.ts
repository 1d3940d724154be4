import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock, systemRandom } from '@mandate/core';
import { createHttpApp } from './http-app.js';
import { listen, type Listening } from './listen.js';
import { createLog } from './logs.js';
import { mountRoutes, routesFor } from './api-routes.js';

/** Lines so slow that a minute is half a second. */
const EVERYBODY = { seconds: 0.5, idleSeconds: 0.5 };
const LARGE = { seconds: 60, idleSeconds: 1 };
const PIECES = 12;

let server: Listening;
beforeAll(async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const app = createHttpApp({ log, clock: systemClock, random: systemRandom });
  const route = routesFor<{}>();
  const taking = (path: string, time?: typeof LARGE) =>
    route({
      ...{ method: 'put', path, auth: 'none', tag: 'x', summary: path, problems: [] },
      bytesBody: {
        ...{ contentTypes: ['text/csv'], maxBytes: 1e6, streamed: true },
        ...(time ? { time } : {}),
      },
      responses: { 204: { description: 'taken' } },
      handler: async ({ req }) => {
        for await (const piece of req) void piece;
        return { status: 204 };
      },
    });
  mountRoutes(app, [taking('/any'), taking('/large', LARGE)], {});
  server = await listen(app, 0, '127.0.0.1', EVERYBODY);
});
afterAll(() => server.close());

/** First line of the answer to a body of which a piece comes every 150 ms, as many as said; empty: cut without one. */
async function sent(path: string, pieces = PIECES): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  const closed = new Promise<void>((done) => socket.once('close', () => done()));
  socket.on('data', (data) => {
    answer += data.toString();
    socket.end();
  });
  socket.on('error', () => undefined);
  socket.write(
    `PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${PIECES}\r\n\r\n`,
  );
  for (let i = 0; i < pieces && !socket.destroyed && !answer; i++) {
    socket.write('x');
    await sleep(150);
  }
  await closed;
  return answer.split('\r\n')[0]!;
}

test('a body that comes slowly is cut, unless its route gives it time', async () => {
  const [any, large] = await Promise.all([sent('/any'), sent('/large')]);
  expect(any).toMatch(/ 400 |^$/);
  expect(large).toBe('HTTP/1.1 204 No Content');
});

test('one that stands still is cut also there', async () => {
  expect(await sent('/large', 3)).toMatch(/ 400 |^$/);
});
