import { z } from 'zod';
import type { DeskParts } from './desk-parts.js';

/** Who opened something, as the register has it: people of the desk by name, subjects by none. */
export const actorView = z.object({
  kind: z.enum(['staff', 'institution', 'subject', 'service']),
  id: z.string().nullable(),
  name: z.string().nullable(),
});
export type Actor = z.input<typeof actorView>;

const STAFF = /(?:^|\/)staff:(stf_[0-9a-f-]+)$/;
const INSTITUTION = /(?:^|\/)(?:institution:|own-link:[^/]+\/)(ins_[0-9a-f-]+)/;
const SUBJECT = /(?:^|\/)(?:own:|visit:|letter-number)/;

/** Tells actors of the register (`web/institution:ins_…`, `staff:stf_…`) with the names they have now. */
export async function actorsOf(
  { cases, record }: Pick<DeskParts, 'cases' | 'record'>,
  actors: readonly string[],
): Promise<(actor: string) => Actor> {
  const ids = (pattern: RegExp) => [
    ...new Set(actors.flatMap((actor) => pattern.exec(actor)?.[1] ?? [])),
  ];
  const staff = await cases.staffNames(ids(STAFF));
  const institutions = new Map<string, string>();
  for (const id of ids(INSTITUTION))
    for (const { name } of await record.institutionNames(id)) institutions.set(id, name);
  return (actor) => {
    const person = STAFF.exec(actor)?.[1];
    if (person) return { kind: 'staff', id: person, name: staff.get(person) ?? null };
    const institution = INSTITUTION.exec(actor)?.[1];
    if (institution)
      return { kind: 'institution', id: institution, name: institutions.get(institution) ?? null };
    return { kind: SUBJECT.test(actor) ? 'subject' : 'service', id: null, name: null };
  };
}
