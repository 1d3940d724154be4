import type { LetterForm, ReadingPlace } from './reading.js';

/** What of a reading outlives the page, in this tab alone. */
export interface KeptReading {
  readonly milliseconds: number;
  readonly place: ReadingPlace;
  readonly visible: [string, number][];
  readonly acknowledged: [string, number][];
  readonly decided: [string, boolean][];
  readonly seen: LetterForm[];
  readonly reachedEnd: boolean;
  readonly readAloud: boolean;
  readonly logo?: string;
}

/** One entry for each letter: in a set several are read in turn. */
const PREFIX = 'mandate-reading:';

export function keepReading(letterDigest: string, reading: KeptReading): void {
  try {
    sessionStorage.setItem(PREFIX + letterDigest, JSON.stringify(reading));
  } catch {
    // some WebViews have no storage: then it lives as long as the page
  }
}

export function keptReading(letterDigest: string): KeptReading | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + letterDigest) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

export function forgetReadings(): void {
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}
