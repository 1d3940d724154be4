import type { Clock, SigningKey } from '@mandate/core';
import { assembleCrl, crlTbs, keyIdentifier, parseCertificate } from '@mandate/pki';

/** Seconds a list may be kept: as short as the certificates it is about. */
const FRESH_FOR = 300;

/** The scene CA's revocation list (RFC 5280 §5): voided certificates that have not ended yet. */
export async function revocationList(
  deps: { ca: SigningKey; clock: Clock },
  revoked: readonly { serial: Uint8Array; voidedAt: Date }[],
  /** The list is not to be used from then on. */
  until?: Date,
): Promise<Uint8Array> {
  const issuer = parseCertificate(deps.ca.chain[0]!);
  const thisUpdate = deps.clock.now();
  const fresh = thisUpdate.getTime() + FRESH_FOR * 1000;
  const tbs = crlTbs({
    issuer: issuer.subjectDer,
    thisUpdate,
    nextUpdate: new Date(Math.min(fresh, until?.getTime() ?? fresh)),
    number: thisUpdate.getTime(),
    entries: revoked.map(({ serial, voidedAt }) => ({ serial, at: voidedAt, reason: 4 })),
    authorityKeyId: issuer.subjectKeyId ?? keyIdentifier(issuer.spki),
    suite: deps.ca.suite,
  });
  return assembleCrl(tbs, deps.ca.suite, await deps.ca.sign(tbs));
}
