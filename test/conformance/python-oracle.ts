import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('python/validate-letter.py', import.meta.url));

/** A folder of Python packages, named by PYHANKO_PATH, comes before those that python3 has itself. */
const env = {
  ...process.env,
  PYTHONPATH: [process.env['PYHANKO_PATH'], process.env['PYTHONPATH']]
    .filter(Boolean)
    .join(delimiter),
  PYTHONDONTWRITEBYTECODE: '1',
};

/** What keeps pyHanko from running here, in Python's words; null when nothing does. */
export function missingForPyHanko(): string | null {
  const imports = 'import freezegun, pyhanko.sign.validation.ades';
  const { status, stderr, error } = spawnSync('python3', ['-c', imports], {
    encoding: 'utf8',
    env,
  });
  if (error) return error.message;
  return status === 0 ? null : stderr.trim().split('\n').at(-1)!;
}

/** As the program says. */
export interface LongTermValidation {
  readonly indication: string;
  readonly intact: boolean;
  readonly evidence: string | null;
  readonly changes: readonly string[];
  readonly passed: boolean;
}

/** Long-term validation at a moment; files of a letter, a root, and roots of timestamp authorities. */
export function validateLetter(
  letter: string,
  at: Date,
  root: string,
  stampRoots: readonly string[],
): LongTermValidation {
  const args = [PROGRAM, letter, at.toISOString(), root, ...stampRoots];
  const { status, stdout, stderr, error } = spawnSync('python3', args, { encoding: 'utf8', env });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as LongTermValidation;
}
