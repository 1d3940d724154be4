import {
  canonicalize,
  DomainError,
  FIRST_PREVIOUS,
  kindDigestHex,
  newId,
  type CaseKind,
  type CaseStep,
} from '@mandate/core';
import type { StepDeps } from '../deps.js';
import type { AuthorizationRow } from '../ports.js';
import type { CaseEvent, CaseRecord, CaseRow, WrittenCaseEvent } from './desk-ports.js';

export interface CaseDeps extends StepDeps {
  readonly record: CaseRecord;
}

/** Days run as calendar days from the moment of opening. */
const DAY = 86_400_000;

/**
 * A case about one authorization, under the clock of its kind. `by`: `staff:stf_…`, `own:own_…` or
 * `institution:ins_…`; `box`: applicant, standing and request under the data key, sealed by the caller.
 */
export async function openCase(
  { record, clock, random }: CaseDeps,
  p: {
    kind: CaseKind;
    authorization: Pick<AuthorizationRow, 'id' | 'institutionId'>;
    by: string;
    holdId?: string;
    box?: Uint8Array;
  },
): Promise<CaseRow> {
  const at = clock.now();
  const { days } = await record.caseClock(p.kind);
  const id = newId('case', clock, random);
  const event = { case: id, version: 1, type: 'opened', step: 'applied', by: p.by } as const;
  const written = chained({ ...event, at: at.toISOString(), previous: FIRST_PREVIOUS });
  const row: CaseRow = {
    id,
    number: await record.nextCaseNumber(at.getUTCFullYear()),
    kind: p.kind,
    authorizationId: p.authorization.id,
    institutionId: p.authorization.institutionId,
    holdId: p.holdId ?? null,
    openedBy: p.by,
    openedAt: at,
    dueAt: new Date(at.getTime() + days * DAY),
    extendedAt: null,
    step: 'applied',
    version: 1,
    head: written.digest,
  };
  await record.openCase(row, written, p.box);
  return row;
}

/** The next step, a note, or more time; what may follow what is decided in the database. */
export async function moveCase(
  { record, clock }: CaseDeps,
  seen: CaseRow,
  p:
    | { type: 'stepped'; to: CaseStep; by: string; box?: Uint8Array }
    | { type: 'noted' | 'extended'; by: string; box: Uint8Array },
): Promise<CaseRow> {
  const at = clock.now();
  const step = p.type === 'stepped' ? p.to : seen.step;
  if (p.type === 'stepped' && p.to === seen.step)
    throw new DomainError('illegal-transition', `the case is ${seen.step} already`);
  const extended = p.type === 'extended';
  const more = extended ? (await record.caseClock(seen.kind)).extensionDays : 0;
  if (extended && (more === 0 || seen.extendedAt))
    throw new DomainError('illegal-transition', 'no more time is to be had for this case');
  const version = seen.version + 1;
  const { id, head: previous } = seen;
  const what = { case: id, version, type: p.type, step, by: p.by, previous };
  const event = chained({ ...what, at: at.toISOString() });
  const next = {
    step,
    version,
    head: event.digest,
    dueAt: new Date(seen.dueAt.getTime() + more * DAY),
    extendedAt: extended ? at : seen.extendedAt,
  };
  await record.moveCase(seen, next, event, p.box);
  return { ...seen, ...next };
}

function chained(event: CaseEvent): WrittenCaseEvent {
  const body = { ...event };
  return { ...event, body: canonicalize(body), digest: kindDigestHex('case-event', body) };
}
