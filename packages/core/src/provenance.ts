/** One build of what is served: which source, which dependencies, which files came out of it. */
export interface Build {
  /** Of the list of its files, hex: `kindDigest('page-build', …)` or `kindDigest('server-build', …)`. */
  readonly digest: string;
  /** Of the source, hex; `+changes` behind it where files differed from that; `unknown` without a repository. */
  readonly commit: string;
  /** SHA-256 of the lock file of all dependencies, hex. */
  readonly lockfile: string;
}

/** The build a server runs, and the digest of the pages built with it. */
export interface ServerBuild extends Build {
  readonly page: string | null;
}

/** The bundle's part: which builds made it. The operator's own statement. */
export interface Provenance {
  readonly format: 'mandate-provenance/v1';
  /** The build whose page showed the letter; null when it was none of ours, or an older one. */
  readonly page: Build | null;
  readonly server: Build;
}

/** `pageBuild`: what the scene names. */
export const provenanceOf = (
  { digest, commit, lockfile, page }: ServerBuild,
  pageBuild: string | null,
): Provenance => ({
  format: 'mandate-provenance/v1',
  page: page !== null && page === pageBuild ? { digest: page, commit, lockfile } : null,
  server: { digest, commit, lockfile },
});
