import { toUtcSeconds, type TrailEvent } from '@mandate/core';
import {
  LIFE_LANES,
  lifeOf,
  lifeWords,
  type LifeFacts,
  type LifeMoment,
  type ReportLanguage,
} from '@mandate/report';
import { z } from 'zod';
import { actorView, actorsOf } from './actors.js';
import type { DeskParts } from './desk-parts.js';

/** Uses, and openings, told at once: the newest, or those before what has been told. */
const MOST = 500;
export interface LifePage {
  /** Id of a use. */
  readonly usesBefore?: string | undefined;
  /** Ordinal of an opening. */
  readonly accessesBefore?: number | undefined;
}
/** Where the next page begins; null: nothing is left out. */
export const nextView = z.object({ uses: z.string().nullable(), accesses: z.int().nullable() });

const party = z.object({ creditCode: z.string(), name: z.string() });
export const useView = z.object({
  at: z.string(),
  state: z.enum(['reserved', 'confirmed', 'released']),
  purpose: z.string(),
  source: party,
  recipient: party,
  items: z.array(z.string()),
});
export const accessView = z.object({ at: z.string(), purpose: z.string(), by: actorView });
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

/** A picture of a life: rows lie one apart, and what lasted between them. */
export const timelineView = z.object({
  whole: z.boolean().describe('No use and no opening is left out'),
  rows: z.array(row),
  spans: z.array(
    z.object({
      ...{ what: z.string(), label: z.string(), from: z.string() },
      until: z.string().nullable(),
      ...{ fromRow: z.number(), untilRow: z.number() },
    }),
  ),
});

type Parts = Pick<DeskParts, 'record' | 'cases'>;

/** The life of a letter from what is known without opening it; with `opened`, from a report on its bundle too. */
export async function letterLife(
  parts: Parts,
  id: string,
  language: ReportLanguage,
  { opened, ...page }: LifePage & { opened?: LifeFacts['opened'] } = {},
) {
  const { facts, next } = await factsOf(parts, id, page);
  const { rows, spans } = lifeOf({ ...facts, ...(opened ? { opened } : {}) });
  const words = lifeWords(language);
  const tell = await teller(parts, rows);
  const told = rows.map((moment) => ({ ...moment, ...tell(moment) }));
  return {
    uses: told.flatMap(({ use }) => use ?? []).toReversed(),
    accesses: told.flatMap(({ access }) => access ?? []).toReversed(),
    next,
    timeline: {
      whole: next.uses === null && next.accesses === null,
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
  };
}

async function factsOf({ record }: Parts, id: string, page: LifePage) {
  const [trail, uses, accesses, archives, freezes] = await Promise.all([
    record.trail(id),
    record.usesOf(id, { before: page.usesBefore, limit: MOST + 1 }),
    record.accessesOf(id, { before: page.accessesBefore, limit: MOST + 1 }),
    record.archivedAt(id),
    record.freezes(id),
  ]);
  const next = {
    uses: uses.length > MOST ? uses[MOST - 1]!.id : null,
    accesses: accesses.length > MOST ? accesses[MOST - 1]!.ordinal : null,
  };
  const facts: LifeFacts = {
    trail: trail.map(({ body }) => JSON.parse(body) as TrailEvent),
    uses: uses.slice(0, MOST).map(({ at, ...use }) => ({ ...use, at: at.toISOString() })),
    accesses: accesses
      .slice(0, MOST)
      .map(({ body }) => JSON.parse(body) as { at: string; purpose: string; actor: string }),
    archives: archives.map((at) => ({ at: at.toISOString() })),
    frozen: freezes.map(({ from, until }) => ({
      from: from.toISOString(),
      until: until?.toISOString(),
    })),
  };
  return { facts, next };
}

/** Names for what a moment names by code or id. */
async function teller(parts: Parts, moments: readonly LifeMoment[]) {
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
