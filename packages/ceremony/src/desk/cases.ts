import {
  canonicalize,
  decrypt,
  DomainError,
  encrypt,
  FIRST_PREVIOUS,
  isDomainError,
  kindDigestHex,
  newId,
  sha256Hex,
  type CaseAct,
  type CaseDoor,
  type NewCase,
  type StaffSession,
} from '@mandate/core';
import type { StepDeps } from '../deps.js';
import type { AgreementDeps } from './agreements.js';
import type { CaseEvent, CaseRow, WrittenCaseEvent } from './case-ports.js';
import { clockFor, extendedClock } from './case-clock.js';
import { checkTexts, checkTextsFor, sealTexts } from './case-texts.js';
import { caseEndFact, deskFact } from './desk-facts.js';
import type { DoorRecord } from './desk-ports.js';
import { caseEventCode, caseListDigest, openedCase } from './opened-case.js';
import type { RowMacs } from './row-macs.js';
import { liveSession } from './sessions.js';

export interface CaseDeps extends AgreementDeps, StepDeps {
  readonly record: DoorRecord;
  readonly macs: RowMacs;
  readonly wrappingKey: Uint8Array;
}

const MOST_AUTHORIZATIONS = 1000;
/** Cases are numbered by the year where the offices are. */
const OFFICE_OFFSET = 8 * 3_600_000;
const MOST_DISPUTES = 200;

type Cases = Pick<
  CaseDoor,
  'openCase' | 'openInstitutionCase' | 'openDisputes' | 'actOnCase' | 'sweepCases'
>;

/** Cases, written behind the door: by whom something was done is what role vault knows, not what the desk says. */
export function staffCases(deps: CaseDeps): Cases {
  const { record, clock } = deps;
  return {
    openCase: async ({ secret, case: asked }) => {
      const session = await liveSession(deps, secret);
      checkRole(session, ['officer']);
      const id = await addCase(deps, asked, {
        by: `staff:${session.staff}`,
        session: session.session,
        institutionId: session.institutionId,
      });
      return { id };
    },

    openInstitutionCase: async ({ institutionId, requestKey, case: asked }) => {
      const known = await record.caseByRequest(institutionId, requestKey);
      if (known) return { id: known };
      if ((await record.caseClock(asked.kind)).received)
        throw new DomainError('illegal-transition', 'staff alone take in cases of this kind');
      const by = `institution:${institutionId}`;
      return { id: await addCase(deps, asked, { by, institutionId, requestKey }) };
    },

    openDisputes: async () => {
      let opened = 0;
      for (const hold of await record.disputesWithoutCase(MOST_DISPUTES)) {
        try {
          await addCase(
            deps,
            {
              ...{ kind: 'subject-dispute', authorizations: [hold.authorizationId] },
              ...{ dispute: hold.id, texts: {} },
            },
            { by: 'subject', institutionId: hold.institutionId },
          );
          opened++;
        } catch (error) {
          // Another worker, or somebody of the desk, was faster.
          if (!isDomainError(error, 'case-open')) throw error;
        }
      }
      return { opened };
    },

    actOnCase: async ({ secret, caseId, version, act }) => {
      const session = await liveSession(deps, secret);
      const seen = await visibleCase(deps, session, caseId);
      if (seen.version !== version)
        throw new DomainError('version-conflict', 'somebody else has just worked on this case');
      return { version: await addAct(deps, seen, act, session) };
    },

    sweepCases: async () => ({ destroyed: await record.sweepCaseKeys(clock.now()) }),
  };
}

/** Of roles that are vouched for, whatever the database thinks. Throws `forbidden`. */
export function checkRole(session: StaffSession, roles: StaffSession['roles']): void {
  if (!session.roles.some((role) => roles.includes(role)))
    throw new DomainError('forbidden', `for ${roles.join(', ')}`);
}

/**
 * Throws `not-found`: of another institution is as if it were not there. Whose it is, its first event says, beside its row,
 * which the database's owner can change.
 */
export async function visibleCase(
  deps: Pick<CaseDeps, 'record' | 'macs'>,
  { institutionId }: Pick<StaffSession, 'institutionId'>,
  id: string,
): Promise<CaseRow> {
  const found = await deps.record.caseFor(id);
  const theirs = (institution: string) => !institutionId || institution === institutionId;
  if (!found || !theirs(found.institutionId)) throw new DomainError('not-found', 'no such case');
  const opened = institutionId && (await openedCase(deps, id));
  if (institutionId && !(opened && theirs(opened.institution ?? institutionId)))
    throw new DomainError('not-found', 'no such case');
  return found;
}

