import { fail } from '../finding.js';
import type { Artefact } from './artefact.js';
import { compareProof } from './compare-proof.js';
import { compareReceipt } from './compare-receipt.js';
import { compareReport } from './compare-report.js';
import { compareToken } from './compare-token.js';
import type { Comparison, ComparisonContext } from './comparison.js';

/** What one artefact says about another given with it; nothing when the two have nothing to do with each other. */
export function compareBeside(
  subject: Artefact,
  other: Artefact,
  context: ComparisonContext,
): Comparison {
  if (subject.receipt) return compareReceipt(subject, other, context) ?? unrelated(other);
  if (subject.kind === 'proof') return compareProof(subject, other) ?? unrelated(other);
  if (subject.report) return compareReport(subject, other, context) ?? unrelated(other);
  if (subject.kind === 'checkpoint' && other.kind === 'token')
    return compareToken(subject.bytes, other, context);
  return unrelated(other);
}

const unrelated = ({ kind }: Artefact): Comparison => ({
  findings: [fail('beside-recognised', 'SIGNED_DATA_NOT_FOUND', { kind })],
});
