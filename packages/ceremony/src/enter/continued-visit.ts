import type { EnterDeps } from './enter.js';

/** How many visits one reading may reach through; a reader who opens more reads again. */
const REACH = 10;

/**
 * The earlier visit a new one continues: the browser still holds its secret (`shown`), and it was to the same
 * letter or set. A closed page that is opened again by its link goes on; another browser, even with the same
 * link or with the address a frame handed over to, does not. Null where there is none.
 */
export async function continuedVisit(
  deps: EnterDeps,
  authorizationId: string,
  shown: { readonly id: string; readonly authorizationId: string } | null,
): Promise<string | null> {
  if (!shown) return null;
  if (shown.authorizationId === authorizationId) return shown.id;
  const set = await deps.record.setOf(authorizationId);
  const same = set?.members.some((member) => member.authorizationId === shown.authorizationId);
  return same ? shown.id : null;
}

/** True when `earlier` is the visit `id` or one that it continues. */
export async function isSameReader(
  record: Pick<EnterDeps['record'], 'visit'>,
  id: string,
  earlier: unknown,
): Promise<boolean> {
  let at: string | null = id;
  for (let step = 0; at !== null && step <= REACH; step++) {
    if (at === earlier) return true;
    at = (await record.visit(at))?.continues ?? null;
  }
  return false;
}
