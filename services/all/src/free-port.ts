import { createServer, type AddressInfo } from 'node:net';

/**
 * A port nobody listens on just now: the address must be known before it is burnt into letters.
 * `preferred` if it is free.
 */
export async function freePort(host: string, preferred = 0): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(preferred, host, done);
    });
  } catch (error) {
    if (preferred === 0) throw error;
    return freePort(host);
  }
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
