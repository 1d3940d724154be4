import { toUtcSeconds } from '@mandate/core';
import { REGISTER_KINDS, type RegisterEntry } from '@mandate/ceremony';
import { z } from 'zod';
import { actorsOf, actorView } from './actors.js';
import type { DeskParts } from './desk-parts.js';

const text = z.string().nullable();
export const registerView = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(REGISTER_KINDS),
  by: actorView,
  purpose: text.describe('Of an opening, or of a search'),
  case: z.object({ id: z.string(), number: text }).nullable(),
  institution: text,
  authorization: text,
  letterNumber: text,
  grant: text,
  right: text,
  why: text.describe('Of a refusal'),
  searchedBy: text.describe('By what was searched; for what is kept as a keyed digest alone'),
  searched: text,
  act: text.describe('What was done with a reconciliation or sample'),
  about: text.describe('Which one'),
  values: z.int().nullable(),
  results: z.int().nullable(),
});
export type RegisterView = z.input<typeof registerView>;

/** Members of an entry: of an opening, a search, a refusal, or a review of many. */
interface Body {
  readonly at: string;
  readonly actor?: string;
  readonly staff?: string;
  readonly purpose?: string;
  readonly grant?: string;
  readonly right?: string;
  readonly why?: string;
  readonly by?: string;
  readonly act?: string;
  readonly about?: string;
  readonly searched?: string;
  readonly values?: number;
  readonly results?: number;
}

/** As it is shown, printed and exported. */
export async function registerViews(
  parts: Pick<DeskParts, 'cases' | 'record'>,
  entries: readonly RegisterEntry[],
): Promise<RegisterView[]> {
  const read = entries.map((entry) => ({ entry, body: JSON.parse(entry.body) as Body }));
  const actorOf = ({ staff, actor }: Body): string => (staff ? `staff:${staff}` : (actor ?? ''));
  const actors = await actorsOf(
    parts,
    read.map(({ body }) => actorOf(body)),
  );
  return read.map(({ entry, body }) => ({
    ...{ id: entry.id, kind: entry.kind, at: toUtcSeconds(new Date(body.at)) },
    by: actors(actorOf(body)),
    purpose: body.purpose ?? null,
    case: entry.caseId ? { id: entry.caseId, number: entry.caseNumber } : null,
    ...{ institution: entry.institutionId, authorization: entry.authorizationId },
    letterNumber: entry.letterNumber,
    ...{ grant: body.grant ?? null, right: body.right ?? null, why: body.why ?? null },
    ...{ searchedBy: body.by ?? null, searched: body.searched ?? null },
    ...{ act: body.act ?? null, about: body.about ?? null },
    ...{ values: body.values ?? null, results: body.results ?? null },
  }));
}
