import {
  canonicalize,
  DomainError,
  FIRST_PREVIOUS,
  kindDigestHex,
  type DatabaseRole,
  type TrailEvent,
} from '@mandate/core';
import type { Step } from '@mandate/ceremony';
import type { Tx } from './connect.js';

/**
 * The only write of an authorization's state: the event, the projection and the outbox rows of one
 * step. Callers put their guards (conditional UPDATEs) into the same transaction, after this: the
 * authorization's row is locked first everywhere, so that steps wait for each other and never deadlock.
 * Throws `version-conflict` when the authorization has moved on, `illegal-transition` by trigger.
 */
export async function append(
  tx: Tx,
  by: DatabaseRole,
  step: Step,
): Promise<{ version: number; head: string }> {
  const version = step.authorization.version + 1;
  const event = eventOf(by, step, version);
  const head = kindDigestHex('event', event);
  const updated = await tx
    .updateTable('authorizations')
    .set({ version, head, updatedAt: step.at, ...(step.to ? { state: step.to } : {}) })
    .where('id', '=', step.authorization.id)
    .where('version', '=', step.authorization.version)
    .where('head', '=', step.authorization.head)
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n)
    throw new DomainError('version-conflict', 'the authorization has changed in the meantime');
  await insertEvent(tx, event, head);
  await wake(tx, step);
  return { version, head };
}

export function eventOf(by: DatabaseRole, step: Step, version: number): TrailEvent {
  return {
    stream: step.authorization.id,
    version,
    type: step.type,
    at: step.at.toISOString(),
    by,
    data: step.data,
    previous: version === 1 ? FIRST_PREVIOUS : step.authorization.head,
  };
}

export async function insertEvent(tx: Tx, event: TrailEvent, digest: string): Promise<void> {
  await tx
    .insertInto('events')
    .values({
      stream: event.stream,
      version: event.version,
      type: event.type,
      body: canonicalize(event),
      previous: event.previous,
      digest,
    })
    .execute();
}

async function wake(tx: Tx, step: Step): Promise<void> {
  if (!step.outbox?.length) return;
  await tx
    .insertInto('outbox')
    .values(step.outbox.map(({ topic, ref }) => ({ topic, ref, createdAt: step.at })))
    .execute();
}
