import {
  canonicalBytes,
  decrypt,
  encrypt,
  fromBase64Url,
  fromUtf8,
  toBase64Url,
  type AttemptState,
  type Random,
  type ServerBuild,
} from '@mandate/core';
import type { CaRecord, JournalStep } from '../ports.js';

/** What each step of an attempt leaves behind. Bytes are base64url inside the encrypted boxes. */
export interface JournalContents {
  intent: { toBeSigned: Uint8Array; signingTime: string };
  certificate: { certificate: Uint8Array };
  signature: { signature: Uint8Array };
  token: { request: Uint8Array; token: Uint8Array; genTime: string; operator: string };
  validation: { ocsp: Uint8Array; crl: Uint8Array; build: ServerBuild | null };
  seal: { cms: Uint8Array };
  bundle: { object: string; digest: string };
}

/**
 * The encrypted journal of one attempt: read a step, or write it once; the first writer wins.
 * `boxes` are the steps written so far. A step somebody else writes meanwhile is found when this
 * one is written: its contents come back instead of ours.
 */
export function attemptJournal(
  record: CaRecord,
  attemptId: string,
  dataKey: Uint8Array,
  random: Random,
  boxes: ReadonlyMap<JournalStep, Uint8Array>,
) {
  const known = new Map<JournalStep, Uint8Array>(boxes);
  const context = (step: JournalStep): string => `attempt_journal/${attemptId}/${step}`;
  const open = <S extends JournalStep>(step: S, box: Uint8Array): JournalContents[S] =>
    JSON.parse(fromUtf8(decrypt(dataKey, box, context(step))), revive) as JournalContents[S];
  const seal = <S extends JournalStep>(step: S, contents: JournalContents[S]): Uint8Array =>
    encrypt(dataKey, canonicalBytes(flatten(contents)), context(step), random);

  return {
    seal,
    read<S extends JournalStep>(step: S): JournalContents[S] | null {
      const box = known.get(step);
      return box ? open(step, box) : null;
    },
    async write<S extends JournalStep>(
      step: S,
      contents: JournalContents[S],
      at: Date,
      to?: AttemptState,
    ): Promise<JournalContents[S]> {
      const box = await record.journal(attemptId, step, seal(step, contents), at, to);
      known.set(step, box);
      return open(step, box);
    },
  };
}
export type AttemptJournal = ReturnType<typeof attemptJournal>;

const flatten = (contents: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(contents).map(([k, v]) => [
      k,
      v instanceof Uint8Array ? { bytes: toBase64Url(v) } : v,
    ]),
  );

const revive = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'bytes' in value && typeof value.bytes === 'string'
    ? fromBase64Url(value.bytes)
    : value;
