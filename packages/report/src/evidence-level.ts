import type { Verification } from '@mandate/verify';
import type { EvidenceLevel } from './report.js';

/**
 * How far the proof reaches beyond the operator's word. Format v0 holds nothing that was signed
 * outside the operator's reach (no carrier receipt or identity provider; a passkey counts as such only
 * with proof that it was enrolled days before, and bundles do not carry that yet), so it is E1 at best; a key made in the browser does not change that, since the operator could have
 * staged the ceremony.
 */
export function evidenceLevel({ claims, facts }: Verification): EvidenceLevel {
  const established = (['integrity', 'identity', 'intent', 'time'] as const).every(
    (claim) => claims[claim].status === 'passed',
  );
  if (!established) return { level: null, reasons: ['not-established'] };
  return {
    level: 'E1',
    reasons: [
      'operator-word',
      facts.certificate?.keyOrigin === 'browser' ? 'browser-key' : 'software-key',
      ...(facts.authorization?.measures.includes('sms-code')
        ? (['sms-not-independent'] as const)
        : []),
      'no-identity-provider',
      facts.authorization?.passkey ? 'passkey-enrolment-not-shown' : 'no-enrolled-passkey',
    ],
  };
}
