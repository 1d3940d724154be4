import { isDomainError, newId, type StaffDoor } from '@mandate/core';
import { foundDigest, type SearchDeps } from './search.js';
import { liveSession } from './sessions.js';

type Opening = StaffDoor['openForCase'];

/** Whoever is refused an opening stands in the register, as whoever is granted one does. */
export const notingRefusals =
  (deps: SearchDeps, open: Opening): Opening =>
  async (request) => {
    try {
      return await open(request);
    } catch (error) {
      if (isDomainError(error, 'grant-refused', 'not-found', 'forbidden', 'erased'))
        await noteRefusal(deps, request, String(error.extensions['why'] ?? error.code));
      throw error;
    }
  };

async function noteRefusal(
  deps: SearchDeps,
  { secret, grant, right, ...request }: Parameters<Opening>[0],
  why: string,
): Promise<void> {
  const { clock, random, record, searches } = deps;
  const session = await liveSession(deps, secret);
  const at = clock.now();
  const about = await record.grant(grant, at);
  const authorization = (request as { authorization?: string }).authorization;
  const known =
    authorization === undefined
      ? []
      : await searches.findLetters(
          { by: 'authorization', text: authorization },
          { institutionId: null, limit: 1 },
        );
  const found = known.map(({ id }) => id);
  const institution = about && (await record.caseFor(about.caseId))?.institutionId;
  await searches.addDeskEntry(
    {
      ...{ kind: 'refusal', id: newId('access', clock, random), staff: session.staff },
      ...{ at: at.toISOString(), institution: institution ?? null, case: about?.caseId ?? null },
      ...{ found: foundDigest(found), grant: about ? grant : '', right, why },
    },
    found,
  );
}
