import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromUtf8, parseCanonical, sha256Hex, type Provenance } from '@mandate/core';
import { PART, readBundle } from '@mandate/evidence';
import type { Verification } from '@mandate/verify';
import { DRAWING, readInstalledBuild, type BuildRefusal } from './installed-build.js';
import { subjectScreens, type SubjectScreens } from './subject-screens.js';

/** What the drawing is told beside the screens. */
export interface ReconstructionFrame {
  /** SHA-256 of the bundle, hex. */
  readonly bundle: string;
  readonly indication: Verification['verdict']['indication'];
  /** Digests of the builds, hex, and the source they were made of. */
  readonly page: string;
  readonly server: string;
  readonly commit: string;
  /** Text of the build's own style sheet. */
  readonly style: string;
}

/** How a build draws its own pages again: its module `services/web/dist/pages/reconstruction.js`. */
export type DrawReconstruction = (screens: SubjectScreens, frame: ReconstructionFrame) => string;

export type ReconstructionRefusal =
  | BuildRefusal
  /** The file is no bundle, or it failed. */
  | { readonly reason: 'not-verified' }
  /** Another page than ours showed the letter, or an older build of it. */
  | { readonly reason: 'no-build-named' };

/**
 * What the subject saw, drawn again by the page build that the bundle names: HTML without scripts, in one file, said to
 * be a reconstruction. Refused, with the reason, unless the installation at hand is that build to the last file.
 * `load`: how its module is loaded.
 */
export async function reconstructPage({
  bundle,
  verification,
  installation,
  load = (file) => import(pathToFileURL(file).href),
}: {
  readonly bundle: Uint8Array;
  /** Of this bundle. */
  readonly verification: Verification;
  /** Root folder of an installation. */
  readonly installation: string;
  readonly load?: (file: string) => Promise<unknown>;
}): Promise<{ readonly html: string } | ReconstructionRefusal> {
  const { indication } = verification.verdict;
  const digest = sha256Hex(bundle);
  const readable = verification.input.kind === 'bundle' && verification.input.digest === digest;
  if (!readable || indication === 'TOTAL-FAILED') return { reason: 'not-verified' };
  const { parts } = readBundle(bundle);
  const named = parts.get(PART.provenance);
  const provenance = named && (parseCanonical(fromUtf8(named)) as unknown as Provenance);
  if (!provenance?.page) return { reason: 'no-build-named' };
  const build = readInstalledBuild(installation, {
    server: provenance.server.digest,
    page: provenance.page.digest,
  });
  if ('reason' in build) return build;
  const { drawReconstruction } = (await load(join(installation, DRAWING))) as {
    drawReconstruction: DrawReconstruction;
  };
  const { page, server, commit, style } = build;
  const frame = { bundle: digest, indication, page, server, commit, style };
  return { html: drawReconstruction(subjectScreens(parts), frame) };
}
