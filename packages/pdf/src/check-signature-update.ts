import { bytesEqual, concat } from '@mandate/core/encoding';
import { isDomainError } from '@mandate/core/errors';
import { derLength } from './der-length.js';
import { emptySignatureFields } from './form-fields.js';
import { readPdf } from './read-pdf.js';
import { serialize } from './serialize.js';
import { readLetter, writeUpdate } from './signature-update.js';
import { hexToBytes } from './syntax.js';
import { layoutOfUpdate, type UpdateLayout } from './update-layout.js';
import { isKind, type PdfObject } from './values.js';

/**
 * - `letter-unfit` the letter itself cannot be signed by the template
 * - `update-unreadable` no cross-reference chain, or the signature dictionary is not the template's
 * - `update-revisions` not exactly one revision was added
 * - `object-added`, `object-changed` an object the template does not touch, or not like this
 * - `update-bytes` the objects agree but some byte does not
 * - `contents-malformed` `/Contents` is neither zeros nor one DER value filled with zeros
 */
export type UpdateFindingId =
  | 'letter-unfit'
  | 'update-unreadable'
  | 'update-revisions'
  | 'object-added'
  | 'object-changed'
  | 'update-bytes'
  | 'contents-malformed';

export interface UpdateFinding {
  readonly id: UpdateFindingId;
  /** Object number and generation, e.g. `12 0`. */
  readonly object?: string;
  /** First differing offset in the update. */
  readonly offset?: number;
  readonly detail?: string;
}

/** What the caller knows about the update beforehand; anything left out may be either. */
export interface ExpectedUpdate {
  readonly field?: string;
  readonly certify?: boolean;
  /** `/Contents` must still be all zeros. */
  readonly unsigned?: boolean;
}

/** A letter with more empty signature fields than this is none of ours. */
const MAX_FIELDS = 8;

/**
 * Is `update` exactly what `signatureUpdate` makes for this letter, `/Contents` apart? The template is
 * regenerated and compared byte by byte, so nothing else can hide in it. Empty: it is. Otherwise the
 * findings name what differs. Never throws for bad input.
 */
export function checkSignatureUpdate(
  letter: Uint8Array,
  update: Uint8Array,
  expected: ExpectedUpdate = {},
): UpdateFinding[] {
  let candidates: Uint8Array[];
  let layout: UpdateLayout | undefined;
  let unreadable: string | undefined;
  try {
    const file = readLetter(letter);
    try {
      layout = layoutOfUpdate(letter.length, update);
    } catch (error) {
      unreadable = detailOf(error);
    }
    const options = {
      ...(layout ?? { date: new Date(0), contentsBytes: 1, certify: true }),
      ...(expected.certify !== undefined && { certify: expected.certify }),
    };
    candidates = emptySignatureFields(file)
      .filter((field) => expected.field === undefined || field.name === expected.field)
      .slice(0, MAX_FIELDS)
      .map((field) => writeUpdate(file, { ...options, field: field.name }));
    if (candidates.length === 0)
      return [{ id: 'letter-unfit', detail: 'no empty signature field' }];
  } catch (error) {
    return [{ id: 'letter-unfit', detail: detailOf(error) }];
  }
  if (layout && candidates.some((template) => isTemplate(template, update, layout)))
    return contentsFindings(
      update.subarray(layout.gapStart + 1, layout.gapEnd - 1),
      expected.unsigned ?? false,
    );
  const findings = differences(letter, update, candidates[0]!);
  if (unreadable !== undefined) findings.unshift({ id: 'update-unreadable', detail: unreadable });
  if (findings.length === 0)
    findings.push({
      id: 'update-bytes',
      ...(layout && { offset: firstDifference(candidates[0]!, update, layout) }),
    });
  return findings;
}

/** Equal outside the `/Contents` string. */
function isTemplate(template: Uint8Array, update: Uint8Array, layout: UpdateLayout): boolean {
  const { gapStart, gapEnd } = layout;
  return (
    bytesEqual(template.subarray(0, gapStart + 1), update.subarray(0, gapStart + 1)) &&
    bytesEqual(template.subarray(gapEnd - 1), update.subarray(gapEnd - 1))
  );
}

function firstDifference(template: Uint8Array, update: Uint8Array, layout: UpdateLayout): number {
  for (let i = 0; ; i++) {
    if (i > layout.gapStart && i < layout.gapEnd - 1) continue;
    if (template[i] !== update[i]) return i;
  }
}

function contentsFindings(digits: Uint8Array, unsigned: boolean): UpdateFinding[] {
  const bytes = hexToBytes(digits);
  const isZero = (byte: number): boolean => byte === 0;
  if (bytes?.every(isZero)) return [];
  const length = bytes && derLength(bytes);
  if (!unsigned && length !== undefined && bytes!.subarray(length).every(isZero)) return [];
  return [{ id: 'contents-malformed' }];
}

/** Names the objects that differ, for people and for the table of must-fail fixtures. */
function differences(
  letter: Uint8Array,
  update: Uint8Array,
  template: Uint8Array,
): UpdateFinding[] {
  try {
    const signed = readPdf(concat(letter, update));
    const expected = readPdf(concat(letter, template));
    if (signed.revisions.length !== 2)
      return [{ id: 'update-revisions', detail: String(signed.revisions.length - 1) }];
    const findings: UpdateFinding[] = [];
    const allowed = expected.revisions[1]!.objects;
    const signatureNumber = Math.max(...allowed.keys());
    for (const [number, entry] of signed.revisions[1]!.objects) {
      const generation = entry.kind === 'offset' ? entry.generation : 0;
      const object = `${number} ${generation}`;
      if (!allowed.has(number)) {
        const existed = expected.revisions[0]!.objects.has(number);
        findings.push({ id: existed ? 'object-changed' : 'object-added', object });
      } else if (number !== signatureNumber) {
        const ref = { kind: 'ref', number, generation } as const;
        if (spelling(signed.get(ref)) !== spelling(expected.get(ref)))
          findings.push({ id: 'object-changed', object });
      }
    }
    return findings;
  } catch (error) {
    return [{ id: 'update-unreadable', detail: detailOf(error) }];
  }
}

const spelling = (object: PdfObject): string =>
  isKind(object, 'stream') ? 'stream' : serialize(object);

const detailOf = (error: unknown): string => {
  if (isDomainError(error)) return error.detail;
  throw error;
};
