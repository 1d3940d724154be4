import { toUtcSeconds } from '@mandate/core';
import {
  checkToken,
  findSigner,
  type Certificate,
  type TimestampRequest,
  type Token,
} from '@mandate/pki';
import type { Context } from '../catalogue.js';
import { fail, findingsOf, pass } from '../finding.js';
import type { Finding } from '../verification.js';

export interface TimestampJudgement {
  readonly findings: readonly Finding[];
  /** A moment at which the stamped bytes existed; null unless the token holds and is trusted. */
  readonly existedAt: Date | null;
}

/**
 * The whole token checklist, and whether the token may serve as proof of existence: nothing failed,
 * and imprint, signature and chain were really checked. `at` is the moment of verification.
 */
export function checkTimestamp(
  context: Extract<Context, 'timestamp' | 'seal-timestamp'>,
  input: {
    readonly token: Token;
    readonly data: Uint8Array;
    readonly anchors: readonly Certificate[];
    readonly at: Date;
    readonly request?: TimestampRequest;
    /** The stamped signature's certificate: genTime must lie within its validity. */
    readonly within?: Certificate;
    readonly ledgerTime?: Date;
  },
): TimestampJudgement {
  const { token, request, within, ledgerTime, ...given } = input;
  const checks = checkToken({
    ...given,
    token,
    ...(request ? { request } : {}),
    ...(within ? { scene: { notBefore: within.notBefore, notAfter: within.notAfter } } : {}),
    ...(ledgerTime ? { ledgerTime } : {}),
  });
  const holds = (id: string): boolean => checks.some((it) => it.id === id && it.ok === true);
  const trusted =
    checks.every(({ ok }) => ok !== false) &&
    ['token-imprint', 'token-signature', 'token-chain'].every(holds);
  const findings = findingsOf(context, checks);
  const ageing = trusted ? checkAgeing(token, input.at) : null;
  return {
    findings: ageing ? [...findings, ageing] : findings,
    existedAt: trusted && ageing?.status !== 'indeterminate' ? token.info.genTime : null,
  };
}

/**
 * A token is judged like any signature (EN 319 102-1 §5.4): once its authority's certificate has
 * expired, something younger must prove that the token existed before. v0 bundles hold no renewal.
 */
function checkAgeing({ signedData }: Token, at: Date): Finding {
  const authority = findSigner(signedData, signedData.signers[0]!)!;
  const expired = at.getTime() >= authority.notAfter.getTime() + 1000;
  const params = { notAfter: toUtcSeconds(authority.notAfter) };
  return expired
    ? fail('timestamp-ageing', 'OUT_OF_BOUNDS_NO_POE', params)
    : pass('timestamp-ageing', params);
}
