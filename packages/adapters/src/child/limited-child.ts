import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const PRLIMIT = '/usr/bin/prlimit';

export interface NodeLimits {
  readonly heapMegabytes: number;
  /** Half of where new things live; Node's own without. */
  readonly youngMegabytes?: number;
  readonly dataBytes: number;
  readonly cpuSeconds: number;
  /** Native code may be loaded. */
  readonly addons?: boolean;
}

export interface ChildLimits extends NodeLimits {
  /** Until it is killed. */
  readonly milliseconds: number;
  readonly answerBytes: number;
}

/**
 * How a built script is run for hostile input: it may read files (its modules) and do nothing else where Node can
 * forbid it; memory, processor time and writing are bounded where the system has `prlimit`.
 */
export function limitedNode(
  script: string,
  { heapMegabytes, youngMegabytes, dataBytes, cpuSeconds, addons }: NodeLimits,
): readonly [command: string, ...args: string[]] {
  // Named differently before Node 24.
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const young = youngMegabytes ? [`--max-semi-space-size=${youngMegabytes}`] : [];
  const heap = [`--max-old-space-size=${heapMegabytes}`, ...young];
  const may = ['--allow-fs-read=*', ...(addons ? ['--allow-addons'] : [])];
  const node = [process.execPath, ...heap, permission, ...may, script] as const;
  if (!existsSync(PRLIMIT)) return node;
  const bounds = [`--data=${dataBytes}`, `--cpu=${cpuSeconds}`, '--fsize=0', '--core=0'];
  return [PRLIMIT, ...bounds, '--', ...node];
}

/**
 * Gives the parts to a script on its standard input and resolves to what it answers: a process of its own with an
 * empty environment, ended after its answer. Rejects with `tooMuch()` when it breaks, is late or says too much.
 */
export function askLimitedChild(
  script: string,
  parts: readonly (string | Uint8Array)[],
  limits: ChildLimits,
  tooMuch: (cause?: unknown) => Error,
): Promise<Buffer> {
  const [command, ...args] = limitedNode(script, limits);
  const child = spawn(command, args, {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: limits.milliseconds,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.answerBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    // A child that dies early closes its end: its exit code says so.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => reject(tooMuch(cause)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(tooMuch());
    });
    for (const part of parts) child.stdin.write(part);
    child.stdin.end();
  });
}
