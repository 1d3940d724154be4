import { isDomainError, toUtcSeconds } from '@mandate/core';
import { parseToken } from '@mandate/pki';
import { checkTimestamp } from '../checks/timestamp.js';
import { pass } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Artefact } from './artefact.js';
import type { Comparison, ComparisonContext } from './comparison.js';

/** An RFC 3161 token over exactly these bytes. */
export function compareToken(
  data: Uint8Array,
  { bytes }: Artefact,
  { trust, at }: ComparisonContext,
): Comparison {
  try {
    const token = parseToken(bytes);
    const { timestamp: anchors, sunsets } = trust;
    const judged = checkTimestamp('timestamp', { token, data, anchors, at, sunsets });
    const { existedAt } = judged;
    return {
      findings: [pass('timestamp-readable'), ...judged.findings],
      ...(existedAt ? { facts: { stampedAt: toUtcSeconds(existedAt) } } : {}),
    };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const rule = { unsupported: 'CRYPTO_CONSTRAINTS_FAILURE', ownProfile: false } as const;
    return { findings: [refusal('timestamp-readable', error, rule)] };
  }
}
