import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A local HTTP peer whose next answers a test decides. */
export interface HttpPeer {
  readonly port: number;
  readonly received: ReceivedRequest[];
  answer: (request: ReceivedRequest, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startHttpPeer(): Promise<HttpPeer> {
  const peer = { received: [] as ReceivedRequest[], answer: (() => {}) as HttpPeer['answer'] };
  const server = createServer((request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, body: Buffer.concat(parts) };
      peer.received.push(received);
      peer.answer(received, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(peer, {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
}
