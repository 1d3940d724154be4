import {
  canonicalize,
  DomainError,
  isDomainError,
  sha256Hex,
  utf8,
  type ReportSaid,
} from '@mandate/core';
import {
  checkStore,
  noteReport,
  publishedAnchors,
  storedBundle,
  type AuthorizationRow,
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

/** Seconds after which a report's moment is drawn anew: before it is made from something, and then, for tries that failed. */
const FRESH = { begun: 10 * 60, settled: 6 * 3600 };
/** Tries after which none is begun anew. */
const TRIES = 6;

/** What a report needs beside its data, as it is now. */
export interface Reached {
  readonly authorization: AuthorizationRow;
  /** What an earlier try settled. */
  readonly kept: ReportFacts | null;
  readonly outside: Pick<ReportFacts, 'anchors' | 'publicUrl' | 'tools'>;
  /** `anchorsText`. */
  readonly anchors: string;
}

/**
 * Everything that can fail or refuse before data are opened: each opening is an entry of the register. After a try that
 * failed, time-stamping is asked too. Null: what an earlier try had begun would not be taken now and was given up.
 * Throws `illegal-transition` for what is not released, and what may pass (`timestamp-unavailable`, …).
 */
export async function reachParts(
  deps: ReportDeps,
  item: ClaimedReport,
  worker: string,
): Promise<Reached | null> {
  const { record, authority, publicUrl } = deps;
  const authorization = await record.authorization(item.authorizationId);
  if (authorization.state !== 'released')
    throw new DomainError('illegal-transition', `the authorization is ${authorization.state}`);
  const anchors = anchorsText(await publishedAnchors(authority));
  const outside = { anchors: sha256Hex(utf8(anchors)), publicUrl, tools: verificationTools() };
  const kept = item.facts ? (JSON.parse(item.facts) as ReportFacts) : null;
  if (isLate(deps, item, kept)) {
    // The time it lay there is no try.
    await deps.jobs.redrawItem({ reportId: item.reportId, worker, unopened: true });
    return null;
  }
  await checkStore(deps);
  const stale = kept && (changed(kept, outside) ?? (await isShort(deps, item, kept)));
  if (stale) {
    await anew(deps, item, worker, stale);
    return null;
  }
  if (item.tries > 1)
    await authority.seal.stampReport({ digest: Buffer.from(outside.anchors, 'hex') });
  return { authorization, kept, outside, anchors };
}

/** One opening, and the bundle it was for. */
interface Opened {
  /** Entry of the access register. */
  readonly access: string;
  readonly dataKey: Uint8Array;
  readonly stored: Uint8Array;
}

/**
 * Makes one report, from the opening to its files; what an earlier try had settled stays. Role vault is told what it is
 * made from and what came out. False: the claim was lost or given up.
 * Throws what refuses it (`grant-refused`, `erased`, …) and what may pass.
 */
export async function makeOne(
  deps: ReportDeps,
  job: Pick<ReportJobRow, 'languages' | 'depth'>,
  item: ClaimedReport,
  worker: string,
  reached: Reached,
): Promise<boolean> {
  const { authorizationId } = item;
  const opened = await deps.authority.vault
    .openForOrder({ order: item.orderId, authorization: authorizationId })
    .catch((error: unknown) => {
      // The database refused what role vault had just found in order; asked again, role vault says why.
      if (!isDomainError(error, 'illegal-transition')) throw error;
      throw new DomainError('version-conflict', 'the grant has just changed', { cause: error });
    });
  const stored = await storedBundle(deps, authorizationId, opened.dataKey);
  try {
    return await makeOpened(deps, job, item, worker, reached, { ...opened, stored });
  } catch (error) {
    // What the record refuses of a report from here on is no word on its letter, and none stands on sealed paper.
    if (!isDomainError(error, 'illegal-transition', 'not-found')) throw error;
    throw new Error(`the record refused a step of this report: ${error.message}`, { cause: error });
  }
}

async function makeOpened(
  deps: ReportDeps,
  job: Pick<ReportJobRow, 'languages' | 'depth'>,
  item: ClaimedReport,
  worker: string,
  { authorization, kept, outside, anchors }: Reached,
  { access, dataKey, stored }: Opened,
): Promise<boolean> {
  const { record, jobs, authority } = deps;
  const { reportId, madeAt } = item;
  const facts = kept ?? factsNow(await bundleBy(deps, item, stored), outside);
  if (!kept) {
    const body = { digest: outside.anchors, body: anchors };
    const text = canonicalize({ ...facts });
    if (!(await jobs.keepFacts({ reportId, worker, facts: text, anchors: body }))) return false;
  }
  const settle = async (said: ReportSaid): Promise<string | null> => {
    try {
      const under = { order: item.orderId, access, report: reportId };
      await authority.vault.settleReport({ ...under, said });
      return null;
    } catch (error) {
      if (!isDomainError(error, 'version-conflict', 'guard-refused')) throw error;
      return `${said.act}-${error.code}`;
    }
  };
  const differs = await settle({
    ...{ act: 'facts', madeAt: madeAt.toISOString(), facts: canonicalize({ ...facts }) },
  });
  if (differs) return anew(deps, item, worker, differs);
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
    const { bytes, stored: box } = await keepOnce(deps, dataKey, at, make).catch(leftOver);
    files.push(fileRow(file, bytes, { stored: box, pages }));
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
  // What was kept must not lie beneath a disk that was taken away meanwhile.
  await checkStore(deps);
  const { indication, subIndication = null } = drawn.verdict;
  const digests = Object.fromEntries(files.map(({ name, digest }) => [name, digest]));
  const otherwise = await settle({ act: 'result', indication, subIndication, files: digests });
  if (otherwise) return anew(deps, item, worker, otherwise);
  return jobs.finishItem({
    ...{ reportId, worker, files, indication, subIndication, at: deps.clock.now() },
  });
}

/** A file that an earlier try left is no evidence. */
function leftOver(error: unknown): never {
  if (!isDomainError(error, 'object-corrupt')) throw error;
  throw new DomainError('version-conflict', 'what an earlier try left cannot be read', {
    cause: error,
  });
}

/** The bundle as it was at the report's moment: while an opening is entered it may grow, and that is later. */
async function bundleBy(
  { record }: Pick<ReportDeps, 'record'>,
  { madeAt, authorizationId }: ClaimedReport,
  stored: Uint8Array,
): Promise<Uint8Array> {
  const made = await record.generations(authorizationId);
  return upToGeneration(stored, made.filter((it) => it.madeAt < madeAt).length);
}

/** What a report that is begun now is made from. */
const factsNow = (bundle: Uint8Array, outside: Reached['outside']): ReportFacts => ({
  ...{ ...outside, generations: readBundle(bundle).later.length, bundle: sha256Hex(bundle) },
});

/** What an earlier try kept, or somebody wrote into the row, and would not be taken now. */
const changed = (kept: ReportFacts, today: Reached['outside']): string | null =>
  (['publicUrl', 'anchors', 'tools'] as const).find(
    (name) => canonicalize({ it: kept[name] }) !== canonicalize({ it: today[name] }),
  ) ?? null;

/** Whether its moment is not now any more. */
const isLate = (
  { clock }: Pick<ReportDeps, 'clock'>,
  { madeAt }: ClaimedReport,
  kept: ReportFacts | null,
): boolean =>
  clock.now().getTime() - madeAt.getTime() > 1000 * (kept ? FRESH.settled : FRESH.begun);

/** Whether later generations had been made by its moment than it is to show. */
async function isShort(
  { record }: Pick<ReportDeps, 'record'>,
  { madeAt, authorizationId }: ClaimedReport,
  kept: ReportFacts,
): Promise<string | null> {
  const made = await record.generations(authorizationId);
  return made.some((it) => it.generation > kept.generations && it.madeAt < madeAt)
    ? 'generations'
    : null;
}

/**
 * Number, moment and facts are given up; the next claim draws others. Throws `version-conflict` when that never ends:
 * nothing about the evidence follows from it.
 */
async function anew(
  { jobs, log }: ReportDeps,
  { jobId, reportId, tries }: ClaimedReport,
  worker: string,
  why: string,
): Promise<false> {
  if (tries >= TRIES)
    throw new DomainError('version-conflict', `not settled after ${tries}: ${why}`);
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
