import { canonicalize, sha256Hex } from '@mandate/core';
import { publishedAnchors, storedBundle, type ReportItemRow } from '@mandate/ceremony';
import { compareReports, type Report, type ReportChange } from '@mandate/report';
import { REPORT_PROGRAM, verificationTools } from '@mandate/runtime';
import { anchorsText } from './anchors-text.js';
import { keptFile } from './kept-files.js';
import { bundleOf, heldAgainst } from './make-one.js';
import type { ReportDeps, ReportFacts } from './report-deps.js';

export interface RunAgain {
  readonly facts: 'stored' | 'today';
  /** `changed`: the report names other programs than run here, so other bytes say nothing about it. */
  readonly programs: 'same' | 'changed';
  /** Nothing is said differently; on stored facts: the JSON is the same byte for byte. */
  readonly same: boolean;
  readonly before: Report['verdict'];
  readonly after: Report['verdict'];
  /** SHA-256 of the JSON of both. */
  readonly digests: { readonly before: string; readonly after: string };
  readonly changes: readonly ReportChange[];
}

/**
 * A report made once more, under the same number and data key: on what it was made from, which gives the same bytes, or
 * on what is there today, which tells what has changed since. It leaves nothing behind. Throws `object-corrupt`,
 * `object-missing`, `budget-exceeded`.
 */
export async function runAgain(
  deps: ReportDeps,
  item: ReportItemRow,
  dataKey: Uint8Array,
  facts: RunAgain['facts'],
): Promise<RunAgain> {
  const { jobs, clock } = deps;
  const reportId = item.reportId!;
  const kept = JSON.parse(item.facts!) as ReportFacts;
  const stored = await storedBundle(deps, item.authorizationId, dataKey);
  // Also for today's facts: what is stored must still hold what the report was made from.
  const then = bundleOf(stored, kept);
  const tools = verificationTools();
  const from =
    facts === 'stored'
      ? {
          bundle: then,
          order: { ...(await heldAgainst(jobs, kept)), at: item.madeAt!.toISOString() },
        }
      : {
          bundle: stored,
          order: {
            anchors: anchorsText(await publishedAnchors(deps.authority)),
            ...{ publicUrl: deps.publicUrl, tools },
            at: clock.now().toISOString(),
          },
        };
  const drawn = await deps.drawer.draw(
    { ...from.order, reportId, languages: [], depth: 'short', xml: false },
    from.bundle,
  );
  const files = (await jobs.files([reportId])).get(reportId) ?? [];
  const file = files.find(({ name }) => name === 'report.json')!;
  const json = await keptFile(deps, dataKey, reportId, file);
  const [before, after] = [json, drawn.json].map(reportOf) as [Report, Report];
  const changes = compareReports(before, after);
  const digests = { before: sha256Hex(json), after: sha256Hex(drawn.json) };
  const same = facts === 'stored' ? digests.before === digests.after : changes.length === 0;
  const programs = comparedPrograms(kept.tools, tools);
  return { facts, programs, same, before: before.verdict, after: after.verdict, digests, changes };
}

/** The same only where both name the program that made the report: before it was named, nobody can tell. */
export const comparedPrograms = (
  then: ReportFacts['tools'],
  now: ReportFacts['tools'],
): RunAgain['programs'] =>
  then[REPORT_PROGRAM] && canonicalize(then) === canonicalize(now) ? 'same' : 'changed';

const reportOf = (json: Uint8Array): Report =>
  JSON.parse(Buffer.from(json).toString('utf8')) as Report;
