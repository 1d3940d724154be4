import type { Bundle } from '@mandate/evidence';
import {
  checkSignedData,
  EVIDENCE_SEAL_POLICY,
  findSigner,
  LETTER_ATTRIBUTES,
  OID,
  parseSignedData,
  parseToken,
  SCENE_BINDING_OID,
  unchecked,
  validatePath,
  type Certificate,
  type SignedData,
  type Token,
} from '@mandate/pki';
import { check, fail, findingsOf, pass } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Finding } from '../verification.js';
import { checkTimestamp } from './timestamp.js';

export interface SealJudgement {
  readonly findings: readonly Finding[];
  readonly certificate: Certificate | null;
  readonly token: Token | null;
  /** When it is proven to have existed; null unless its token holds. */
  readonly existedAt: Date | null;
}

/**
 * The organisation's CAdES-T signature over a manifest, its certificate and its own timestamp. `knownAt`: a moment at
 * which it is proven to have existed, by something younger that covers it. `required`: policies of ours that its
 * certificate has to name; without them it may name none, or the one for evidence.
 */
export function checkSeal(
  bundle: Pick<Bundle, 'manifest' | 'signature'>,
  trust: Trust,
  at: Date,
  knownAt: Date = at,
  required?: readonly string[],
): SealJudgement {
  let signedData: SignedData;
  let token: Token;
  try {
    signedData = parseSignedData(bundle.signature);
    const [signer] = signedData.signers;
    const [first, ...others] = signer?.timestampTokens ?? [];
    if (!first || others.length > 0)
      return stop(fail('seal-readable', 'FORMAT_FAILURE', { reason: 'not exactly one timestamp' }));
    token = parseToken(first);
  } catch (error) {
    const rule = { unsupported: 'CRYPTO_CONSTRAINTS_FAILURE', ownProfile: false } as const;
    return stop(refusal('seal-readable', error, rule));
  }
  const signer = signedData.signers[0]!;
  const certificate = findSigner(signedData, signer) ?? null;
  const signature = findingsOf(
    'seal',
    checkSignedData(signedData, {
      content: bundle.manifest,
      contentType: OID.data,
      attributes: LETTER_ATTRIBUTES,
    }),
  );
  const stamp = checkTimestamp('seal-timestamp', {
    token,
    data: signer.signature,
    anchors: trust.timestamp,
    at,
    knownAt,
    sunsets: trust.sunsets,
    ...(certificate ? { within: certificate } : {}),
  });
  const path = certificate
    ? checkSealPath(certificate, signedData.certificates, trust.seal, stamp.existedAt, at)
    : [];
  // Other authorities' certificates name none of our policies; of ours only one is for evidence.
  const own = certificate?.policies.filter((oid) => oid.startsWith(`${SCENE_BINDING_OID}.`)) ?? [];
  const purpose = check(
    'seal-purpose',
    required
      ? own.length === required.length && required.every((oid) => own.includes(oid))
      : own.every((oid) => oid === EVIDENCE_SEAL_POLICY),
    'CHAIN_CONSTRAINTS_FAILURE',
  );
  return {
    findings: [pass('seal-readable'), ...signature, purpose, ...stamp.findings, ...path],
    certificate,
    token,
    existedAt: stamp.existedAt,
  };
}

const stop = (finding: Finding): SealJudgement => ({
  findings: [finding],
  certificate: null,
  token: null,
  existedAt: null,
});

/** At the seal's own timestamp; without a trusted one, validity in the past is left open. */
function checkSealPath(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly Certificate[],
  existedAt: Date | null,
  at: Date,
): Finding[] {
  const { checks } = validatePath({
    leaf,
    intermediates,
    anchors,
    at: existedAt ?? at,
    purpose: 'seal',
  });
  return findingsOf(
    'seal-certificate',
    checks.map((it) =>
      !existedAt && it.subIndication === 'EXPIRED' ? unchecked(it.id, it.detail) : it,
    ),
  );
}
