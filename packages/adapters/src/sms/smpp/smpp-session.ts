import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  bindBody,
  COMMAND,
  PduError,
  RESPONSE,
  STATUS,
  takePdus,
  writePdu,
  type Pdu,
} from './pdu.js';

/** Where and as whom. */
export interface SmppPeer {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
}

export interface SmppSession {
  readonly open: boolean;
  /** The answer, whatever its status. Rejects with `NoAnswer` when the session ends or time is up. */
  request(command: number, body: Uint8Array): Promise<Pdu>;
  /** Unbinds; resolves when the connection is gone. */
  close(): Promise<void>;
}

/** No answer came. `sent`: whether the request had been written. */
export class NoAnswer extends Error {
  constructor(readonly sent: boolean) {
    super('no answer');
  }
}
/** The centre refused to bind, with its status. */
export class BindRefused extends Error {
  constructor(readonly status: number) {
    super('bind refused');
  }
}

const ENQUIRE_EVERY = 30_000;
const MAX_UNREAD = 65_536;

/**
 * Connects and binds as transceiver. Answers `enquire_link` and `unbind`, asks `enquire_link` when nothing was
 * heard for half a minute, acknowledges a `deliver_sm` once `onDeliver` has kept it. Anything that is not SMPP ends the
 * session. Rejects with `NoAnswer` or `BindRefused`.
 */
export async function openSmppSession(
  peer: SmppPeer,
  timeoutMs: number,
  /** May throw `PduError` at once; a rejection makes the centre deliver it again. */
  onDeliver: (body: Uint8Array) => Promise<void>,
): Promise<SmppSession> {
  const socket = await connected(peer, timeoutMs);
  const waiting = new Map<
    number,
    { command: number; done: (pdu: Pdu) => void; fail: () => void }
  >();
  let sequence = 0;
  let unread = new Uint8Array();
  let heard = true;

  const write = (pdu: Pdu): void => void socket.write(writePdu(pdu));
  const answer = (
    { command, sequence: to }: Pdu,
    body = new Uint8Array(),
    status: number = STATUS.ok,
  ): void => write({ command: (command | RESPONSE) >>> 0, status, sequence: to, body });
  const request = (command: number, body: Uint8Array): Promise<Pdu> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new NoAnswer(false));
      sequence = (sequence % 0x7fffffff) + 1;
      const mine = sequence;
      const over = (): void => {
        clearTimeout(timer);
        waiting.delete(mine);
        reject(new NoAnswer(true));
      };
      const timer = setTimeout(over, timeoutMs);
      const done = (pdu: Pdu): void => {
        clearTimeout(timer);
        waiting.delete(mine);
        resolve(pdu);
      };
      waiting.set(mine, { command, done, fail: over });
      write({ command, status: STATUS.ok, sequence: mine, body });
    });

  const take = (pdu: Pdu): void => {
    if (pdu.command === COMMAND.genericNack || pdu.command >= RESPONSE) {
      const asked = waiting.get(pdu.sequence);
      if (!asked) return;
      if (pdu.command !== COMMAND.genericNack && pdu.command !== (asked.command | RESPONSE) >>> 0)
        throw new PduError('the answer to another request');
      asked.done(pdu);
    } else if (pdu.command === COMMAND.enquireLink) answer(pdu);
    else if (pdu.command === COMMAND.deliverSm) {
      onDeliver(pdu.body).then(
        () => answer(pdu, Uint8Array.of(0)),
        () => answer(pdu, Uint8Array.of(0), STATUS.temporaryReceiverError),
      );
    } else if (pdu.command === COMMAND.unbind) {
      answer(pdu);
      socket.end();
    } else
      write({
        command: COMMAND.genericNack,
        status: STATUS.invalidCommandId,
        sequence: pdu.sequence,
        body: new Uint8Array(),
      });
  };
  socket.on('data', (bytes: Buffer) => {
    heard = true;
    try {
      if (unread.length + bytes.length > MAX_UNREAD) throw new PduError('too much at once');
      const { pdus, rest } = takePdus(new Uint8Array(Buffer.concat([unread, bytes])));
      unread = new Uint8Array(rest);
      for (const pdu of pdus) take(pdu);
    } catch {
      // Where the next PDU begins is not known any more.
      socket.destroy();
    }
  });
  const enquiring = setInterval(() => {
    if (!heard) request(COMMAND.enquireLink, new Uint8Array()).catch(() => socket.destroy());
    heard = false;
  }, ENQUIRE_EVERY);
  enquiring.unref();
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => {
      clearInterval(enquiring);
      for (const { fail } of [...waiting.values()]) fail();
      resolve();
    });
  });

  const bound = await request(
    COMMAND.bindTransceiver,
    bindBody(peer.systemId, peer.password, peer.systemType),
  ).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  if (bound.status !== STATUS.ok) {
    socket.destroy();
    throw new BindRefused(bound.status);
  }
  return {
    get open() {
      return !socket.destroyed && socket.writable;
    },
    request,
    close: async () => {
      if (!socket.destroyed) await request(COMMAND.unbind, new Uint8Array()).catch(() => {});
      socket.destroy();
      await gone;
    },
  };
}

function connected({ host, port, tls }: SmppPeer, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
    const failed = (): void => {
      socket.destroy();
      reject(new NoAnswer(false));
    };
    const timer = setTimeout(failed, timeoutMs);
    socket.once('error', failed);
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', failed);
      // Reported by `close`.
      socket.on('error', () => {});
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
