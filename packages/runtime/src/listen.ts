import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { DomainError } from '@mandate/core';
import type { Express } from 'express';
import { finishHttpApp } from './http-app.js';
import { problemOf, PROBLEM_TYPE } from './problems.js';
import { limitReceiving, MOST_RECEIVING_SECONDS, RECEIVING } from './receiving.js';

export interface Listening {
  /** `http://host:port`, the port as chosen by the system when 0 was asked for. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, waits for running requests (10 s at most), then cuts. */
  close(): Promise<void>;
}

const DRAIN_MS = 10_000;

/**
 * Serves the application, with time-outs against slow and stuck callers. `receiving`: for tests.
 * Throws `already-running` when the port is taken.
 */
export async function listen(
  app: Express,
  port: number,
  host: string,
  receiving = RECEIVING,
): Promise<Listening> {
  const server = createServer({ maxHeaderSize: 16 * 1024 }, finishHttpApp(app));
  const idle = idleSockets(server);
  server.on('clientError', refuseUnreadable);
  server.headersTimeout = 10_000;
  // Each request has its own limit, which its route may widen; this one holds whatever becomes of that.
  server.requestTimeout = (MOST_RECEIVING_SECONDS + 60) * 1000;
  server.prependListener('request', (request) =>
    limitReceiving(request, receiving, () =>
      refuseUnreadable({ name: '', message: '' }, request.socket),
    ),
  );
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

/** What is no HTTP never reaches express; it gets its problem all the same. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const problem = problemOf(
    tooLarge
      ? new DomainError('payload-too-large', 'the headers are too large')
      : new DomainError('invalid-request', 'this is not HTTP as we read it'),
  );
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
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
