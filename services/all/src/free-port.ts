import { createServer, type AddressInfo } from 'node:net';

/** A port nobody listens on just now: the address must be known before it is burnt into letters. */
export async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, host, done);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
