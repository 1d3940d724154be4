import { placeOf, type Finding } from '@mandate/verify';
import type { PlainReason } from './report.js';

/** Why it does not pass, for a reader without the trade's words: which claim fell, and whether it is broken or open. */
export const plainReasonOf = ({ id, status }: Finding): PlainReason => ({
  claim: placeOf(id).claim,
  broken: status === 'failed',
});
