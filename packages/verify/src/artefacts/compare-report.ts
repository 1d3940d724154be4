import { bytesEqual, sha256Hex } from '@mandate/core';
import { check, fail, pass } from '../finding.js';
import type { Finding } from '../verification.js';
import type { Artefact } from './artefact.js';
import { valid, worst, type Comparison, type ComparisonContext } from './comparison.js';
import { earlierContainers } from './read-beside.js';
import { conclusionOf } from './report-data.js';

/** A report beside its seal, its entry's proof or the file it is about, which is verified anew; null: none of these. */
export function compareReport(
  { report, kind }: Artefact,
  other: Artefact,
  { verifyAt }: ComparisonContext,
): Comparison | null {
  // data without a seal, beside the sealed report they were taken from
  if (other.report && kind === 'report' && other.kind === 'pdf') {
    const same = bytesEqual(report!.bytes, other.report.bytes);
    return {
      findings: [
        same ? pass('report-sealed') : fail('report-sealed', 'HASH_FAILURE'),
        valid(other),
      ],
    };
  }
  if (other.kind === 'proof') return { findings: [reportLedgered(report!, other)] };
  if (other.kind !== 'bundle' && other.kind !== 'pdf') return null;
  const judged = fileOf(report!, other);
  if (!judged) return { findings: [fail('report-input', 'HASH_FAILURE')] };
  const anew = verifyAt(judged, new Date(report!.judgedAt));
  const same = JSON.stringify(conclusionOf(anew)) === JSON.stringify(report!.conclusion);
  // With fewer anchors than the report was made with, nothing contradicts it and nothing confirms it.
  const { indication, subIndication } = anew.verdict;
  const open = indication === 'INDETERMINATE' ? subIndication : undefined;
  return {
    findings: [
      pass('report-input'),
      check('report-recomputed', same, open ?? 'HASH_FAILURE', {
        said: report!.indication,
        found: indication,
      }),
    ],
  };
}

/** The very file the report is about: the one given, or what a bundle was before it grew. */
function fileOf(
  { input }: NonNullable<Artefact['report']>,
  { kind, bytes }: Artefact,
): Uint8Array | undefined {
  const isIt = (file: Uint8Array): boolean => sha256Hex(file) === input.digest;
  if (isIt(bytes)) return bytes;
  if (kind !== 'bundle') return undefined;
  for (const earlier of earlierContainers(bytes)) if (isIt(earlier)) return earlier;
  return undefined;
}

/** The operator entered that it made this very report. */
function reportLedgered({ bytes }: NonNullable<Artefact['report']>, other: Artefact): Finding {
  const open = worst(other.findings);
  const entry = other.proof?.entry;
  const recorded = entry?.kind === 'report' && entry.report === sha256Hex(bytes);
  if (entry && !recorded) return fail('report-ledgered', 'HASH_FAILURE');
  return open
    ? fail('report-ledgered', open.subIndication!, { check: open.id })
    : pass('report-ledgered');
}
