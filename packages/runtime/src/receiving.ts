import type { IncomingMessage } from 'node:http';

/** How long a request may take to arrive. */
export interface ReceivingTime {
  readonly seconds: number;
  /** Without a byte; a reader of ours that is slower than the line counts for nothing. */
  readonly idleSeconds: number;
}

/** What every request gets that no route gives more. */
export const RECEIVING: ReceivingTime = { seconds: 60, idleSeconds: 60 };
/** No route gives more than this, seconds. */
export const MOST_RECEIVING_SECONDS = 3600;

const running = new WeakMap<IncomingMessage, (time: ReceivingTime) => void>();

/** From the moment its headers are there: `cut` is called once when the rest does not come in time. */
export function limitReceiving(
  request: IncomingMessage,
  time: ReceivingTime,
  cut: () => void,
): void {
  let timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
  };
  const end = (): void => {
    stop();
    if (!request.complete) cut();
  };
  const start = ({ seconds, idleSeconds }: ReceivingTime): void => {
    stop();
    let before = -1;
    const look = (): void => {
      const { bytesRead } = request.socket;
      if (request.complete) stop();
      else if (bytesRead === before && request.readableLength === 0) end();
      before = bytesRead;
    };
    timers = [setTimeout(end, seconds * 1000), setInterval(look, idleSeconds * 1000)];
    for (const timer of timers) timer.unref();
  };
  request.once('close', stop);
  request.once('end', stop);
  running.set(request, start);
  start(time);
}

/** For a route whose bodies are large: from now on, instead of what every request gets. */
export function giveTime(request: IncomingMessage, time: ReceivingTime): void {
  running.get(request)?.(time);
}
