import type { Color } from '@mandate/letter';
import type { Indication, Status } from '@mandate/verify';

interface Tone {
  readonly ink: Color;
  readonly fill: Color;
}

const GOOD: Tone = { ink: [0.07, 0.4, 0.23], fill: [0.93, 0.975, 0.945] };
const OPEN: Tone = { ink: [0.58, 0.36, 0.02], fill: [0.995, 0.965, 0.9] };
const BAD: Tone = { ink: [0.68, 0.1, 0.1], fill: [0.995, 0.935, 0.93] };
const NONE: Tone = { ink: [0.4, 0.43, 0.48], fill: [0.96, 0.965, 0.97] };

const TONES: Readonly<Record<Indication | Status, Tone>> = {
  'TOTAL-PASSED': GOOD,
  passed: GOOD,
  INDETERMINATE: OPEN,
  indeterminate: OPEN,
  'TOTAL-FAILED': BAD,
  failed: BAD,
  'not-checked': NONE,
};

/** Colour beside the word that says the same. */
export const toneOf = (result: Indication | Status): Tone => TONES[result];
