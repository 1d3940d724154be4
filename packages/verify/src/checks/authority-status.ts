import { isDomainError } from '@mandate/core';
import {
  checkCrl,
  checkOcsp,
  parseCrl,
  parseOcspResponse,
  type Certificate,
  type Check,
  type Crl,
  type OcspResponse,
} from '@mandate/pki';
import { fail, pass } from '../finding.js';
import type { Finding } from '../verification.js';

/** Status information kept in the file, opened; what does not parse says nothing. */
export interface KeptStatus {
  readonly ocsps: readonly OcspResponse[];
  readonly crls: readonly Crl[];
}

export function openStatus(p: {
  readonly ocsps: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}): KeptStatus {
  return {
    ocsps: p.ocsps.flatMap((der) => opened(() => parseOcspResponse(der))),
    crls: p.crls.flatMap((der) => opened(() => parseCrl(der))),
  };
}

function opened<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if (isDomainError(error)) return [];
    throw error;
  }
}

/**
 * What is kept about a timestamp authority's certificates. Revoked before the stamp, it is REVOKED; revoked
 * before the moment at which the stamp is known to have existed, nobody can tell which came first. Null
 * when nothing sound speaks of them: their status is then not checked.
 */
export function checkAuthorityStatus(
  chain: readonly Certificate[],
  kept: KeptStatus,
  p: { readonly genTime: Date; readonly knownAt: Date },
): Finding | null {
  let spoken = false;
  for (const [i, certificate] of chain.slice(0, -1).entries()) {
    const issuer = chain[i + 1]!;
    const about = { certificate, issuer, at: p.knownAt };
    const answers = [
      ...kept.ocsps.map((response) => checkOcsp({ response, ...about })),
      ...kept.crls.map((crl) => checkCrl({ crl, ...about })),
    ].filter(isSound);
    spoken ||= answers.length > 0;
    for (const checks of answers) {
      const revokedAt = revocationIn(checks);
      if (!revokedAt || revokedAt > p.knownAt) continue;
      const sub = revokedAt <= p.genTime ? 'REVOKED' : 'REVOKED_NO_POE';
      return fail('authority-status', sub, { revokedAt: revokedAt.toISOString() });
    }
  }
  return spoken ? pass('authority-status') : null;
}

/** About this certificate and signed by whom it must be; how old it is does not matter to a revocation. */
const isSound = (checks: readonly Check[]): boolean =>
  checks.every(({ id, ok }) => ok !== false || id.endsWith('-status') || id.endsWith('-fresh')) &&
  checks.some(({ id, ok }) => id.endsWith('-signature') && ok === true) &&
  checks.some(({ id, ok }) => id.endsWith('-status') && ok !== null);

function revocationIn(checks: readonly Check[]): Date | null {
  const facts = checks.find(({ id }) => id.endsWith('-status'))?.facts;
  if (typeof facts !== 'object' || facts === null || !('status' in facts)) return null;
  return facts['status'] === 'revoked' ? new Date(String(facts['at'])) : null;
}
