import { parseReaderJwk, type ReaderJwk } from '@mandate/core';
import { looksLikeFiling } from '@mandate/evidence';
import { searchLedger, type LedgerSearch } from '@mandate/ledger';
import {
  exitCode,
  stampJudge,
  verifyFile,
  type Facts,
  type TrustAnchors,
  type WordLanguage,
} from '@mandate/verify';
import { UsageError, type Command, tell } from '../command.js';
import { openLedgerFiles } from '../ledger-files.js';
import { parseCommandLine } from '../parse-options.js';
import { readJwk } from '../read-jwk.js';
import { loadAnchors } from '../load-anchors.js';
import { FILE_LIMITS, readInput } from '../read-limited.js';
import { verificationText } from '../verification-text.js';

/** `mandate verify`: exit code 0 TOTAL-PASSED, 1 TOTAL-FAILED, 2 INDETERMINATE, 3 nothing to judge or wrong usage. */
export const verifyCommand: Command = {
  usage:
    'verify FILE [--with FILE]… [--trust PATH]… [--at TIME] [--require-revocation] [--min-operators N] [--min-witnesses N] [--ledger SOURCE] [--reader-key FILE] [--lang zh|en] [--all]',
  summary:
    'verify offline: a signed letter or any signed PDF, an evidence bundle (ASiC-E), a filing of reports, a receipt, a status list, a report, a ledger checkpoint or proof; --with (or --of) what it is about or to be compared with; --ledger a ledger (copied folder or URL) to be searched as a whole; --reader-key the private JWK of whom something is disclosed to',

  async run(args, io) {
    const { file, beside, trust, at, language, all, ledger, ...rules } = readArguments(args);
    const { anchors, unassigned } = loadAnchors(trust);
    const input = readInput(file, (start) =>
      looksLikeFiling(start) ? FILE_LIMITS.filing : FILE_LIMITS.document,
    );
    const options = {
      anchors,
      at: at ?? io.clock.now(),
      beside: beside.map((path) => readInput(path, FILE_LIMITS.document)),
      ...rules,
    };
    const alone = verifyFile(input, options);
    const verification = ledger
      ? verifyFile(input, { ...options, ledger: await askLedger(ledger, alone.facts, options) })
      : alone;
    tell(
      io,
      { ...verification, trust: { unassigned } },
      verificationText(verification, { file, anchors, unassigned, language, all }),
    );
    return exitCode(verification);
  },
};

/** Everything the whole ledger says about the certificate and the letter that were read of the file. */
async function askLedger(
  source: string,
  { certificate, letter, receipt, ledger }: Facts,
  { anchors, at }: { readonly anchors: TrustAnchors; readonly at: Date },
): Promise<LedgerSearch> {
  const { getStamp, ...files } = await openLedgerFiles(source);
  const stamps =
    anchors.timestamp.length > 0
      ? { getStamp, judge: stampJudge(anchors.timestamp, at) }
      : undefined;
  return searchLedger(
    { ...files, vkeys: anchors.ledger, stamps },
    { serial: certificate?.serial, letter: letter?.digest ?? receipt?.letter, size: ledger?.size },
  );
}

interface Arguments {
  readonly file: string;
  readonly beside: readonly string[];
  readonly trust: readonly string[];
  readonly at: Date | null;
  /** Folder with a copy, or URL. */
  readonly ledger: string | undefined;
  readonly language: WordLanguage;
  readonly all: boolean;
  readonly minOperators: number;
  readonly minWitnesses: number;
  readonly requireRevocation: boolean;
  readonly readerKey?: ReaderJwk;
}

/** Files to compare with; each costs a verification of its own. */
const MOST_BESIDE = 10;

function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseCommandLine(args, {
    with: { type: 'string', multiple: true },
    of: { type: 'string', multiple: true },
    trust: { type: 'string', multiple: true },
    at: { type: 'string' },
    lang: { type: 'string' },
    all: { type: 'boolean' },
    'min-operators': { type: 'string' },
    'min-witnesses': { type: 'string' },
    'require-revocation': { type: 'boolean' },
    ledger: { type: 'string' },
    'reader-key': { type: 'string' },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('verify takes one file');
  const lang = values.lang ?? 'en';
  if (lang !== 'zh' && lang !== 'en') throw new UsageError('--lang is zh or en');
  const beside = [...(values.with ?? []), ...(values.of ?? [])];
  if (beside.length > MOST_BESIDE)
    throw new UsageError(`--with takes ${MOST_BESIDE} files at most`);
  return {
    file,
    beside,
    trust: values.trust ?? [],
    at: values.at === undefined ? null : readTime(values.at),
    ledger: values.ledger,
    language: lang,
    all: values.all ?? false,
    minOperators: readCount('min-operators', values['min-operators'] ?? '1'),
    minWitnesses: readCount('min-witnesses', values['min-witnesses'] ?? '0', 0),
    requireRevocation: values['require-revocation'] ?? false,
    ...(values['reader-key'] !== undefined && {
      readerKey: readJwk(values['reader-key'], parseReaderJwk),
    }),
  };
}

function readCount(option: string, text: string, least = 1): number {
  if (!/^[0-9]$/.test(text) || Number(text) < least)
    throw new UsageError(`--${option} takes a number from ${least} to 9`);
  return Number(text);
}

/** RFC 3339 with `Z` or an offset: a time without a zone would mean another moment elsewhere. */
function readTime(text: string): Date {
  const at = new Date(text);
  if (
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/.test(text) ||
    Number.isNaN(at.getTime())
  )
    throw new UsageError('--at takes a time like 2026-11-21T09:30:00Z');
  return at;
}
