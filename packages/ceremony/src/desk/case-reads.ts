import { newId, toUtcSeconds, type CaseDoor, type StaffSession } from '@mandate/core';
import { startOfHour } from '../deps.js';
import { openTexts } from './case-texts.js';
import type { CaseRow } from './case-ports.js';
import { checkRole, keyOf, visibleCase, type CaseDeps } from './cases.js';
import { countLook, foundDigest } from './search.js';
import type { SearchRecord } from './search-ports.js';
import { liveSession } from './sessions.js';

export interface CaseReadDeps extends CaseDeps {
  readonly searches: Pick<SearchRecord, 'count' | 'addDeskEntry' | 'hasReadCase'>;
}

const READERS: StaffSession['roles'] = ['officer', 'approver', 'auditor'];

/** What people said in a case; whoever reads it stands in the register before it is opened. */
export const caseReads = (deps: CaseReadDeps): Pick<CaseDoor, 'readCase'> => ({
  readCase: async ({ secret, caseId }) => {
    const { record } = deps;
    const session = await liveSession(deps, secret);
    const row = await visibleCase(deps, session, caseId);
    checkRole(session, READERS);
    await noteReading(deps, session, row);
    const key = await keyOf(deps, row.id);
    const trail = await record.caseTrail(row.id);
    const keptUntil = await record.caseKeptUntil(row.id);
    return {
      trail: trail.map((event) => ({
        ...{ version: event.version, type: event.type, step: event.step, by: event.by },
        ...{ at: event.at, digest: event.digest },
        ...(event.sealed
          ? { texts: key && openTexts(key, row.id, event.version, event.sealed) }
          : {}),
      })),
      keptUntil: keptUntil && toUtcSeconds(keptUntil),
    };
  },
});

/** Once for person, case and hour: a page that is looked at again is the same reading. Throws `rate-limited`. */
async function noteReading(
  deps: CaseReadDeps,
  { staff, roles }: StaffSession,
  { id: caseId, institutionId }: CaseRow,
): Promise<void> {
  const { clock, random, record, searches } = deps;
  const at = clock.now();
  if (await searches.hasReadCase({ staffId: staff, caseId, since: startOfHour(at) })) return;
  await countLook(deps, staff, false);
  const found = [...((await record.caseList(caseId))?.authorizations ?? [])].sort();
  await searches.addDeskEntry(
    {
      ...{ kind: 'case-read', id: newId('access', clock, random), staff, at: at.toISOString() },
      ...{ institution: institutionId, case: caseId, found: foundDigest(found) },
      purpose: roles.includes('auditor') ? 'audit' : 'case',
    },
    found,
  );
}
