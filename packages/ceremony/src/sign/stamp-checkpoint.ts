import { addSeconds, DomainError, isDomainError, sha256, utf8 } from '@mandate/core';
import type { Clock, Objects, TsaRole } from '@mandate/core';
import { stampPath } from '@mandate/ledger';
import { startOfDay } from '../deps.js';
import type { CheckpointStamp, StampRecord } from '../ports.js';

export interface StampDeps {
  readonly record: StampRecord;
  readonly objects: Objects;
  readonly tsa: Pick<TsaRole, 'token'>;
  readonly clock: Clock;
  /** At most one stamp in so many seconds, but for the first after the end of a day (UTC). */
  readonly stampSeconds: number;
  /** Told of each new token. */
  readonly onToken?: (token: Uint8Array) => Promise<void>;
}

/**
 * Has the newest published head stamped by a timestamp authority when it is due, and publishes note and token beside
 * the tiles: from then on nobody of one operator can give the ledger another past. Always the newest head: what a
 * stamp leaves out was not there yet. Resolves to whether a head was stamped now. Throws `timestamp-unavailable`,
 * `ledger-behind`; what was stamped and not published is published by the next call.
 */
export async function stampCheckpoint(deps: StampDeps): Promise<boolean> {
  await publishStamps(deps);
  const { newest, last } = await deps.record.stampStanding();
  if (!newest || !isDue(deps, newest.size, last)) return false;
  const { token, genTime } = await deps.tsa.token({ digest: sha256(utf8(newest.note)) });
  const added = await deps.record.addStamp({
    number: last ? last.number + 1 : 0,
    size: newest.size,
    token,
    at: new Date(genTime),
  });
  await publishStamps(deps);
  await deps.onToken?.(token);
  return added;
}

function isDue(
  { clock, stampSeconds }: StampDeps,
  size: number,
  last: { readonly size: number; readonly at: Date } | null,
): boolean {
  if (!last) return true;
  const now = clock.now();
  return (
    size > last.size &&
    (now >= addSeconds(last.at, stampSeconds) || startOfDay(now) > startOfDay(last.at))
  );
}

async function publishStamps({ record, objects }: StampDeps): Promise<void> {
  for (const stamp of await record.unpublishedStamps()) {
    await publishStamp(objects, stamp);
    await record.markStampPublished(stamp.number);
  }
}

/** The token last: who finds it finds what it is about. */
async function publishStamp(objects: Objects, stamp: CheckpointStamp): Promise<void> {
  const { number, note, token } = stamp;
  const put = (file: 'checkpoint' | 'token', bytes: Uint8Array): Promise<void> =>
    objects.put(`ledger/${stampPath(number, file)}`, bytes).catch((cause: unknown) => {
      if (!isDomainError(cause, 'object-exists')) throw cause;
      throw new DomainError('ledger-behind', 'another stamp was published', { cause });
    });
  await put('checkpoint', utf8(note));
  await put('token', token);
}
