import { LETTER_PROOF, PART, SEAL } from '@mandate/evidence';
import type { Verification } from '@mandate/verify';
import type { EvidenceId, EvidenceItem } from './report.js';

/** Parts of a bundle that prove something by themselves, in the order of the list. */
const PARTS: readonly (readonly [EvidenceId, string])[] = [
  ['signed-letter', PART.signedLetter],
  ['certificate', PART.sceneCertificate],
  ['token', PART.token],
  ['status', PART.ocsp],
  ['presentation', PART.presentation],
  ['code-record', PART.codeRecord],
  ['delivery', PART.delivery],
  ['passkey', PART.passkey],
  ['identity', PART.identity],
  ['possession', PART.proofOfPossession],
  ['trail', PART.trail],
  ['template', PART.template],
  ['builds', PART.provenance],
];

/** What there is to hand in, each with its digest: only what was found in the file. */
export function evidenceOf({ input, facts }: Verification): EvidenceItem[] {
  const { parts, letter, seal, ledger, later } = facts;
  if (!parts) return letter ? [{ id: 'signed-letter', name: '', digest: letter.signedDigest }] : [];
  return [
    ...PARTS.flatMap(([id, name]): EvidenceItem[] => {
      const found = parts.find((part) => part.name === name);
      return found ? [{ id, name, digest: found.digest }] : [];
    }),
    ...(seal ? [{ id: 'seal', name: SEAL } as const] : []),
    ...(ledger ? [{ id: 'ledger-proof', name: LETTER_PROOF } as const] : []),
    ...(later ? [{ id: 'later', name: 'later/' } as const] : []),
    { id: 'bundle', name: '', digest: input.digest },
  ];
}
