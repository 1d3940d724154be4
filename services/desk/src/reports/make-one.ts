import { canonicalize, DomainError, isDomainError, sha256Hex, utf8 } from '@mandate/core';
import {
  noteReport,
  publishedAnchors,
  storedBundle,
  type ClaimedReport,
  type ReportFileRow,
  type ReportJobRow,
} from '@mandate/ceremony';
import { readBundle, upToGeneration } from '@mandate/evidence';
import { issueSealed } from '@mandate/report';
import { verificationTools } from '@mandate/runtime';
import { anchorsText } from './anchors-text.js';
import type { DrawOrder } from './draw-in-child.js';
import { BUNDLE_FILE, fileRow, keepOnce } from './kept-files.js';
import type { ReportDeps, ReportFacts } from './report-deps.js';

/** Seconds that a report's moment may lie before its opening, for tries that failed, and after it, for clocks. */
const FRESH = { past: 6 * 3600, ahead: 300 };
/** Tries after which none is begun anew. */
const TRIES = 6;

/**
 * Makes one report, from the opening to its files; what an earlier try had settled stays, unless it
 * would not be taken now. False: the claim was lost or given up.
 * Throws what refuses it (`grant-refused`, `erased`, `illegal-transition`, …) and what may pass.
 */
export async function makeOne(
  deps: ReportDeps,
  job: Pick<ReportJobRow, 'languages' | 'depth'>,
  item: ClaimedReport,
  worker: string,
): Promise<boolean> {
  const { record, jobs, authority } = deps;
  const { authorizationId, reportId, madeAt } = item;
  const authorization = await record.authorization(authorizationId);
  // Asked before the data are opened: a refusal is no opening.
  if (authorization.state !== 'released')
    throw new DomainError('illegal-transition', `the authorization is ${authorization.state}`);
  const opened = await authority.vault
    .openForOrder({ order: item.orderId, authorization: authorizationId })
    .catch((error: unknown) => {
      // The database refused what role vault had just found in order; asked again, role vault says why.
      if (!isDomainError(error, 'illegal-transition')) throw error;
      throw new DomainError('version-conflict', 'the grant has just changed', { cause: error });
    });
  const { dataKey } = opened;
  const stored = await storedBundle(deps, authorizationId, dataKey);
  const today = await todaysFacts(deps, stored);
  const kept = item.facts ? (JSON.parse(item.facts) as ReportFacts) : null;
  const late = await isLate(deps, item, new Date(opened.at), kept);
  if (late) return anew(deps, item, worker, late);
  if (kept && changed(kept, today.facts))
    return anew(deps, item, worker, changed(kept, today.facts)!);
  if (!kept) {
    const facts = canonicalize({ ...today.facts });
    if (!(await jobs.keepFacts({ reportId, worker, facts, anchors: today.anchors }))) return false;
  }
  const facts = kept ?? today.facts;
  const full = job.depth === 'full';
  const bundle = bundleOf(stored, facts);
  const drawn = await deps.drawer.draw(
    {
      ...(await heldAgainst(jobs, facts)),
      ...{ at: madeAt.toISOString(), reportId, languages: job.languages, depth: job.depth },
      xml: full,
    },
    bundle,
  );
  try {
    await noteReport(record, authorization, { id: reportId, at: madeAt, json: drawn.json });
  } catch (error) {
    if (!isDomainError(error, 'version-conflict')) throw error;
    return anew(deps, item, worker, 'entered-otherwise');
  }

  const files: ReportFileRow[] = [];
  const keep = async (file: string, make: () => Promise<Uint8Array>, pages?: number) => {
    const at = { reportId, file, again: item.tries > 1 };
    const bytes = await keepOnce(deps, dataKey, at, make);
    files.push(fileRow(file, bytes, pages));
    return sha256Hex(bytes);
  };
  if ((await keep('report.json', async () => drawn.json)) !== sha256Hex(drawn.json))
    return anew(deps, item, worker, 'kept-otherwise');
  if (drawn.xml) await keep('report.xml', async () => drawn.xml!);
  for (const [i, language] of job.languages.entries()) {
    const seal = () => issueSealed(drawn.pdfs[i]!, madeAt, authority);
    await keep(`report.${language}.pdf`, seal, drawn.pages[i]);
  }
  if (full) files.push(fileRow(BUNDLE_FILE, bundle));
  const { indication, subIndication = null } = drawn.verdict;
  return jobs.finishItem({
    ...{ reportId, worker, files, indication, subIndication, at: deps.clock.now() },
  });
}

/** What a report that is begun now is made from. */
async function todaysFacts(
  { authority, publicUrl }: ReportDeps,
  bundle: Uint8Array,
): Promise<{ facts: ReportFacts; anchors: { digest: string; body: string } }> {
  const body = anchorsText(await publishedAnchors(authority));
  const anchors = { digest: sha256Hex(utf8(body)), body };
  const facts: ReportFacts = {
    ...{ generations: readBundle(bundle).later.length, bundle: sha256Hex(bundle) },
    ...{ anchors: anchors.digest, publicUrl, tools: verificationTools() },
  };
  return { facts, anchors };
}

/** What an earlier try kept, or somebody wrote into the row, and would not be taken now. */
const changed = (kept: ReportFacts, today: ReportFacts): string | null =>
  (['publicUrl', 'anchors', 'tools'] as const).find(
    (name) => canonicalize({ it: kept[name] }) !== canonicalize({ it: today[name] }),
  ) ?? null;

/** Whether its moment is not now, by role vault's clock, or later generations had been made by then than it is to show. */
async function isLate(
  { record }: Pick<ReportDeps, 'record'>,
  { madeAt, authorizationId }: ClaimedReport,
  openedAt: Date,
  kept: ReportFacts | null,
): Promise<string | null> {
  const seconds = (openedAt.getTime() - madeAt.getTime()) / 1000;
  if (seconds > FRESH.past || seconds < -FRESH.ahead) return 'moment';
  if (!kept) return null;
  const made = await record.generations(authorizationId);
  return made.some((it) => it.generation > kept.generations && it.madeAt < madeAt)
    ? 'generations'
    : null;
}

/** Number, moment and facts are given up; the next claim draws others. Throws `object-corrupt` when that never ends. */
async function anew(
  { jobs, log }: ReportDeps,
  { jobId, reportId, tries }: ClaimedReport,
  worker: string,
  why: string,
): Promise<false> {
  if (tries >= TRIES) throw new DomainError('object-corrupt', `not settled after ${tries}: ${why}`);
  log.warn({ job: jobId, report: reportId, why }, 'a report is begun anew under another number');
  await jobs.redrawItem({ reportId, worker });
  return false;
}

/** The bundle as it was. Throws `object-corrupt` when it cannot be had any more. */
export function bundleOf(stored: Uint8Array, facts: ReportFacts): Uint8Array {
  const bundle = upToGeneration(stored, facts.generations);
  if (sha256Hex(bundle) !== facts.bundle)
    throw new DomainError('object-corrupt', 'the bundle is not what the report was made from');
  return bundle;
}

/** Anchors, programs and origin as they were. */
export async function heldAgainst(
  jobs: ReportDeps['jobs'],
  { anchors, publicUrl, tools }: ReportFacts,
): Promise<Pick<DrawOrder, 'anchors' | 'publicUrl' | 'tools'>> {
  const text = await jobs.anchors(anchors);
  if (text === null) throw new DomainError('object-missing', 'the anchors of this report are gone');
  return { anchors: text, publicUrl, tools };
}
