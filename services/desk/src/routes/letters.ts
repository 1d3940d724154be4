import { idPattern, toUtcSeconds, type TrailEvent } from '@mandate/core';
import { LIFE_LANES, lifeOf, lifeWords, type LifeMoment } from '@mandate/report';
import { z } from 'zod';
import { actorView, actorsOf } from '../actors.js';
import { route, type DeskParts } from '../desk-parts.js';
import { letterView, letterViewOf, visibleLetter } from '../letter-view.js';

/** Uses and openings told at once; the institution's register and the access register have all. */
const MOST = 500;

const party = z.object({ creditCode: z.string(), name: z.string() });
const useView = z.object({
  at: z.string(),
  state: z.enum(['reserved', 'confirmed', 'released']),
  purpose: z.string(),
  source: party,
  recipient: party,
  items: z.array(z.string()),
});
const accessView = z.object({ at: z.string(), purpose: z.string(), by: actorView });
const row = z.object({
  at: z.string(),
  what: z.string(),
  label: z.string(),
  lane: z.enum(LIFE_LANES),
  by: z.enum(['operator', 'timestamp']),
  gap: z.string().nullable(),
  use: useView.optional(),
  access: accessView.optional(),
});

/** A letter's facts without opening anything: its life, and who used it, when and why. */
export const letterRoutes = (parts: DeskParts) => [
  route({
    method: 'get',
    path: '/desk/api/letters/{id}',
    auth: 'staff',
    roles: ['officer', 'approver', 'auditor'],
    tag: 'searches',
    summary: 'A letter that a search of one’s own found, or a case is about',
    params: z.strictObject({ id: z.string().regex(idPattern('authorization')) }),
    query: z.object({ language: z.enum(['zh', 'en']).default('zh') }),
    responses: {
      200: {
        description: 'Its facts; no personal data',
        schema: letterView.extend({
          purpose: z.string(),
          uses: z.array(useView),
          accesses: z.array(accessView),
          timeline: z.object({
            rows: z.array(row),
            spans: z.array(
              z.object({
                ...{ what: z.string(), label: z.string(), from: z.string() },
                until: z.string().nullable(),
                ...{ fromRow: z.number(), untilRow: z.number() },
              }),
            ),
          }),
        }),
      },
    },
    problems: ['not-found'],
    handler: async (call) => {
      const { language } = call.query;
      const letter = await visibleLetter(parts, call, call.params.id);
      const { rows, spans } = await lifeOfLetter(parts, letter.id);
      const words = lifeWords(language);
      const tell = await teller(parts, rows);
      const told = rows.map((moment) => ({ ...moment, ...tell(moment) }));
      const template = await parts.record.template(letter.templateId, letter.templateVersion);
      return {
        status: 200,
        body: {
          ...letterViewOf(letter),
          purpose: purposeOf(template.body)[language],
          uses: told.flatMap(({ use }) => use ?? []).toReversed(),
          accesses: told.flatMap(({ access }) => access ?? []).toReversed(),
          timeline: {
            rows: told.map(({ at, what, lane, by, gap, use, access }) => ({
              ...{ at, what, lane, by, label: words.what(what) },
              gap: gap === null ? null : words.gap(gap),
              ...(use ? { use } : {}),
              ...(access ? { access } : {}),
            })),
            spans: spans.map(({ what, from, until, fromRow, untilRow }) => ({
              ...{ what, label: words.what(what), from, until: until ?? null, fromRow, untilRow },
            })),
          },
        },
      };
    },
  }),
];

/** The template’s own words for what the letter allows; published ones have been parsed already. */
const purposeOf = (body: string): Readonly<Record<'zh' | 'en', string>> =>
  (JSON.parse(body) as { plain: { purpose: Record<'zh' | 'en', string> } }).plain.purpose;

async function lifeOfLetter({ record }: DeskParts, id: string) {
  const [trail, uses, accesses, archives, freezes] = await Promise.all([
    record.trail(id),
    record.usesOf(id, MOST),
    record.accessesOf(id, MOST),
    record.archivedAt(id),
    record.freezes(id),
  ]);
  return lifeOf({
    trail: trail.map(({ body }) => JSON.parse(body) as TrailEvent),
    uses: uses.map(({ at, ...use }) => ({ ...use, at: at.toISOString() })),
    accesses: accesses.map(
      ({ body }) => JSON.parse(body) as { at: string; purpose: string; actor: string },
    ),
    archives: archives.map((at) => ({ at: at.toISOString() })),
    frozen: freezes.map(({ from, until }) => ({
      from: from.toISOString(),
      until: until?.toISOString(),
    })),
  });
}

/** Names for what a moment names by code or id. */
async function teller(parts: DeskParts, moments: readonly LifeMoment[]) {
  const names = await parts.record.partyNames([
    ...new Set(moments.flatMap(({ use }) => (use ? [use.source, use.recipient] : []))),
  ]);
  const actors = await actorsOf(
    parts,
    moments.flatMap(({ access }) => access?.actor ?? []),
  );
  const named = (creditCode: string) => ({ creditCode, name: names.get(creditCode) ?? creditCode });
  return ({ at, use, access }: LifeMoment) => ({
    use: use && {
      at: toUtcSeconds(new Date(at)),
      ...{ state: use.state, purpose: use.purpose, items: [...use.items] },
      ...{ source: named(use.source), recipient: named(use.recipient) },
    },
    access: access && {
      at: toUtcSeconds(new Date(at)),
      purpose: access.purpose,
      by: actors(access.actor),
    },
  });
}
