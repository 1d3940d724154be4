import { isDomainError, sha256Hex, toUtcSeconds } from '@mandate/core';
import { looksLikeBundle } from '@mandate/evidence';
import type { Sunset } from '@mandate/pki';
import type { NotCheckedId } from './catalogue.js';
import { witnessKeys } from './checks/ledger.js';
import { fail, pass } from './finding.js';
import { claimsOwnProfile } from './material/letter-material.js';
import { verifyForeignPdf } from './pdf/verify-foreign-pdf.js';
import { parseTrust, type PasskeyEnded, type Trust, type TrustAnchors } from './trust.js';
import { judge } from './verdict.js';
import type { Finding, Verification } from './verification.js';
import { verifyBundle } from './verify-bundle.js';
import { verifyBareLetter } from './verify-letter.js';

type Kind = Verification['input']['kind'];

/**
 * Verifies a signed letter (PDF) or an evidence bundle (ASiC-E), offline. `at` is the moment to judge
 * for and the anchors are the caller's belief: neither ever comes from the input. Bad input is a
 * result, not an exception; throws only for broken anchors (`format-certificate`, `format-ledger`,
 * `format-json`).
 */
export function verifyFile(
  bytes: Uint8Array,
  options: {
    readonly anchors: TrustAnchors;
    readonly at: Date;
    /** When algorithms end, where a newer table than our own is known. */
    readonly sunsets?: readonly Sunset[] | undefined;
    /** Distinct operators (anchors) that must have stamped a letter; default 1. */
    readonly minOperators?: number | undefined;
    /** Distinct trusted witnesses that must have cosigned the letter's checkpoint; default 0. */
    readonly minWitnesses?: number | undefined;
    /** Nothing passes without revocation data about every certificate that could be revoked. */
    readonly requireRevocation?: boolean | undefined;
    /** All ends of passkeys that a ledger's entries tell; without them it is not checked whether one had ended. */
    readonly passkeyEnds?: readonly PasskeyEnded[] | undefined;
  },
): Verification {
  const { anchors, at } = options;
  const trust = parseTrust(anchors, options);
  const kind = kindOf(bytes);
  const profile = kind === 'pdf' ? profileOf(bytes) : undefined;
  let judged: Judged;
  if (kind === 'unknown')
    judged = { findings: [fail('input-recognised', 'FORMAT_FAILURE')], facts: {} };
  else
    try {
      const { findings, ...rest } = judgeAs(profile ?? 'bundle', bytes, trust, at);
      judged = { ...rest, findings: [pass('input-recognised'), ...findings] };
    } catch (error) {
      judged = { findings: [unforeseen(error)], facts: {} };
    }
  return {
    format: 'mandate-verification/v0',
    input: { kind, ...(profile ? { profile } : {}), digest: sha256Hex(bytes), size: bytes.length },
    at: toUtcSeconds(at),
    ...judge(judged.findings),
    ...judged,
    notChecked: kind === 'unknown' ? [] : openQuestions(profile ?? 'bundle', trust),
  };
}

type Judged = Pick<Verification, 'findings' | 'facts' | 'signatures'> &
  Partial<Pick<Verification, 'integrity'>>;

type Profile = NonNullable<Verification['input']['profile']>;

/** A PDF with the field of our letters is held to their profile; any other is anybody's. */
function profileOf(bytes: Uint8Array): Profile {
  try {
    return claimsOwnProfile(bytes) ? 'letter' : 'pades';
  } catch {
    // Whatever broke it breaks the judgement as well, which reports it.
    return 'pades';
  }
}

function judgeAs(profile: Profile | 'bundle', bytes: Uint8Array, trust: Trust, at: Date): Judged {
  if (profile === 'letter') return verifyBareLetter(bytes, trust, at);
  if (profile === 'pades') return verifyForeignPdf(bytes, trust, at);
  const { findings, facts } = verifyBundle(bytes, trust, at);
  return { findings, facts };
}

/** Input that breaks a reader in a way nobody foresaw (nesting, exotic values) is malformed input. */
const unforeseen = (error: unknown): Finding =>
  fail('processed', 'FORMAT_FAILURE', {
    reason: isDomainError(error) ? error.code : error instanceof Error ? error.name : 'error',
  });

function kindOf(bytes: Uint8Array): Kind {
  if (looksLikeBundle(bytes)) return 'bundle';
  const isPdf = [0x25, 0x50, 0x44, 0x46, 0x2d].every((byte, i) => bytes[i] === byte);
  return isPdf ? 'pdf' : 'unknown';
}

/** What nobody looked at, or could not with what was given. */
const openQuestions = (kind: Profile | 'bundle', { ledger }: Trust): readonly NotCheckedId[] =>
  NOT_CHECKED_IN[kind].filter(
    (id) => id !== 'ledger-witnesses' || witnessKeys(ledger).length === 0,
  );

const LETTERS: readonly NotCheckedId[] = [
  'person',
  'authority-revocation',
  'rendering',
  'later-events',
];
const NOT_CHECKED_IN: Readonly<Record<Profile | 'bundle', readonly NotCheckedId[]>> = {
  bundle: [...LETTERS, 'ledger-uniqueness', 'ledger-witnesses'],
  letter: ['bundle-claims', ...LETTERS],
  pades: ['signer-identity', 'current-revocation'],
};
