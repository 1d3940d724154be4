import { isDomainError, newId, type GrantRight, type StaffDoor } from '@mandate/core';
import { foundDigest, type SearchDeps } from './search.js';
import { liveSession } from './sessions.js';

type Openings = Pick<
  StaffDoor,
  'openForCase' | 'checkGrant' | 'orderReports' | 'openForOrder' | 'settleReport'
>;
/** Letters of a refused order that are looked up for its entry; an order is refused as a whole. */
const MOST_NAMED = 20;

interface Refused {
  readonly staff: string;
  readonly grant: string;
  readonly right: GrantRight;
  readonly authorizations: readonly unknown[];
}

/** Whoever is refused an opening or an order stands in the register, as whoever is granted one does. */
export function notingRefusals(deps: SearchDeps, openings: Openings): Openings {
  const noted = async <T>(work: Promise<T>, refused: () => Promise<Refused | null>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (isDomainError(error, 'grant-refused', 'not-found', 'forbidden', 'erased')) {
        const what = await refused();
        if (what) await noteRefusal(deps, what, String(error.extensions['why'] ?? error.code));
      }
      throw error;
    }
  };
  const by = async (secret: Uint8Array) => (await liveSession(deps, secret)).staff;
  return {
    settleReport: openings.settleReport,

    openForCase: (request) =>
      noted(openings.openForCase(request), async () => ({
        ...{ staff: await by(request.secret), grant: request.grant, right: request.right },
        authorizations: [request.authorization],
      })),

    checkGrant: (request) =>
      noted(openings.checkGrant(request), async () => ({
        ...{ staff: await by(request.secret), grant: request.grant, right: request.right },
        authorizations: request.authorizations,
      })),

    orderReports: (request) =>
      noted(openings.orderReports(request), async () => ({
        ...{ staff: await by(request.secret), grant: request.grant },
        ...{ right: request.files ? 'download' : 'view' },
        authorizations: request.authorizations,
      })),

    // In the name of whoever ordered it: a job has nobody else. Nobody's, where there is no such order.
    openForOrder: (request) =>
      noted(openings.openForOrder(request), async () => {
        const order = await deps.record.order(request.order);
        return (
          order && {
            ...{ staff: order.requester, grant: order.grantId, right: order.openedFor },
            authorizations: [request.authorization],
          }
        );
      }),
  };
}

async function noteRefusal(
  deps: SearchDeps,
  { staff, grant, right, authorizations }: Refused,
  why: string,
): Promise<void> {
  const { clock, random, record, searches } = deps;
  const at = clock.now();
  const about = await record.grant(grant, at);
  const found: string[] = [];
  for (const text of new Set(authorizations.slice(0, MOST_NAMED))) {
    if (typeof text !== 'string') continue;
    const query = { by: 'authorization' as const, text };
    const known = await searches.findLetters(query, { institutionId: null, limit: 1 });
    found.push(...known.map(({ id }) => id));
  }
  const institution = about && (await record.caseFor(about.caseId))?.institutionId;
  await searches.addDeskEntry(
    {
      ...{ kind: 'refusal', id: newId('access', clock, random), staff, at: at.toISOString() },
      ...{ institution: institution ?? null, case: about?.caseId ?? null },
      ...{ found: foundDigest(found), grant: about ? grant : '', right, why },
    },
    found,
  );
}
