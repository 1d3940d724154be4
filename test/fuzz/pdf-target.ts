import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { ERROR_CODES } from '@mandate/core';
import { extractText, readPdf } from '@mandate/pdf';
import { verifyFile, type Facts, type Verification } from '@mandate/verify';
import { mutatePdf, openPdf } from './mutate-pdf.js';
import { pick } from './random.js';
import type { Specimens } from './specimens.js';
import { textOf, type Judged, type Target } from './target.js';

/** Signed letter, archived letter, and a PDF that claims nothing of ours. */
const FILES = ['letter.pdf', 'archived.pdf', 'foreign.pdf'];

/** For a signature without proven time. */
const LATER_THAN_ALL = '9999';

const LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'];

const hasPdftotext = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'pdftotext')));

/** What another reader shows of a file that passed; its complaints are not ours. */
const shownElsewhere = (bytes: Uint8Array): string =>
  execFileSync('pdftotext', ['-q', '-', '-'], {
    input: bytes,
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString('utf8');

export function pdfTarget({ bytes: read, anchors, at }: Specimens): Target {
  const specimens = new Map(FILES.map((name) => [name, read(name)]));
  const opened = [...specimens].map(([name, bytes]) => ({ name, pdf: openPdf(bytes) }));
  const other = openPdf(read('other-letter.pdf'));
  return {
    specimens,
    make: (random) => {
      const { name, pdf } = pick(random, opened);
      return { specimen: name, bytes: mutatePdf(pdf, random, other) };
    },
    judge: (bytes) => judged(verifyFile(bytes, { anchors, at }), bytes),
    isLess,
  };
}

function judged(result: Verification, bytes: Uint8Array): Judged {
  const unforeseen = result.findings.find(({ id }) => id === 'processed')?.params?.['reason'];
  const untyped =
    unforeseen !== undefined && !(ERROR_CODES as readonly string[]).includes(unforeseen);
  const accepted = result.verdict.indication === 'TOTAL-PASSED';
  return {
    accepted,
    claims: accepted ? claimsOf(result, bytes) : {},
    ...(untyped ? { untyped: unforeseen } : {}),
  };
}

function claimsOf({ facts, signatures }: Verification, bytes: Uint8Array): Judged['claims'] {
  const { letter, ...more } = facts;
  // The file as a whole differs, of course.
  const {
    signedDigest: _,
    signedSize: __,
    ...shown
  } = letter ?? ({} as NonNullable<Facts['letter']>);
  const file = readPdf(bytes, {
    tolerant: true,
    inflate: (data, max) => new Uint8Array(inflateSync(data, { maxOutputLength: max })),
  });
  const own = signatures?.filter(({ kind }) => kind === 'signature');
  return {
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, textOf(value)])),
    letter: textOf(shown),
    signatures: textOf(own?.map(({ field, signer }) => ({ field, signer }))),
    times: textOf(own?.map(({ time }) => time ?? LATER_THAN_ALL)),
    levels: textOf(own?.map(({ level }) => level)),
    text: textOf(extractText(file)),
    ...(hasPdftotext ? { textElsewhere: shownElsewhere(bytes) } : {}),
  };
}

/** A letter without its later timestamps and validation data is the letter as it was before them. */
function isLess(name: string, claimed: string, original: string): boolean {
  if (name === 'level')
    return LEVELS.indexOf(JSON.parse(claimed)) <= LEVELS.indexOf(JSON.parse(original));
  if (name === 'levels') return isLess('level', firstOf(claimed), firstOf(original));
  // proven to have existed, but only later, or not at all
  if (name === 'times') return firstOf(claimed) >= firstOf(original);
  if (name === 'revocation') return claimed === '';
  if (name !== 'documentTimestamps') return false;
  const stamps = JSON.parse(claimed || '[]') as { proves: boolean }[];
  const due = JSON.parse(original || '[]') as { proves: boolean }[];
  return (
    stamps.length <= due.length &&
    stamps.every(
      (stamp, i) => textOf({ ...stamp, proves: true }) === textOf({ ...due[i], proves: true }),
    )
  );
}

const firstOf = (list: string): string => JSON.stringify((JSON.parse(list) as string[])[0]);
