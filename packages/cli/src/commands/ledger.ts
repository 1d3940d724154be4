import { existsSync } from 'node:fs';
import { fromHex, toHex } from '@mandate/core';
import {
  checkLedgerFiles,
  type Checkpoint,
  type LedgerCheck,
  type LedgerProblem,
} from '@mandate/ledger';
import { stampJudge } from '@mandate/verify';
import { UsageError, type Command, type CommandIo, tell } from '../command.js';
import { copyLedgerFiles, openLedgerFiles, replaceFile } from '../ledger-files.js';
import { loadAnchors } from '../load-anchors.js';
import { parseCommandLine } from '../parse-options.js';
import { readTextInput } from '../read-limited.js';

/**
 * `mandate ledger fsck`: exit code 0 nothing wrong, 1 something is. With `--state` it is a monitor: it remembers
 * the head it saw, and tells when the next one does not extend it. `mandate ledger copy`: 1 when nothing was copied,
 * or not all stamps, because a head is not signed by the ledger's key.
 */
export const ledgerCommand: Command = {
  usage:
    'ledger fsck SOURCE [--trust PATH]… [--state FILE] [--quorum N] | ledger copy SOURCE FOLDER --trust PATH… | ledger key-event --event ceremony|ended --purpose PURPOSE --key FILE --minutes FILE',
  summary:
    'recompute a whole ledger from its files (a URL or a copied folder), or copy them; enter that a key was made or ended',

  async run([action, ...args], io) {
    if (action === 'copy') return copy(args, io);
    if (action === 'fsck') return fsck(args, io);
    // the only form that needs a database
    if (action === 'key-event') return (await import('./key-event.js')).keyEvent(args, io);
    throw new UsageError('ledger takes fsck, copy or key-event');
  },
};

async function copy(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseCommandLine(args, {
    trust: { type: 'string', multiple: true },
  });
  const [source, folder, ...others] = positionals;
  if (!source || !folder || others.length > 0)
    throw new UsageError('ledger copy takes a source and a folder');
  const vkeys = ledgerKeys(values.trust ?? []).ledger;
  const { copied, problem } = await copyLedgerFiles(await openLedgerFiles(source), folder, vkeys);
  tell(io, { files: copied, folder, problem }, [
    `${copied} files copied`,
    ...(problem ? [problemLine(problem)] : []),
  ]);
  return problem ? 1 : 0;
}

/** Anchors with at least one ledger's key. */
function ledgerKeys(trust: readonly string[]) {
  const { anchors } = loadAnchors(trust);
  if (anchors.ledger.length === 0) throw new UsageError('--trust names no ledger’s verifier key');
  return anchors;
}

const problemLine = ({ code, at }: LedgerProblem): string => `PROBLEM    ${code}: ${at}`;

async function fsck(args: readonly string[], io: CommandIo): Promise<number> {
  const { source, trust, state, quorum } = readArguments(args);
  const { ledger: vkeys, timestamp } = ledgerKeys(trust);
  const previous = readState(state);
  const files = await openLedgerFiles(source);
  const { getStamp } = files;
  const judge = stampJudge(timestamp, io.clock.now());
  const checked = await checkLedgerFiles({
    ...{ ...files, vkeys, previous, quorum },
    // without roots nobody could say what a stamp is worth
    stamps: timestamp.length > 0 ? { getStamp, judge } : undefined,
  });
  if (previous && checked.head && previous.origin !== checked.head.origin)
    throw new UsageError(`${state} is of another ledger: ${previous.origin}`);
  print(checked, timestamp.length > 0, io);
  if (checked.problems.length > 0) return 1;
  const { origin, size, root } = checked.head!;
  if (state) await replaceFile(state, `${JSON.stringify({ origin, size, root: toHex(root) })}\n`);
  return 0;
}

function print(checked: LedgerCheck, judged: boolean, io: CommandIo): void {
  const { head, cosigners, counts, stamps, problems } = checked;
  const newest = stamps?.at(-1);
  const root = head && toHex(head.root);
  const stamped = stamps && {
    count: stamps.length,
    ...(newest && { size: newest.size, at: newest.at, authority: newest.authority }),
  };
  tell(io, { ...head, root, cosigners, stamped, counts, problems }, [
    ...(head
      ? [`ledger     ${head.origin}`, `entries    ${head.size}`, `root       ${toHex(head.root)}`]
      : []),
    ...cosigners.map(({ name, at }) => `cosigned   ${name}, ${at.toISOString()}`),
    ...(head && !judged
      ? ['stamped    not checked: --trust names no timestamp authority’s root']
      : []),
    ...(stamps && !newest ? ['stamped    never'] : []),
    ...(newest
      ? [
          `stamped    ${stamps!.length} times; ${newest.size} entries existed ${newest.at.toISOString()} (${newest.authority})`,
        ]
      : []),
    ...Object.entries(counts)
      .sort()
      .map(([kind, count]) => `  ${kind.padEnd(12)} ${count}`),
    ...problems.map(problemLine),
    problems.length === 0 ? 'nothing wrong' : `${problems.length} problems`,
  ]);
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseCommandLine(args, {
    trust: { type: 'string', multiple: true },
    state: { type: 'string' },
    quorum: { type: 'string' },
  });
  const [source, ...others] = positionals;
  if (!source || others.length > 0) throw new UsageError('ledger fsck takes one source');
  const { trust = [], state } = values;
  const quorum = Number(values.quorum ?? 0);
  if (!Number.isInteger(quorum) || quorum < 0) throw new UsageError('--quorum is a number');
  return { source, trust, state, quorum };
}

function readState(path: string | undefined): Checkpoint | null {
  if (path === undefined || !existsSync(path)) return null;
  const text = readTextInput(path);
  try {
    const { origin, size, root } = JSON.parse(text) as Record<string, never>;
    return { origin: String(origin), size: Number(size), root: fromHex(String(root)) };
  } catch {
    throw new UsageError(`${path} is not the state of an earlier run`);
  }
}
