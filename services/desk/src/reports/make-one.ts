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

/**
 * Makes one report, from the opening to its files; what an earlier try had settled stays. False: the claim was lost.
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
  const { dataKey } = await authority.vault
    .openForOrder({ order: item.orderId, authorization: authorizationId })
    .catch((error: unknown) => {
      // The database refused what role vault had just found in order; asked again, role vault says why.
      if (!isDomainError(error, 'illegal-transition')) throw error;
      throw new DomainError('version-conflict', 'the grant has just changed', { cause: error });
    });
  const stored = await storedBundle(deps, authorizationId, dataKey);
  const facts = item.facts
    ? (JSON.parse(item.facts) as ReportFacts)
    : await settleFacts(deps, reportId, worker, stored);
  if (!facts) return false;
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
  await noteReport(record, authorization, { id: reportId, at: madeAt, json: drawn.json });

  const files: ReportFileRow[] = [];
  const keep = async (file: string, make: () => Promise<Uint8Array>, pages?: number) => {
    const at = { reportId, file, again: item.tries > 1 };
    files.push(fileRow(file, await keepOnce(deps, dataKey, at, make), pages));
  };
  await keep('report.json', async () => drawn.json);
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

/** From here on this report is made from these and no others. Null: the claim was lost. */
async function settleFacts(
  { jobs, authority, publicUrl }: ReportDeps,
  reportId: string,
  worker: string,
  bundle: Uint8Array,
): Promise<ReportFacts | null> {
  const body = anchorsText(await publishedAnchors(authority));
  const anchors = { digest: sha256Hex(utf8(body)), body };
  const facts: ReportFacts = {
    ...{ generations: readBundle(bundle).later.length, bundle: sha256Hex(bundle) },
    ...{ anchors: anchors.digest, publicUrl, tools: verificationTools() },
  };
  const kept = await jobs.keepFacts({
    ...{ reportId, worker, facts: canonicalize({ ...facts }), anchors },
  });
  return kept ? facts : null;
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
