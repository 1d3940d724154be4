import { pathToFileURL } from 'node:url';
import {
  pageCount,
  renderFilingIndex,
  renderReport,
  reportJson,
  reportXml,
  verifyAndReport,
} from '@mandate/report';
import { anchorsOf } from './anchors-text.js';
import type { DrawAnswer, DrawOrder, FilingAnswer, FilingOrder } from './draw-in-child.js';
import { readFrames, writeFrame, type Frame } from './frames.js';

/** One bundle with what is to be made of it; the files are JSON, XML where it is asked for, and unsealed PDFs. */
export async function drawReport(order: DrawOrder, bundle: Uint8Array): Promise<Frame<DrawAnswer>> {
  const { anchors, at, reportId, publicUrl, tools, languages, depth, xml } = order;
  const report = verifyAndReport({
    ...{ bundle, reportId, publicUrl, tools },
    anchors: anchorsOf(anchors),
    at: new Date(at),
    applicant: 'desk',
  });
  const pdfs: Uint8Array[] = [];
  for (const language of languages) pdfs.push(await renderReport(report, language, depth));
  return {
    head: { verdict: report.verdict, pages: pdfs.map(pageCount) },
    files: [reportJson(report), ...(xml ? [reportXml(report)] : []), ...pdfs],
  };
}

/** The list of evidence of a whole job, which takes seconds where it is long. */
async function drawFiling({ filing, language }: FilingOrder): Promise<Frame<FilingAnswer>> {
  const index = { ...filing, madeAt: new Date(filing.madeAt) };
  return {
    head: { filing: filing.id, language },
    files: [await renderFilingIndex(index, language)],
  };
}

/** The child's whole life: orders on stdin, answers on stdout, one after another. */
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  for await (const { head, files } of readFrames<DrawOrder | FilingOrder>(
    process.stdin,
    96 * 1024 * 1024,
  ))
    writeFrame<DrawAnswer | FilingAnswer>(
      process.stdout,
      'filing' in head ? await drawFiling(head) : await drawReport(head, files[0]!),
    );