async function addCase(
  deps: CaseDeps,
  asked: NewCase,
  p: { by: string; session?: string; institutionId: string | null; requestKey?: string },
): Promise<string> {
  const { record, clock, random, wrappingKey } = deps;
  checkTexts(asked.texts);
  const authorizations = [...new Set(asked.authorizations)].sort();
  if (authorizations.length === 0 || authorizations.length > MOST_AUTHORIZATIONS)
    throw new DomainError('invalid-request', `authorizations: 1 to ${MOST_AUTHORIZATIONS}`);
  const institutions = await record.institutionsOf(authorizations);
  const institutionId = institutions?.[0];
  if (
    !institutionId ||
    institutions.length > 1 ||
    (p.institutionId ?? institutionId) !== institutionId
  )
    throw new DomainError('not-found', 'no such authorizations of one institution');
  const hold = asked.dispute ? await record.holdFor(asked.dispute) : null;
  if (asked.dispute && !authorizations.includes(hold?.authorizationId ?? ''))
    throw new DomainError('not-found', 'no such dispute');
  const at = clock.now();
  const { receivedAt, dueAt } = clockFor(await record.caseClock(asked.kind), asked, hold, at);
  const id = newId('case', clock, random);
  const key = random.bytes(32);
  const box = sealTexts(key, id, 1, asked.texts, random);
  const event = written(deps, {
    ...{ case: id, version: 1, type: 'opened', step: 'applied', by: p.by, at: at.toISOString() },
    ...{ previous: FIRST_PREVIOUS, authorizations: caseListDigest(authorizations) },
    institution: institutionId,
    ...{ received: receivedAt.toISOString(), due: dueAt.toISOString() },
    ...(p.session ? { session: p.session } : {}),
    ...(box ? { box: sha256Hex(box) } : {}),
  });
  const year = new Date(at.getTime() + OFFICE_OFFSET).getUTCFullYear();
  const row: CaseRow = {
    ...{ id, number: await record.nextCaseNumber(year), kind: asked.kind, institutionId },
    ...{ holdId: asked.dispute ?? null, openedBy: p.by, receivedAt },
    ...{ openedAt: at, dueAt, extendedAt: null, extensions: 0 },
    ...{ step: 'applied', version: 1, head: event.digest },
  };
  const wrapped = encrypt(wrappingKey, key, `case_keys/${id}`, random);
  const { requestKey } = p;
  await record.addCase({
    ...{ row, authorizations, event, box, wrapped },
    ...(requestKey ? { requestKey } : {}),
  });
  return id;
}

async function addAct(
  deps: CaseDeps,
  seen: CaseRow,
  act: CaseAct,
  session: StaffSession,
): Promise<number> {
  const { record, clock, random } = deps;
  checkTextsFor(act, seen.step);
  const by = `staff:${session.staff}`;
  const step = act.type === 'stepped' ? act.to : seen.step;
  const decides = step === 'accepted' || step === 'rejected';
  checkRole(session, decides ? ['officer', 'approver'] : ['officer']);
  if (act.type === 'stepped' && act.to === seen.step)
    throw new DomainError('illegal-transition', `the case is ${seen.step} already`);
  if (act.type === 'stepped' && ['accepted', 'rejected'].includes(act.to) && by === seen.openedBy)
    throw new DomainError('own-request', 'somebody else takes up what one opened');
  const over = act.type === 'stepped' && (step === 'closed' || step === 'rejected');
  if (over && seen.holdId && !(await record.holdFor(seen.holdId))?.resolvedAt)
    throw new DomainError('dispute-open', 'the dispute ends first');
  const extended = act.type === 'extended';
  const at = clock.now();
  const term = extended
    ? extendedClock(await record.caseClock(seen.kind), seen, at)
    : { dueAt: seen.dueAt, extendedAt: seen.extendedAt, extensions: seen.extensions };
  const version = seen.version + 1;
  const key = await keyOf(deps, seen.id);
  if (!key) throw new DomainError('erased', 'the key of this case was destroyed');
  const box = sealTexts(key, seen.id, version, act.texts, random);
  const event = written(deps, {
    ...{ case: seen.id, version, type: act.type, step, by, session: session.session },
    ...{ at: at.toISOString(), previous: seen.head },
    ...(extended ? { due: term.dueAt.toISOString() } : {}),
    ...(box ? { box: sha256Hex(box) } : {}),
  });
  const next = { step, version, head: event.digest, ...term };
  const fact = caseEndFact(deps.macs, seen.id);
  const ended = over ? deskFact('ended', seen.id, { fact, at }) : null;
  await record.moveCase(seen, next, event, box, ended);
  return version;
}

/** Null once it was destroyed. */
export async function keyOf(
  { record, wrappingKey }: CaseDeps,
  id: string,
): Promise<Uint8Array | null> {
  const wrapped = await record.caseKey(id);
  return wrapped && decrypt(wrappingKey, wrapped, `case_keys/${id}`);
}

function written({ macs }: CaseDeps, event: CaseEvent): WrittenCaseEvent {
  const digest = kindDigestHex('case-event', event);
  return {
    ...event,
    body: canonicalize(event),
    digest,
    mac: caseEventCode(macs, event.case, digest),
  };
}
