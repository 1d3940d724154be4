import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
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

/** Programs with which this process verifies and reports, by name; the verifier by its digest, so that it can be told. */
export function verificationTools(): Readonly<Record<string, string>> {
  const verifier = publishedVerifier();
  return {
    node: process.versions.node,
    openssl: process.versions.openssl,
    ...(verifier ? { [verifier.name]: `SHA-256 ${verifier.digest}` } : {}),
  };
}
