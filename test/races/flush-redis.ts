import { connect } from 'node:net';

/** Empties a Redis, all of it. */
export const flushAll = (url: string): Promise<void> =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write('FLUSHALL\r\n'));
    socket.once('error', fail);
    socket.once('data', (answer) => {
      socket.destroy();
      if (String(answer).startsWith('+OK')) done();
      else fail(new Error(String(answer)));
    });
  });
