import { PRESENCE_CHECKS } from '@mandate/core';
import type { Facts, Finding, IdentityFacts, Verification } from '@mandate/verify';
import type { EvidenceLevel, LevelReason } from './report.js';

/**
 * How far the proof reaches beyond the operator's word, from facts alone. E1: nothing in the file was signed outside
 * the operator's reach; a key made in the browser does not change that, since the operator could have staged the
 * ceremony. E2: somebody else signed that these details belong together, for this letter. E3: somebody else signed
 * that the person took part, for this letter. E4: that, and a passkey answered whose registration witnesses saw
 * in the ledger days before. A passkey alone raises nothing: whose it is would be the operator's word.
 */
export function evidenceLevel({ claims, facts, findings }: Verification): EvidenceLevel {
  const established = (['integrity', 'identity', 'intent', 'time'] as const).every(
    (claim) => claims[claim].status === 'passed',
  );
  if (!established) return { level: null, reasons: ['not-established'] };
  const checks = facts.authorization?.identity?.checks ?? [];
  const others = levelOf(checks);
  const enrolled = wasEnrolled(facts, findings);
  return {
    level: enrolled && others === 'E3' ? 'E4' : others,
    reasons: [
      ...(others === 'E1' ? (['operator-word'] as const) : []),
      facts.certificate?.keyOrigin === 'browser' ? 'browser-key' : 'software-key',
      ...(facts.authorization?.measures.includes('sms-code')
        ? (['sms-not-independent'] as const)
        : []),
      ...identityReasons(others, checks),
      enrolled
        ? 'passkey-enrolled-before'
        : facts.authorization?.passkey
          ? 'passkey-enrolment-not-shown'
          : 'no-enrolled-passkey',
      ...(enrolled && others !== 'E3' ? (['passkey-person-not-shown'] as const) : []),
    ],
  };
}

/** How long before the answer witnesses must have seen the registration: days, not the minutes of a staged scene. */
const ENROLLED_BEFORE_MS = 2 * 86_400_000;

/** The passkey that answered stood in a checkpoint that a trusted witness signed that long before it answered. */
function wasEnrolled({ authorization, later }: Facts, findings: readonly Finding[]): boolean {
  const proven = findings.some(
    ({ id, status }) => id === 'passkey-registered-before' && status === 'passed',
  );
  const answered = authorization?.passkey?.checkedAt;
  if (!proven || !answered) return false;
  const latest = Date.parse(answered) - ENROLLED_BEFORE_MS;
  return (later?.registration?.cosigners ?? []).some(({ at }) => Date.parse(at) <= latest);
}

type Checks = IdentityFacts['checks'];

function levelOf(checks: Checks): 'E1' | 'E2' | 'E3' {
  const verified = checks.filter(
    ({ receipt, outcome, simulated }) =>
      receipt === 'verified' && outcome === 'match' && !simulated,
  );
  if (verified.some(({ check }) => PRESENCE_CHECKS.includes(check))) return 'E3';
  return verified.length > 0 ? 'E2' : 'E1';
}

function identityReasons(level: 'E1' | 'E2' | 'E3', checks: Checks): LevelReason[] {
  const reasons: LevelReason[] = [];
  if (level === 'E3') reasons.push('identity-present');
  else if (level === 'E2') reasons.push('identity-compared');
  else if (checks.some(({ receipt }) => receipt === 'not-checked'))
    reasons.push('identity-key-missing');
  else reasons.push('no-identity-provider');
  if (checks.some(({ check }) => check === 'institution')) reasons.push('identity-asserted');
  return reasons;
}
