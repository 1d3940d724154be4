import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('java/', import.meta.url));

/** Where Debian keeps BouncyCastle; elsewhere the folder is named by BOUNCY_CASTLE. */
const JARS = process.env['BOUNCY_CASTLE'] || '/usr/share/java';
const jars = ['bcprov', 'bcutil', 'bcpkix'].map((name) => join(JARS, `${name}.jar`));

const runs = (command: string): boolean => spawnSync(command, ['-version']).status === 0;

/** What is missing for the Java oracles, and how Debian calls it; empty when all is there. */
export function missingForJava(): string[] {
  return [
    ...['java', 'javac'].filter((it) => !runs(it)).map((it) => `${it} (default-jdk-headless)`),
    ...jars.filter((jar) => !existsSync(jar)).map((jar) => `${jar} (libbcpkix-java)`),
  ];
}

export type JavaOracle = (
  program: 'Pkix' | 'Bouncy',
  ...args: string[]
) => { ok: boolean; text: string };

/** Compiles the programs into a folder of its own and runs them. */
export function compileJava(): JavaOracle {
  const folder = mkdtempSync(join(tmpdir(), 'mandate-java-'));
  const path = jars.join(':');
  const sources = ['Pkix', 'Bouncy'].map((name) => join(SOURCES, `${name}.java`));
  execFileSync('javac', ['-cp', path, '-d', folder, ...sources], { stdio: 'pipe' });
  // one short run each: no need for compilers and collectors of many threads
  const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', `${folder}:${path}`];
  return (program, ...args) => {
    const { status, stdout, stderr } = spawnSync('java', [...flags, program, ...args], {
      encoding: 'utf8',
    });
    return { ok: status === 0, text: stdout + stderr };
  };
}
