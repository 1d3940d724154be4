import { fileURLToPath } from 'node:url';
import {
  DomainError,
  IMAGE_FAULTS,
  MOST_IMAGE_BYTES,
  type ImageFault,
  type RedrawImage,
} from '@mandate/core';
import { askLimitedChild } from '../child/limited-child.js';
import { isBareJpeg, readImageHeader } from './image-header.js';

/** Built file, also when this one runs from source under test. */
const CHILD = fileURLToPath(new URL('../../dist/images/redraw-child.js', import.meta.url));

const LIMITS = {
  milliseconds: 20_000,
  heapMegabytes: 128,
  dataBytes: 768 * 1024 * 1024,
  cpuSeconds: 15,
  answerBytes: 4 * 1024 * 1024,
  /** The decoder is native code. */
  addons: true,
  /** Drawn at a time; more wait, and so many may. */
  atOnce: 2,
  waiting: 8,
};

const WORDS: Readonly<Record<ImageFault, string>> = {
  'not-jpeg-or-png': 'send a JPEG or PNG picture',
  'too-large': 'the picture has too many pixels',
  'too-small': 'the picture is too small to be read',
  animated: 'one picture, not an animation',
  damaged: 'the picture is damaged or not complete',
};

/**
 * Draws pictures anew in a process of their own: empty environment, no key, no database, bounded time, memory and
 * answer, no writing where the system can forbid it. See `RedrawImage`.
 * @param milliseconds for tests
 */
export function redrawInChild(milliseconds = LIMITS.milliseconds): RedrawImage {
  let running = 0;
  const queue: (() => void)[] = [];
  const turn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= LIMITS.atOnce) {
      if (queue.length >= LIMITS.waiting)
        throw new DomainError('rate-limited', 'too many pictures at a time', {
          extensions: { retryAfterSeconds: 5 },
        });
      // whoever is done hands their place over
      await new Promise<void>((go) => queue.push(go));
    } else running++;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
  return async (bytes, mark) => {
    if (bytes.length > MOST_IMAGE_BYTES)
      throw new DomainError('payload-too-large', `at most ${MOST_IMAGE_BYTES} bytes`);
    // what says itself that it is none of ours costs no process
    const said = readImageHeader(bytes);
    if (typeof said === 'string') throw refusal(said);
    const jpeg = await turn(() => runChild(`${JSON.stringify(mark)}\n`, bytes, milliseconds));
    const header = readImageHeader(jpeg);
    if (!isBareJpeg(jpeg) || typeof header === 'string')
      throw new DomainError('budget-exceeded', 'the picture broke what was to draw it');
    return { jpeg, width: header.width, height: header.height };
  };
}

async function runChild(
  order: string,
  bytes: Uint8Array,
  milliseconds: number,
): Promise<Uint8Array> {
  const answer = await askLimitedChild(CHILD, [order, bytes], { ...LIMITS, milliseconds }, tooMuch);
  const fault = IMAGE_FAULTS.find((it) => answer.equals(Buffer.from(`!${it}`)));
  if (fault) throw refusal(fault);
  return new Uint8Array(answer);
}

const refusal = (fault: ImageFault): DomainError =>
  new DomainError('image-refused', WORDS[fault], { extensions: { reason: fault } });

const tooMuch = (cause?: unknown): DomainError =>
  new DomainError('budget-exceeded', 'the picture could not be drawn within the limits', { cause });
