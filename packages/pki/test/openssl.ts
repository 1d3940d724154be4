import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The independent judge: runs openssl in a folder of its own with the given files.
 * `made` is the file `out`, if openssl wrote one.
 */
export async function openssl(
  args: readonly string[],
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<{ ok: boolean; output: string; made: Uint8Array | null }> {
  const folder = await mkdtemp(join(tmpdir(), 'pki-test-'));
  try {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    const ran = await new Promise<{ ok: boolean; output: string }>((resolve) => {
      execFile('openssl', args, { cwd: folder, timeout: 10_000 }, (error, stdout, stderr) => {
        resolve({ ok: error === null, output: `${stdout}${stderr}` });
      });
    });
    const made = await readFile(join(folder, 'out')).catch(() => null);
    return { ...ran, made: made && new Uint8Array(made) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function pem(...certificates: { der: Uint8Array }[]): string {
  return certificates
    .map(({ der }) => {
      const lines = Buffer.from(der)
        .toString('base64')
        .match(/.{1,64}/g)!;
      return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
    })
    .join('');
}

/** Seconds since the epoch, for `-attime`. */
export const attime = (at: Date): string => String(Math.floor(at.getTime() / 1000));
