import { isDomainError } from '@mandate/core';
import { fromPem, PART, partOf, type Bundle } from '@mandate/evidence';
import {
  parseCertificate,
  parseTimestampRequest,
  type Certificate,
  type TimestampRequest,
} from '@mandate/pki';
import { fail } from '../finding.js';
import type { Finding } from '../verification.js';

export interface BesideParts {
  readonly intermediates: readonly Certificate[];
  readonly request: TimestampRequest | null;
  readonly findings: readonly Finding[];
}

/** Issuers and the timestamp request that stand beside the letter. */
export function readBeside(bundle: Bundle): BesideParts {
  const findings: Finding[] = [];
  const attempt = <T>(part: string, otherwise: T, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!isDomainError(error)) throw error;
      findings.push(fail('part-readable', 'FORMAT_FAILURE', { part, reason: error.detail }));
      return otherwise;
    }
  };
  const text = (part: (typeof PART)['chain']): string =>
    new TextDecoder().decode(partOf(bundle, part));
  const intermediates = attempt<Certificate[]>(PART.chain, [], () =>
    fromPem('CERTIFICATE', text(PART.chain))
      .slice(0, 10)
      .map((der) => parseCertificate(der)),
  );
  const request = attempt<TimestampRequest | null>(PART.tokenRequest, null, () =>
    parseTimestampRequest(partOf(bundle, PART.tokenRequest)),
  );
  return { intermediates, request, findings };
}
