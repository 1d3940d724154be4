import { checkSignatureUpdate } from '@mandate/pdf';
import { check } from '../finding.js';
import { LETTER_FIELD, type LetterMaterial } from '../material/letter-material.js';
import type { Finding } from '../verification.js';

/** The signature must be the fixed-template update and nothing else: no other object may change. */
export function checkUpdateTemplate({ letter, update, signature }: LetterMaterial): Finding {
  const faults = checkSignatureUpdate(letter, update);
  const reasons = faults.map(({ id, object }) => (object ? `${id} ${object}` : id));
  if (signature.field !== LETTER_FIELD) reasons.push('field');
  return check(
    'update-template',
    reasons.length === 0,
    'FORMAT_FAILURE',
    reasons.length ? { reason: reasons.join(', ') } : undefined,
  );
}
