import { isDomainError } from '@mandate/core';
import type { JudgeStamp } from '@mandate/ledger';
import {
  checkToken,
  findSigner,
  nameText,
  parseCertificate,
  parseToken,
  tokenHolds,
  type Token,
} from '@mandate/pki';

/** An age in hours needs no fractions of a second: authorities of the usual accuracy, stated or not. */
const ACCURACY_SECONDS = 60;

/**
 * Judges tokens over a ledger's heads under roots of timestamp authorities (DER), each at its own time and none from
 * after `at`. Throws `format-certificate` for a broken root.
 */
export function stampJudge(roots: readonly Uint8Array[], at: Date): JudgeStamp {
  const anchors = roots.map((der) => parseCertificate(der, 'foreign'));
  return (stamped, der) => {
    let token: Token;
    try {
      token = parseToken(der);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return { fault: error.message };
    }
    const checks = checkToken({
      token,
      data: stamped,
      anchors,
      at,
      pinnedAccuracySeconds: ACCURACY_SECONDS,
      maxAccuracySeconds: ACCURACY_SECONDS,
    });
    if (!tokenHolds(checks)) return { fault: checks.find(({ ok }) => ok === false)?.id ?? 'token' };
    const signer = findSigner(token.signedData, token.signedData.signers[0]!);
    return { at: token.info.genTime, authority: signer ? nameText(signer.subject) : '' };
  };
}
