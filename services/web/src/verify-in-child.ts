import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DomainError, toBase64Url, toUtcSeconds, type PublicJwk } from '@mandate/core';
import type { TrustAnchors, WordLanguage } from '@mandate/verify';

/** Built file, also when this one runs from source under test. */
const CHILD = fileURLToPath(new URL('../dist/verify-child.js', import.meta.url));
const PRLIMIT = '/usr/bin/prlimit';

const LIMITS = {
  milliseconds: 10_000,
  heapMegabytes: 256,
  dataBytes: 768 * 1024 * 1024,
  cpuSeconds: 10,
  answerBytes: 8 * 1024 * 1024,
};

/** What the child reads before the file: one line of JSON. */
export interface ChildOrder {
  readonly anchors: Readonly<Record<'scene' | 'seal' | 'timestamp' | 'ledger', readonly string[]>>;
  readonly identity: readonly { readonly provider: string; readonly publicKey: string }[];
  readonly receipt: readonly PublicJwk[];
  readonly at: string;
  readonly language: WordLanguage;
  /** Lengths of the files that follow, the one to be verified first. */
  readonly sizes: readonly number[];
}

/**
 * Verifies a hostile file in a process of its own: empty environment, no key, no database, bounded
 * time, memory and answer, no writing where the system can forbid it. The answer is JSON text.
 * Throws `budget-exceeded` when the child does not answer in time or breaks.
 */
export async function verifyInChild(
  bytes: Uint8Array,
  options: {
    readonly anchors: TrustAnchors;
    readonly at: Date;
    readonly language: WordLanguage;
    /** Where `bytes` are several files: their lengths, the one to be verified first. */
    readonly sizes?: readonly number[];
    /** For tests. */
    readonly milliseconds?: number;
  },
): Promise<string> {
  const { anchors, at, language, milliseconds = LIMITS.milliseconds } = options;
  const encoded = (list: readonly Uint8Array[]): string[] => list.map(toBase64Url);
  const order: ChildOrder = {
    anchors: {
      scene: encoded(anchors.scene),
      seal: encoded(anchors.seal),
      timestamp: encoded(anchors.timestamp),
      ledger: anchors.ledger,
    },
    identity: (anchors.identity ?? []).map((it) => ({
      ...it,
      publicKey: toBase64Url(it.publicKey),
    })),
    receipt: anchors.receipt ?? [],
    at: toUtcSeconds(at),
    language,
    sizes: options.sizes ?? [bytes.length],
  };
  const [command, ...args] = commandLine();
  const child = spawn(command!, args, {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: milliseconds,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LIMITS.answerBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    // A child that dies early closes its end: its exit code says so.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => reject(tooMuch(cause)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(tooMuch());
    });
    child.stdin.write(`${JSON.stringify(order)}\n`);
    child.stdin.end(bytes);
  });
}

const tooMuch = (cause?: unknown): DomainError =>
  new DomainError('budget-exceeded', 'the file could not be verified within the limits', { cause });

function commandLine(): string[] {
  // Named differently before Node 24; files may be read (modules), nothing else.
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const node = [
    process.execPath,
    `--max-old-space-size=${LIMITS.heapMegabytes}`,
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
