import type { PdfFile } from '../read-pdf.js';
import type { PdfSignature } from '../read-signatures.js';
import { isKind, refKey } from '../values.js';
import type { Change, Difference } from './change.js';
import { Comparison } from './comparison.js';
import { compareDocument } from './document-rules.js';
import { isAllowed, permissionsAt } from './permissions.js';

const known = new WeakMap<PdfFile, Map<number, readonly Difference[]>>();

/**
 * What the revisions after a signature changed, each difference named and judged against an allow-list:
 * validation data, document timestamps and metadata always; form filling, signing and notes as DocMDP
 * and FieldMDP of the signatures so far permit; anything else never. Revisions are compared by structure,
 * each with the one before it. Throws `format-pdf`, `budget-exceeded`, `unsupported-algorithm`.
 */
export function changesAfter(file: PdfFile, signature: PdfSignature): Change[] {
  const signed = signedRevision(file, signature);
  if (signed === undefined || signature.revision > signed)
    return [
      {
        revision: signature.revision,
        object: refKey(signature.ref ?? signature.fieldRef),
        path: '/ByteRange',
        class: 'coverage',
        allowed: false,
      },
    ];
  const permissions = permissionsAt(file, signed);
  const changes: Change[] = [];
  for (let revision = signed + 1; revision <= file.last; revision++)
    for (const difference of differencesOf(file, revision)) {
      const { permission: _, ...rest } = difference;
      changes.push({ ...rest, allowed: isAllowed(difference, permissions) });
    }
  return changes;
}

/** The revision whose end the signature covers, with or without the last end-of-line marker. */
export function signedRevision(file: PdfFile, signature: PdfSignature): number | undefined {
  if (!signature.byteRangeExact) return undefined;
  const { coveredEnd } = signature;
  const at = file.revisions.findIndex(({ end }) => end >= coveredEnd);
  const revision = file.revisions[at];
  if (!revision) return undefined;
  for (let i = coveredEnd; i < revision.end; i++)
    if (file.bytes[i] !== 0x0a && file.bytes[i] !== 0x0d) return undefined;
  return at;
}

/** Differences between a revision and the one before it; worked out once per file. */
function differencesOf(file: PdfFile, revision: number): readonly Difference[] {
  const byRevision = known.get(file) ?? new Map<number, readonly Difference[]>();
  known.set(file, byRevision);
  let differences = byRevision.get(revision);
  if (!differences) {
    differences = compareRevision(file, revision);
    byRevision.set(revision, differences);
  }
  return differences;
}

function compareRevision(file: PdfFile, revision: number): Difference[] {
  const comparison = new Comparison(file, revision);
  for (const [number, entry] of file.revisions[revision]!.objects)
    if (file.isBroken(entry))
      comparison.report(
        { object: `${number} 0`, path: `/${number}`, class: 'broken-object' },
        'never',
      );
  if (comparison.differences.length === 0) compareDocument(comparison);
  return comparison.differences;
}

/** The field's value in the signed revision is this very signature. */
export function standsInItsRevision(file: PdfFile, signature: PdfSignature): boolean {
  const signed = signedRevision(file, signature);
  if (signed === undefined) return false;
  const field = file.get(signature.fieldRef, signed);
  const value = isKind(field, 'dict') ? field.entries.get('V') : undefined;
  if (value === undefined) return signature.revision <= signed;
  return signature.ref ? isKind(value, 'ref') && refKey(value) === refKey(signature.ref) : true;
}
