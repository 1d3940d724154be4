import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReaderJwk } from '@mandate/core';
import { toPem } from '@mandate/evidence';
import type { Claim, Indication, TrustAnchors } from '@mandate/verify';

const PROGRAM = fileURLToPath(new URL('../python-bundle/verify_bundle.py', import.meta.url));

/** As the program says. */
export interface SecondOpinion {
  readonly verdict: Indication;
  /** Each claim that does not hold. */
  readonly claims: Readonly<Partial<Record<Claim, 'failed' | 'indeterminate'>>>;
  /** Numbers of docs/evidence-format.md, each with a word of why. */
  readonly rules: Readonly<Record<string, string>>;
  /** Set when the program itself broke: never. */
  readonly crash?: string;
}

/** A Python that has the one Debian package the program needs; throws with what is missing. */
export function findPython(): string {
  const missing: string[] = [];
  // the second is Debian's own, which a Python of the user's may hide
  for (const python of ['python3', '/usr/bin/python3']) {
    const { status, stderr, error } = spawnSync(python, ['-c', 'import cryptography'], {
      encoding: 'utf8',
    });
    if (status === 0) return python;
    missing.push(error?.message ?? `${python}: ${stderr.trim().split('\n').at(-1)}`);
  }
  throw new Error(
    `the second verifier needs Python 3.9 with cryptography (Debian: apt-get install python3-cryptography): ${missing.join('; ')}`,
  );
}

/** The second verifier as a running process; one question at a time. */
export class PythonVerifier {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mandate-bundles-'));
  readonly #trust = new Map<TrustAnchors, string>();
  readonly #process = spawn(findPython(), [PROGRAM, '--batch'], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  readonly #lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();

  async judge(
    bundle: Uint8Array,
    anchors: TrustAnchors,
    at: Date,
    reader?: ReaderJwk,
  ): Promise<SecondOpinion> {
    const file = join(this.#folder, 'bundle.asice');
    writeFileSync(file, bundle);
    const readerFile = join(this.#folder, 'reader.json');
    if (reader) writeFileSync(readerFile, JSON.stringify(reader));
    const question = {
      ...{ file, trust: this.#trustFolder(anchors), at: at.toISOString() },
      ...(reader && { reader: readerFile }),
    };
    this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the second verifier has ended');
    return JSON.parse(value as string) as SecondOpinion;
  }

  /** The folder the anchors stand in, as they are published. */
  #trustFolder(anchors: TrustAnchors): string {
    const known = this.#trust.get(anchors);
    if (known) return known;
    const folder = join(this.#folder, `trust-${this.#trust.size}`);
    const put = (purpose: string, name: string, text: string): void => {
      mkdirSync(join(folder, purpose), { recursive: true });
      writeFileSync(join(folder, purpose, name), text);
    };
    mkdirSync(folder);
    for (const purpose of ['scene', 'seal', 'timestamp'] as const)
      anchors[purpose].forEach((der, i) =>
        put(purpose, `root-${i + 1}.pem`, toPem('CERTIFICATE', der)),
      );
    anchors.ledger.forEach((key, i) => put('ledger', `key-${i + 1}.vkey`, `${key}\n`));
    for (const { provider, publicKey } of anchors.identity ?? [])
      put('identity', `${provider}.pem`, toPem('PUBLIC KEY', publicKey));
    if (anchors.receipt?.length)
      put('receipt', 'keys.json', JSON.stringify({ keys: anchors.receipt }));
    this.#trust.set(anchors, folder);
    return folder;
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    await new Promise((done) => this.#process.once('close', done));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
