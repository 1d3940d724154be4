import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The verifier as one file, as `npm run build:verifier` made it. */
export interface PublishedVerifier {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256, hex; stands in reports, so that everybody can tell which program is meant. */
  readonly digest: string;
}

const NAME = 'mandate-verify.mjs';
/** Beside this package, where sources and images have it alike. */
const PATH = fileURLToPath(new URL(`../../cli/dist/${NAME}`, import.meta.url));

let loaded: PublishedVerifier | null | undefined;

/** Null where it was not built. Read once. */
export function publishedVerifier(): PublishedVerifier | null {
  if (loaded !== undefined) return loaded;
  if (!existsSync(PATH)) return (loaded = null);
  const bytes = new Uint8Array(readFileSync(PATH));
  return (loaded = { name: NAME, bytes, digest: createHash('sha256').update(bytes).digest('hex') });
}

/** Under which name reports give the digest of what made them. */
export const REPORT_PROGRAM = 'mandate-report';
/** What decides the bytes of a report: `report` and every package of ours that it rests on. */
export const REPORT_PACKAGES = [
  ...(['core', 'evidence', 'ledger', 'letter', 'pdf', 'pki', 'report', 'terms', 'verify'] as const),
];
/** All packages, built. */
const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));

let reportProgram: string | null | undefined;

/** SHA-256 over the built files of the program that makes reports, hex; null where one of its packages is not built. */
export function digestOfProgram(packages = PACKAGES): string | null {
  const all = createHash('sha256');
  for (const name of REPORT_PACKAGES) {
    const folder = join(packages, name, 'dist');
    if (!existsSync(folder)) return null;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => file.split(sep).join('/'))
      .filter((file) => /\.m?js$/.test(file))
      .sort();
    if (files.length === 0) return null;
    for (const file of files) {
      const digest = createHash('sha256').update(readFileSync(join(folder, file)));
      all.update(`${name}/${file} ${digest.digest('hex')}\n`);
    }
  }
  return all.digest('hex');
}

/**
 * Programs with which this process verifies and reports, by name; the published verifier and the program that makes
 * reports by their digests, so that they can be told.
 */
export function verificationTools(): Readonly<Record<string, string>> {
  const verifier = publishedVerifier();
  // Read once: what this process has loaded does not change with the files.
  reportProgram ??= digestOfProgram();
  return {
    node: process.versions.node,
    openssl: process.versions.openssl,
    ...(verifier ? { [verifier.name]: `SHA-256 ${verifier.digest}` } : {}),
    ...(reportProgram ? { [REPORT_PROGRAM]: `SHA-256 ${reportProgram}` } : {}),
  };
}
