import { PRESENCE_CHECKS } from '@mandate/core';
import type { IdentityFacts, Verification } from '@mandate/verify';
import type { EvidenceLevel, LevelReason } from './report.js';

/**
 * How far the proof reaches beyond the operator's word, from facts alone. E1: nothing in the file was signed outside
 * the operator's reach; a key made in the browser does not change that, since the operator could have staged the
 * ceremony. E2: somebody else signed that these details belong together, for this letter. E3: somebody else signed
 * that the person took part, for this letter. A passkey counts only with proof that it was enrolled days before in
 * what witnesses saw, and bundles do not carry that yet: no E4.
 */
export function evidenceLevel({ claims, facts }: Verification): EvidenceLevel {
  const established = (['integrity', 'identity', 'intent', 'time'] as const).every(
    (claim) => claims[claim].status === 'passed',
  );
  if (!established) return { level: null, reasons: ['not-established'] };
  const checks = facts.authorization?.identity?.checks ?? [];
  const level = levelOf(checks);
  return {
    level,
    reasons: [
      ...(level === 'E1' ? (['operator-word'] as const) : []),
      facts.certificate?.keyOrigin === 'browser' ? 'browser-key' : 'software-key',
      ...(facts.authorization?.measures.includes('sms-code')
        ? (['sms-not-independent'] as const)
        : []),
      ...identityReasons(level, checks),
      facts.authorization?.passkey ? 'passkey-enrolment-not-shown' : 'no-enrolled-passkey',
    ],
  };
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
