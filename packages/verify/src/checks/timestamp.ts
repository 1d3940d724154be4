import { toUtcSeconds } from '@mandate/core';
import {
  algorithmsOf,
  checkToken,
  findSigner,
  reliableUntil,
  validatePath,
  type Certificate,
  type Sunset,
  type TimestampRequest,
  type Token,
} from '@mandate/pki';
import type { Context } from '../catalogue.js';
import { allPassed, check, findingsOf } from '../finding.js';
import { checkAuthorityStatus, type KeptStatus } from './authority-status.js';
import type { Finding } from '../verification.js';

export interface TimestampJudgement {
  readonly findings: readonly Finding[];
  /** A moment at which the stamped bytes existed; null unless the token holds and is trusted. */
  readonly existedAt: Date | null;
  /** The anchor it leads to, which stands for its operator; null unless it proves something. */
  readonly anchor: Certificate | null;
}

/**
 * The whole token checklist, and whether the token may serve as proof of existence: nothing failed,
 * and imprint, signature and chain were really checked. `at` is the moment of verification, `knownAt` one
 * at which the token is proven to have existed: its authority and algorithms are judged for that.
 */
export function checkTimestamp(
  context: Extract<Context, 'timestamp' | 'seal-timestamp' | 'document-timestamp'>,
  input: {
    readonly token: Token;
    readonly data: Uint8Array;
    readonly anchors: readonly Certificate[];
    readonly at: Date;
    readonly knownAt?: Date | undefined;
    readonly sunsets: readonly Sunset[];
    /** What the file keeps about the authorities that stamped it. */
    readonly kept?: KeptStatus | undefined;
    readonly request?: TimestampRequest;
    /** The stamped signature's certificate: genTime must lie within its validity. */
    readonly within?: Certificate;
    readonly ledgerTime?: Date;
  },
): TimestampJudgement {
  const { token, data, anchors, at, request, within, ledgerTime, knownAt } = input;
  const checks = checkToken({
    token,
    data,
    anchors,
    at,
    ...(request ? { request } : {}),
    ...(within ? { scene: { notBefore: within.notBefore, notAfter: within.notAfter } } : {}),
    ...(ledgerTime ? { ledgerTime } : {}),
  });
  const holds = (id: string): boolean => checks.some((it) => it.id === id && it.ok === true);
  const trusted =
    checks.every(({ ok }) => ok !== false) &&
    ['token-imprint', 'token-signature', 'token-chain'].every(holds);
  const findings = findingsOf(context, checks);
  if (!trusted) return { findings, existedAt: null, anchor: null };
  const chain = authorityChain(token, anchors);
  const ageing = checkAgeing(context, token, chain, { ...input, knownAt: knownAt ?? at });
  const proves = allPassed(ageing);
  return {
    findings: [...findings, ...ageing],
    existedAt: proves ? token.info.genTime : null,
    anchor: proves ? chain.at(-1)! : null,
  };
}

/** The path the checklist found, for a token that passed it. */
function authorityChain(
  { signedData, info }: Token,
  anchors: readonly Certificate[],
): readonly Certificate[] {
  const leaf = findSigner(signedData, signedData.signers[0]!)!;
  const intermediates = signedData.certificates;
  const path = { leaf, intermediates, anchors, at: info.genTime, purpose: 'timestamp' } as const;
  return validatePath(path).chain ?? [leaf];
}

/**
 * A token is judged like any signature (EN 319 102-1 §5.4): once its authority's certificate has expired or
 * its algorithms have ended, something younger must prove that the token existed before.
 */
function checkAgeing(
  context: Context,
  { signedData, info }: Token,
  chain: readonly Certificate[],
  p: {
    readonly knownAt: Date;
    readonly sunsets: readonly Sunset[];
    readonly kept?: KeptStatus | undefined;
  },
): Finding[] {
  const { knownAt, sunsets } = p;
  const authority = chain[0]!;
  const fresh = knownAt.getTime() < authority.notAfter.getTime() + 1000;
  const params = { notAfter: toUtcSeconds(authority.notAfter) };
  const status = p.kept
    ? checkAuthorityStatus(chain, p.kept, { genTime: info.genTime, knownAt })
    : null;
  const imprint = { family: info.imprint.algorithm, bits: 0 };
  const end = reliableUntil([imprint, ...algorithmsOf(signedData.signers[0]!, chain)], sunsets);
  return [
    context === 'document-timestamp'
      ? check('archive-ageing', fresh, 'NO_POE', params)
      : check('timestamp-ageing', fresh, 'OUT_OF_BOUNDS_NO_POE', params),
    check(
      'timestamp-algorithms',
      end === null || knownAt < end,
      'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      end ? { end: toUtcSeconds(end) } : undefined,
    ),
    ...(status ? [status] : []),
  ];
}
