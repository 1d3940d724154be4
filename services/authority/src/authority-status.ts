import { isDomainError, type Clock } from '@mandate/core';
import { httpRevocation } from '@mandate/adapters';
import { authorityPath, type ArchiveDeps } from '@mandate/ceremony';
import { checkCrl, checkOcsp, ocspRequest, type Certificate, type Check } from '@mandate/pki';
import type { Log } from '@mandate/runtime';

/** Failing these, an answer is worth nothing; being revoked is worth keeping. */
const isSound = (checks: readonly Check[]): boolean =>
  checks.every(({ id, ok }) => ok !== false || id.endsWith('-status'));

/**
 * What timestamp authorities publish about their own certificates, fetched now: an OCSP answer or else a
 * list for each certificate below the root that names an address. A status that cannot be had is left out
 * and logged; the stamp is worth as much as before.
 */
export const authorityStatus =
  (deps: {
    clock: Clock;
    log: Log;
    anchors: readonly Uint8Array[];
    /** Lists of our own roots, which name no address. */
    lists?: readonly Uint8Array[];
    fetch?: typeof httpRevocation;
  }): ArchiveDeps['authorityStatus'] =>
  async (tokens) => {
    const ocsps: Uint8Array[] = [];
    const crls: Uint8Array[] = [];
    for (const token of tokens) {
      const path = authorityPath(token, deps.anchors);
      for (const [i, certificate] of path.slice(0, -1).entries()) {
        const issuer = path[i + 1]!;
        const ocsp = await askOcsp(deps, certificate, issuer);
        const crl = ocsp ? null : await askCrl(deps, certificate, issuer);
        if (ocsp) ocsps.push(ocsp);
        if (crl) crls.push(crl);
      }
    }
    return { ocsps, crls: [...crls, ...(deps.lists ?? [])] };
  };

type Deps = Parameters<typeof authorityStatus>[0];

const askOcsp = (deps: Deps, certificate: Certificate, issuer: Certificate) =>
  firstSound(deps, certificate.ocspUrls, async (url) => {
    const response = await (deps.fetch ?? httpRevocation).ocsp(
      url,
      ocspRequest({ certificate, issuer }),
    );
    const now = deps.clock.now();
    return [response, checkOcsp({ response, certificate, issuer, at: now, now })];
  });

const askCrl = (deps: Deps, certificate: Certificate, issuer: Certificate) =>
  firstSound(deps, certificate.crlUrls, async (url) => {
    const crl = await (deps.fetch ?? httpRevocation).crl(url);
    const now = deps.clock.now();
    return [crl, checkCrl({ crl, certificate, issuer, at: now, now })];
  });

async function firstSound(
  { log }: Deps,
  urls: readonly string[],
  ask: (url: string) => Promise<[Uint8Array, readonly Check[]]>,
): Promise<Uint8Array | null> {
  for (const url of urls) {
    try {
      const [answer, checks] = await ask(url);
      if (isSound(checks)) return answer;
      log.warn({ url, checks }, 'an authority’s certificate status does not hold');
    } catch (err) {
      if (!isDomainError(err)) throw err;
      log.warn({ url, err }, 'no status of a timestamp authority');
    }
  }
  return null;
}
