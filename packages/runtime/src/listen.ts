import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { DomainError } from '@mandate/core';
import type { Express } from 'express';
import { finishHttpApp } from './http-app.js';

export interface Listening {
  /** `http://host:port`, the port as chosen by the system when 0 was asked for. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, waits for running requests (10 s at most), then cuts. */
  close(): Promise<void>;
}

const DRAIN_MS = 10_000;

/**
 * Serves the application, with time-outs against slow and stuck callers.
 * Throws `already-running` when the port is taken.
 */
export async function listen(app: Express, port: number, host: string): Promise<Listening> {
  const server = createServer({ maxHeaderSize: 16 * 1024 }, finishHttpApp(app));
  const idle = idleSockets(server);
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  // Longer than the pause of any proxy or client pool, so that they close first and no request is lost.
  server.keepAliveTimeout = 65_000;
  server.maxRequestsPerSocket = 10_000;
  await new Promise<void>((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      fail(
        cause.code === 'EADDRINUSE'
          ? new DomainError('already-running', `port ${port} is in use; set PORT to another`, {
              cause,
            })
          : cause,
      ),
    );
    server.listen(port, host, done);
  });
  const chosen = (server.address() as AddressInfo).port;
  const name = host === '0.0.0.0' || host === '::' || host === '127.0.0.1' ? 'localhost' : host;
  return {
    url: `http://${name.includes(':') ? `[${name}]` : name}:${chosen}`,
    port: chosen,
    close: () => drain(server, idle),
  };
}

/**
 * Connections without a running request. Node's own `closeIdleConnections` misses those that have
 * not sent one yet, and browsers open such connections in advance.
 */
function idleSockets(server: Server): Set<Socket> {
  const idle = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (socket.destroyed) return;
      if (server.listening) idle.add(socket);
      else socket.destroySoon();
    });
  });
  return idle;
}

function drain(server: Server, idle: Set<Socket>): Promise<void> {
  return new Promise((done, fail) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close((error) => {
      clearTimeout(cut);
      if (error) fail(error);
      else done();
    });
    for (const socket of idle) socket.destroySoon();
  });
}
