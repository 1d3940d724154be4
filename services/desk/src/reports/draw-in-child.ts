import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@mandate/core';
import type { Report, ReportDepth, ReportLanguage } from '@mandate/report';
import { readFrames, writeFrame, type Frame } from './frames.js';

/** Built file, also when this one runs from source under test. */
const CHILD = fileURLToPath(new URL('../../dist/reports/report-child.js', import.meta.url));
const PRLIMIT = '/usr/bin/prlimit';

const LIMITS = {
  /** For one report. */
  milliseconds: 60_000,
  heapMegabytes: 384,
  /** Half of where new things live; by default a sixth of the time goes into clearing it. */
  youngMegabytes: 32,
  dataBytes: 1024 * 1024 * 1024,
  /** For all reports of one child. */
  cpuSeconds: 600,
  answerBytes: 64 * 1024 * 1024,
  /** Then the child is replaced: fonts are read once for them, and nothing grows for ever. */
  reports: 100,
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
  /** Ends the children. */
  close(): void;
}

/**
 * Reads bundles and draws reports in processes of their own: empty environment, no key, no database, bounded time,
 * memory and answer, no writing where the system can forbid it. At most `atOnce` run; others wait.
 */
export function reportDrawer(atOnce = 2): ReportDrawer {
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
    const child = startChild();
    living.add(child);
    child.process.once('close', () => living.delete(child));
    return child;
  };

  return {
    draw: (order, bundle) =>
      turn(async () => {
        if (closed) throw new DomainError('budget-exceeded', 'the desk is closing');
        const child = idle.pop() ?? start();
        const answer = await ask(child, { head: order, files: [bundle] });
        if (++child.reports >= LIMITS.reports || closed) child.process.stdin.end();
        else idle.push(child);
        const [json, ...rest] = answer.files;
        const xml = order.xml ? rest.shift() : undefined;
        return { ...answer.head, json: json!, ...(xml ? { xml } : {}), pdfs: rest };
      }),
    close: () => {
      closed = true;
      for (const { process: child } of living) child.kill('SIGKILL');
    },
  };
}

interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly answers: AsyncGenerator<Frame<DrawAnswer>>;
  reports: number;
}

function startChild(): Child {
  const [command, ...args] = commandLine();
  const child = spawn(command!, args, {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  }) as unknown as ChildProcessWithoutNullStreams;
  // A child that dies early closes its ends: who waits for its answer hears of it.
  child.stdin.on('error', () => undefined);
  child.on('error', () => child.stdout.destroy());
  // It does not hold up the end of the process that started it.
  child.unref();
  return { process: child, answers: readFrames(child.stdout, LIMITS.answerBytes), reports: 0 };
}

async function ask(child: Child, order: Frame<DrawOrder>): Promise<Frame<DrawAnswer>> {
  const late = setTimeout(() => child.process.kill('SIGKILL'), LIMITS.milliseconds);
  try {
    writeFrame(child.process.stdin, order);
    const { value, done } = await child.answers.next();
    if (!done) return value;
  } catch (cause) {
    child.process.kill('SIGKILL');
    throw tooMuch(cause);
  } finally {
    clearTimeout(late);
  }
  child.process.kill('SIGKILL');
  throw tooMuch();
}

const tooMuch = (cause?: unknown): DomainError =>
  new DomainError('budget-exceeded', 'the report could not be made within the limits', { cause });

function commandLine(): string[] {
  // Named differently before Node 24; files may be read (modules, fonts), nothing else.
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const node = [
    process.execPath,
    `--max-old-space-size=${LIMITS.heapMegabytes}`,
    `--max-semi-space-size=${LIMITS.youngMegabytes}`,
    permission,
    '--allow-fs-read=*',
    CHILD,
  ];
  if (!existsSync(PRLIMIT)) return node;
  return [
    PRLIMIT,
    `--data=${LIMITS.dataBytes}`,
    `--cpu=${LIMITS.cpuSeconds}`,
    '--fsize=0',
    '--core=0',
    '--',
    ...node,
  ];
}
