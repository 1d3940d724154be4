import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { limitedNode } from '@mandate/adapters';
import { DomainError } from '@mandate/core';
import type { FilingIndex, Report, ReportDepth, ReportLanguage } from '@mandate/report';
import { readFrames, writeFrame, type Frame, type ReadFrame } from './frames.js';

/** Built file, also when this one runs from source under test. */
const CHILD = fileURLToPath(new URL('../../dist/reports/report-child.js', import.meta.url));

const LIMITS = {
  /** For one report, and for the list of a whole job: thousands of rows on a machine that does other things. */
  milliseconds: 60_000,
  filingMilliseconds: 180_000,
  heapMegabytes: 384,
  /** By default a sixth of the time goes into clearing what is new. */
  youngMegabytes: 32,
  dataBytes: 1024 * 1024 * 1024,
  /** For all reports of one child. */
  cpuSeconds: 600,
  answerBytes: 64 * 1024 * 1024,
  /**
   * Then the child is replaced: fonts are read once for them, and nothing grows for ever. The time it was at work, in
   * milliseconds, leaves the last report enough of `cpuSeconds`, whichever threads it has beside.
   */
  reports: 100,
  workMilliseconds: 240_000,
};

/** What a report is made from, beside the bundle. */
export interface DrawOrder {
  /** `anchorsText`. */
  readonly anchors: string;
  /** RFC 3339. */
  readonly at: string;
  readonly reportId: string;
  readonly publicUrl: string;
  readonly tools: Readonly<Record<string, string>>;
  readonly languages: readonly ReportLanguage[];
  readonly depth: ReportDepth;
  readonly xml: boolean;
}

export interface DrawAnswer {
  readonly verdict: Report['verdict'];
  /** Of each PDF. */
  readonly pages: readonly number[];
}

/** A list of evidence that is to be put on paper. */
export interface FilingOrder {
  /** `madeAt`: RFC 3339. */
  readonly filing: Omit<FilingIndex, 'madeAt'> & { readonly madeAt: string };
  readonly language: ReportLanguage;
}

/** About which order. */
export interface FilingAnswer {
  readonly filing: string;
  readonly language: ReportLanguage;
}

export interface Drawn extends DrawAnswer {
  /** Canonical JSON. */
  readonly json: Uint8Array;
  readonly xml?: Uint8Array;
  /** Unsealed, in the order of the languages. */
  readonly pdfs: readonly Uint8Array[];
}

export interface ReportDrawer {
  /** Throws `budget-exceeded` when the child does not answer in time or breaks. */
  draw(order: DrawOrder, bundle: Uint8Array): Promise<Drawn>;
  /** `renderFilingIndex`. Throws as `draw`. */
  drawFiling(index: FilingIndex, language: ReportLanguage): Promise<Uint8Array>;
  /** Ends the children. */
  close(): void;
}

/**
 * Reads bundles and draws reports in processes of their own: empty environment, no key, no database, bounded time,
 * memory and answer, no writing where the system can forbid it. At most `atOnce` run; others wait. `program`: another
 * child's file, for tests.
 */
export function reportDrawer(atOnce = 2, program = CHILD): ReportDrawer {
  const idle: Child[] = [];
  const living = new Set<Child>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let closed = false;

  const turn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
  const start = (): Child => {
    const child = startChild(program);
    living.add(child);
    child.process.once('close', () => living.delete(child));
    return child;
  };

  /** One that still lives and has said nothing since its last answer. */
  const nextIdle = (): Child | undefined => {
    for (let child = idle.pop(); child; child = idle.pop()) {
      const { exitCode, signalCode, stdout } = child.process;
      if (exitCode === null && signalCode === null && stdout.readableLength === 0) return child;
      child.process.kill('SIGKILL');
    }
    return undefined;
  };

  const answered = <T>(
    order: Frame<unknown>,
    isAbout: (it: Frame<T>) => boolean,
    within = LIMITS.milliseconds,
  ) =>
    turn(async () => {
      if (closed) throw new DomainError('budget-exceeded', 'the desk is closing');
      const child = nextIdle() ?? start();
      const answer = await ask(child, order, isAbout, within);
      const spent = ++child.reports >= LIMITS.reports || child.worked >= LIMITS.workMilliseconds;
      if (spent || closed) child.process.stdin.end();
      else idle.push(child);
      return answer;
    });

  return {
    draw: async (order, bundle) => {
      const { head, files } = await answered<DrawAnswer>(
        { head: order, files: [bundle] },
        (answer) => isAboutReport(answer, order),
      );
      const [json, ...rest] = files;
      const xml = order.xml ? rest.shift() : undefined;
      return { ...head, json: json!, ...(xml ? { xml } : {}), pdfs: rest };
    },
    drawFiling: async ({ madeAt, ...index }, language) => {
      const order: FilingOrder = { filing: { ...index, madeAt: madeAt.toISOString() }, language };
      const { files } = await answered<FilingAnswer>(
        { head: order, files: [] },
        ({ head, files: { length } }) =>
          head.filing === index.id && head.language === language && length === 1,
        LIMITS.filingMilliseconds,
      );
      return files[0]!;
    },
    close: () => {
      closed = true;
      for (const { process: child } of living) child.kill('SIGKILL');
    },
  };
}

interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly answers: AsyncGenerator<ReadFrame<unknown>>;
  reports: number;
  /** Milliseconds. */
  worked: number;
}

function startChild(program: string): Child {
  const [command, ...args] = limitedNode(program, LIMITS);
  const child = spawn(command, args, {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  }) as unknown as ChildProcessWithoutNullStreams;
  // A child that dies early closes its ends: who waits for its answer hears of it.
  child.stdin.on('error', () => undefined);
  child.on('error', () => child.stdout.destroy());
  // It does not hold up the end of the process that started it.
  child.unref();
  const answers = readFrames<unknown>(child.stdout, LIMITS.answerBytes);
  return { process: child, answers, reports: 0, worked: 0 };
}

/** A child draws for many: an answer that was ready before its question is about another one. */
async function ask<T>(
  child: Child,
  order: Frame<unknown>,
  isAbout: (answer: Frame<T>) => boolean,
  within: number,
): Promise<Frame<T>> {
  const begun = performance.now();
  const late = setTimeout(() => child.process.kill('SIGKILL'), within);
  try {
    writeFrame(child.process.stdin, order);
    const { value, done } = await child.answers.next();
    if (!done && value.behind === 0 && isAbout(value as Frame<T>)) return value as Frame<T>;
  } catch (cause) {
    child.process.kill('SIGKILL');
    throw tooMuch(cause);
  } finally {
    clearTimeout(late);
    child.worked += performance.now() - begun;
  }
  child.process.kill('SIGKILL');
  throw tooMuch();
}

function isAboutReport(
  { files }: Frame<DrawAnswer>,
  { reportId, languages, xml }: DrawOrder,
): boolean {
  if (files.length !== 1 + (xml ? 1 : 0) + languages.length) return false;
  const { id } = JSON.parse(Buffer.from(files[0]!).toString('utf8')) as Partial<Report>;
  return id === reportId;
}

const tooMuch = (cause?: unknown): DomainError =>
  new DomainError('budget-exceeded', 'the report could not be made within the limits', { cause });
