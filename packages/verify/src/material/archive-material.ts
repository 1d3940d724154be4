import { createHash } from 'node:crypto';
import { isDomainError } from '@mandate/core';
import {
  laterRevisions,
  readPdf,
  readSignatures,
  type LaterRevision,
  type PdfFile,
  type Sha1,
} from '@mandate/pdf';
import { parseToken, type Token } from '@mandate/pki';
import { coveredBytes } from '../covered-bytes.js';
import { pass } from '../finding.js';
import { inflate } from '../inflate.js';
import { refusal } from '../refusal.js';
import type { Finding } from '../verification.js';
import { LETTER_FIELD } from './letter-material.js';

/** A document timestamp and what it covers. */
export interface DocumentTimestamp {
  readonly field: string;
  readonly revision: number;
  readonly token: Token;
  /** Everything before it and around its `/Contents`. */
  readonly covered: Uint8Array;
}

/** What was appended to a signed letter of ours. */
export interface ArchiveMaterial {
  /** Oldest first. */
  readonly timestamps: readonly DocumentTimestamp[];
  /** DER, from every store. */
  readonly ocsps: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  /** Nothing was appended after the newest timestamp. */
  readonly endsStamped: boolean;
}

export interface GatheredArchive {
  /** Letter (or report) and signature: the file as it was when it was signed. */
  readonly signed: Uint8Array;
  /** Null when nothing was appended, or something that is not of our templates. */
  readonly archive: ArchiveMaterial | null;
  readonly findings: readonly Finding[];
}

const sha1: Sha1 = (bytes) => new Uint8Array(createHash('sha1').update(bytes).digest());

/**
 * Splits a letter of ours, or another file of ours by its signed field, into what was signed and what was appended
 * later; other files stay whole.
 */
export function gatherArchive(bytes: Uint8Array, ownField = LETTER_FIELD): GatheredArchive {
  const whole: GatheredArchive = { signed: bytes, archive: null, findings: [] };
  const file = ownFile(bytes, ownField);
  if (!file || file.last < 2) return whole;
  const signed = bytes.subarray(0, file.revisions[1]!.end);
  let later: LaterRevision[];
  try {
    later = laterRevisions(file, sha1);
  } catch (error) {
    const rule = { unsupported: 'FORMAT_FAILURE', ownProfile: true } as const;
    return { signed, archive: null, findings: [refusal('later-revisions', error, rule)] };
  }
  const findings: Finding[] = [pass('later-revisions')];
  const timestamps: DocumentTimestamp[] = [];
  const ocsps: Uint8Array[] = [];
  const crls: Uint8Array[] = [];
  for (const found of later) {
    if (found.kind === 'validation') {
      ocsps.push(...found.material.ocsps);
      crls.push(...found.material.crls);
      continue;
    }
    const { field, contents } = found.signature;
    try {
      timestamps.push({
        field,
        revision: found.revision,
        token: parseToken(contents),
        covered: Buffer.concat(coveredBytes(bytes, found.signature)),
      });
    } catch (error) {
      const rule = { unsupported: 'CRYPTO_CONSTRAINTS_FAILURE', ownProfile: false } as const;
      findings.push(refusal('archive-readable', error, rule));
    }
  }
  if (timestamps.length > 0 && !findings.some(({ id }) => id === 'archive-readable'))
    findings.push(pass('archive-readable'));
  const endsStamped = later.at(-1)?.kind === 'timestamp';
  // Material that no timestamp covers proves nothing yet, but it is no harm either.
  return { signed, archive: { timestamps, ocsps, crls, endsStamped }, findings };
}

/** The file, if it is one of ours that reads; judging what does not read is its own check. */
function ownFile(bytes: Uint8Array, ownField: string): PdfFile | null {
  try {
    const file = readPdf(bytes, { inflate });
    const own = readSignatures(file).some(
      ({ field, revision }) => field === ownField && revision === 1,
    );
    return own ? file : null;
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}
