import { fileURLToPath } from 'node:url';
import { askLimitedChild } from '@mandate/adapters';
import { DomainError, toBase64Url, toUtcSeconds, type PublicJwk } from '@mandate/core';
import type { TrustAnchors, WordLanguage } from '@mandate/verify';

/** Built file, also when this one runs from source under test. */
const CHILD = fileURLToPath(new URL('../dist/verify-child.js', import.meta.url));

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
  const parts = [`${JSON.stringify(order)}\n`, bytes];
  const answer = await askLimitedChild(CHILD, parts, { ...LIMITS, milliseconds }, tooMuch);
  return answer.toString('utf8');
}

const tooMuch = (cause?: unknown): DomainError =>
  new DomainError('budget-exceeded', 'the file could not be verified within the limits', { cause });
