import { DomainError, type GrantDoor } from '@mandate/core';
import { proveGrant, refused } from './grant-proof.js';
import { visibleGrant } from './grants.js';
import type { OpeningDeps } from './openings.js';
import { liveSession } from './sessions.js';

/** Looks at a grant as an opening would, and opens nothing. */
export const grantCheck = (deps: OpeningDeps): Pick<GrantDoor, 'checkGrant'> => ({
  checkGrant: async ({ secret, grant: id, authorizations, right }) => {
    const session = await liveSession(deps, secret);
    const grant = await visibleGrant(deps, session, id);
    const { staff } = session;
    const [authorizationId] = authorizations;
    if (authorizationId === undefined)
      throw new DomainError('invalid-request', 'authorizations: at least one');
    const why = await deps.record.grantRefusal({
      ...{ grantId: id, staffId: staff, authorizationId, right, at: deps.clock.now() },
    });
    if (why) throw refused(why);
    await proveGrant(deps, grant, { authorizations, right, staff });
    return { opens: true };
  },
});
