import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { httpTimestampAuthority } from '@mandate/adapters';
import { sha256Hex, systemRandom } from '@mandate/core';
import { newestStampEnd, reconstructPage, renewReport } from '@mandate/report';
import { SERVER_BUILD_FILE } from '@mandate/runtime';
import { exitCode, verifyFile, type TrustAnchors, type Verification } from '@mandate/verify';
import { UsageError, type Command, type CommandIo, tell } from '../command.js';
import { loadAnchors } from '../load-anchors.js';
import { parseCommandLine } from '../parse-options.js';
import { FILE_LIMITS, readInput } from '../read-limited.js';

/** `mandate report`: exit codes as of `mandate verify`; 1 also where it refuses, with the reason. */
export const reportCommand: Command = {
  usage:
    'report renew FILE --timestamp URL --trust PATH… --out FILE [--crl FILE]… | report page BUNDLE --out FILE [--trust PATH]… [--installation FOLDER]',
  summary:
    'renew: one more archive timestamp on a handed-out report before its newest one’s authority ends, only ever appended; page: what the subject saw, drawn again by the very build that the bundle names, as HTML that says it is a reconstruction',

  async run([action, ...args], io) {
    if (action === 'renew') return renew(args, io);
    if (action === 'page') return page(args, io);
    throw new UsageError('report takes renew or page');
  },
};

async function renew(args: readonly string[], io: CommandIo): Promise<number> {
  const { file, out, anchors, values } = readArguments(args);
  const url = values.timestamp;
  if (url === undefined) throw new UsageError('--timestamp is missing');
  const report = readInput(file, FILE_LIMITS.document);
  const at = io.clock.now();
  const before = verifyFile(report, { anchors, at });
  if (before.input.profile !== 'report') throw new UsageError(`${file} is no sealed report`);
  // What does not hold any more is not made to look as if it did.
  if (exitCode(before) !== 0) return refuse(io, before, 'the report does not hold: not renewed');
  const renewed = await renewReport(report, {
    anchors,
    crls: (values.crl ?? []).map((path) => readInput(path)),
    authority: httpTimestampAuthority(url),
    random: systemRandom,
  });
  const after = verifyFile(renewed, { anchors, at: io.clock.now() });
  if (exitCode(after) !== 0)
    return refuse(io, after, 'with that timestamp the report would not hold: nothing was written');
  writeNew(out, renewed);
  const until = newestStampEnd(renewed).toISOString();
  const digest = sha256Hex(renewed);
  tell(io, { file: out, digest, until, appended: renewed.length - report.length }, [
    `${out}: one archive timestamp more, its authority's certificate ends ${until}`,
    `SHA-256 ${digest}; the first ${report.length} bytes are the report as it was`,
  ]);
  return 0;
}

async function page(args: readonly string[], io: CommandIo): Promise<number> {
  const { file, out, anchors, values } = readArguments(args);
  const bundle = readInput(file, FILE_LIMITS.document);
  const verification = verifyFile(bundle, { anchors, at: io.clock.now() });
  const installation = values.installation ?? dirname(dirname(SERVER_BUILD_FILE));
  const made = await reconstructPage({ bundle, verification, installation });
  if (verification.input.kind !== 'bundle') throw new UsageError(`${file} is no evidence bundle`);
  if ('reason' in made) {
    tell(io, { made: false, ...made }, [
      `not reconstructed: ${REFUSALS[made.reason]}`,
      ...details(made),
    ]);
    return 1;
  }
  const bytes = new TextEncoder().encode(made.html);
  writeNew(out, bytes);
  const { indication } = verification.verdict;
  const digest = sha256Hex(bytes);
  tell(io, { made: true, file: out, digest, indication }, [
    `${out}: a reconstruction, not a recording; SHA-256 ${digest}`,
    `the bundle: ${indication}`,
  ]);
  return exitCode(verification);
}

type Refusal = Exclude<Awaited<ReturnType<typeof reconstructPage>>, { html: string }>;

const REFUSALS: Readonly<Record<Refusal['reason'], string>> = {
  'not-verified': 'the verification of the bundle failed',
  'no-build-named':
    'the bundle names no build: the page was not ours, or an older build than the server’s',
  'not-installed': 'there is no listed build in that folder (npm run build makes one)',
  'other-build':
    'the build at hand is not the one the bundle names; say where that one is with --installation',
  'changed-file': 'the installation differs from the list of its own build',
};

const details = ({ reason: _, ...more }: Refusal): string[] =>
  Object.entries(more).map(([name, text]) => `${name} ${text}`);

function refuse(io: CommandIo, verification: Verification, why: string): number {
  const { indication } = verification.verdict;
  tell(io, { refused: why, indication }, [`${why} (${indication})`]);
  return exitCode(verification);
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseCommandLine(args, {
    trust: { type: 'string', multiple: true },
    crl: { type: 'string', multiple: true },
    timestamp: { type: 'string' },
    installation: { type: 'string' },
    out: { type: 'string' },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('report takes one file');
  if (values.out === undefined) throw new UsageError('--out is missing');
  if (existsSync(values.out)) throw new UsageError(`${values.out} is there already`);
  const { anchors }: { anchors: TrustAnchors } = loadAnchors(values.trust ?? []);
  return { file, out: values.out, anchors, values };
}

/** Never over another file. */
function writeNew(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
  } catch {
    throw new UsageError(`cannot write ${path}`);
  }
}
