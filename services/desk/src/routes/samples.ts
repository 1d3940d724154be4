import { DomainError, idPattern, toHex, toUtcSeconds, type ReviewAct } from '@mandate/core';
import {
  drawFixed,
  drawingKey,
  findOfItem,
  fixSample,
  redraw,
  SAMPLE_FINDINGS,
  SAMPLE_KINDS,
  sampleDefinition,
  type SampleItem,
  type SampleRow,
  type SettledSeed,
} from '@mandate/ceremony';
import { z } from 'zod';
import { csvFile } from '../csv.js';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { visible } from '../visible-institution.js';

const ROLES = ['auditor'] as const;
const PAGE = 100;
const moment = z.iso.datetime({ offset: true }).max(40);
const sampleId = z.strictObject({ id: z.string().regex(idPattern('sample')) });
const sampleView = z.object({
  id: z.string(),
  institution: z.string().nullable().describe('null: of all institutions'),
  kind: z.enum(SAMPLE_KINDS),
  from: z.string(),
  to: z.string(),
  wanted: z.int(),
  nonce: z
    .string()
    .nullable()
    .describe('32 bytes, hex; null: fixed when the desk still drew seeds alone'),
  definition: z
    .string()
    .nullable()
    .describe('digest of what was fixed, hex; the ledger has it before there is a seed'),
  seed: z.string().nullable().describe('32 bytes, hex; null: not drawn yet'),
  madeBy: z.string(),
  madeAt: z.string(),
  drawnAt: z.string().nullable(),
  sweptAt: z.string().nullable().describe('when what was drawn was destroyed'),
  population: z.int().nullable(),
  populationDigest: z.string().nullable(),
});
const settled = z
  .object({
    entry: z.int().describe('index of the sample’s entry in the ledger'),
    size: z.int().describe('of the ledger, in the first published head that covers it'),
    note: z.string().describe('that head as the ledger signed it'),
    seed: z.string().describe('SHA-256 over the 32 bytes of the definition and that note, hex'),
  })
  .nullable();
const item = z.object({
  ordinal: z.int(),
  id: z.string(),
  authorization: z.string(),
  findings: z.array(
    z.object({
      finding: z.enum(SAMPLE_FINDINGS),
      note: z.string(),
      by: z.string(),
      at: z.string(),
    }),
  ),
});
const whole = sampleView.extend({ settled, items: z.array(item) });
const one = { 200: { description: 'As it stands', schema: whole } } as const;

/** Samples that nobody picks: they are in the ledger before it settles by what they are drawn. */
export function sampleRoutes(parts: DeskParts) {
  const { clock, random } = parts;
  const { samples: record } = parts;
  const deps = { record, clock, random };
  const noted = (
    who: Contexts['staff'],
    act: ReviewAct,
    { id, institutionId }: SampleRow,
    items: readonly SampleItem[] = [],
  ) =>
    parts.authority.vault.noteReview({
      ...{ secret: who.secret, act, about: id, institutionId },
      authorizations: [...new Set(items.map(({ authorizationId }) => authorizationId))],
    });
  const seen = async (call: Contexts['staff'] & { params: { id: string } }) =>
    visible(call, await record.sample(call.params.id));
  const bodyOf = async (id: string) => ({
    ...sampleOf((await record.sample(id))!),
    settled: settledOf(await record.settledSeed(id)),
    items: (await record.sampleItems(id)).map(itemOf),
  });
  return [
    route({
      method: 'post',
      path: '/desk/api/samples',
      auth: 'staff',
      roles: ROLES,
      tag: 'samples',
      summary: 'Fixes a sample: from what and how many; the ledger’s next head settles the seed',
      body: z.strictObject({
        institution: z.string().regex(idPattern('institution')).optional(),
        kind: z.enum(SAMPLE_KINDS),
        from: moment,
        to: moment.describe('not included, and over'),
        wanted: z.int().min(1).max(500),
      }),
      responses: { 201: { description: 'Fixed', schema: sampleView } },
      problems: ['not-found', 'invalid-request'],
      handler: async (call) => {
        const { institution, from, to, ...asked } = call.body;
        if (call.institutionId && institution && institution !== call.institutionId)
          throw new DomainError('not-found', 'no such institution');
        const row = await fixSample(deps, {
          ...{ ...asked, from: new Date(from), to: new Date(to), by: call.staff },
          institutionId: call.institutionId ?? institution ?? null,
        });
        await noted(call, 'sample-fixed', row);
        return { status: 201, body: sampleOf(row) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/samples',
      auth: 'staff',
      roles: ROLES,
      tag: 'samples',
      summary: 'Samples, newest first, those that were never drawn too',
      query: z.object({ before: z.string().regex(idPattern('sample')).optional() }),
      responses: {
        200: {
          description: 'A page of them',
          schema: z.object({ items: z.array(sampleView), next: z.string().nullable() }),
        },
      },
      problems: [],
      handler: async ({ institutionId, query }) => {
        const rows = await record.samples({
          ...{ institutionId: institutionId ?? undefined, before: query.before, limit: PAGE },
        });
        const next = rows.length === PAGE ? rows.at(-1)!.id : null;
        return { status: 200, body: { items: rows.map(sampleOf), next } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/samples/{id}/seed',
      auth: 'staff',
      roles: ROLES,
      tag: 'samples',
      summary: 'Whether the ledger has settled the seed; some seconds after the sample was fixed',
      params: sampleId,
      responses: { 200: { description: 'What settled it', schema: z.object({ settled }) } },
      problems: ['not-found'],
      // nothing of anybody: pages ask every second, and none of it is in the register
      handler: async (call) => {
        const { id } = await seen(call);
        return { status: 200, body: { settled: settledOf(await record.settledSeed(id)) } };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/samples/{id}/drawing',
      auth: 'staff',
      roles: ROLES,
      tag: 'samples',
      summary: 'Draws it, once, by the seed that the ledger settled',
      params: sampleId,
      responses: one,
      problems: ['not-found', 'illegal-transition'],
      handler: async (call) => {
        const sample = await seen(call);
        if (sample.drawnAt)
          throw new DomainError('illegal-transition', 'the sample was drawn already');
        await drawFixed(deps, sample, call.staff);
        await noted(call, 'sample-drawn', sample, await record.sampleItems(sample.id));
        return { status: 200, body: await bodyOf(sample.id) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/samples/{id}',
      auth: 'staff',
      roles: ROLES,
      tag: 'samples',
      summary: 'A sample, what was drawn and what was found',
      params: sampleId,
      responses: one,
      problems: ['not-found'],
      handler: async (call) => {
        const sample = await seen(call);
        await noted(call, 'sample-read', sample, await record.sampleItems(sample.id));
        return { status: 200, body: await bodyOf(sample.id) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/samples/{id}/verification',
      auth: 'staff',
      roles: ROLES,
      tag: 'samples',
      summary: 'Draws once more by the same seed and compares',
      params: sampleId,
      responses: {
        200: {
          description: 'Whether it is the same',
          schema: z.object({
            sameItems: z.boolean(),
            samePopulation: z.boolean(),
            sameSeed: z.boolean().nullable().describe('null: a seed that the desk drew alone'),
          }),
        },
      },
      problems: ['not-found', 'illegal-transition'],
      handler: async (call) => {
        const sample = await seen(call);
        await noted(call, 'sample-read', sample, await record.sampleItems(sample.id));
        return { status: 200, body: await redraw(deps, sample) };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/samples/{id}/findings',
      auth: 'staff',
      roles: ROLES,
      tag: 'samples',
      summary: 'What was found of an item; earlier findings stay',
      params: sampleId,
      body: z.strictObject({
        ordinal: z.int().min(1).max(500),
        finding: z.enum(SAMPLE_FINDINGS),
        note: z
          .string()
          .regex(/^(?:\S(?:.{0,198}\S)?)?$/su)
          .default('')
          .describe('at most 200 characters, no personal data'),
      }),
      responses: one,
      problems: ['not-found', 'invalid-request', 'version-conflict'],
      handler: async (call) => {
        const sample = await seen(call);
        await noted(call, 'sample-read', sample, await record.sampleItems(sample.id));
        await findOfItem(deps, { ...call.body, sample, by: call.staff });
        return { status: 200, body: await bodyOf(sample.id) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/samples/{id}/items.csv',
      auth: 'staff',
      roles: ROLES,
      tag: 'samples',
      summary: 'Sample and findings as CSV, with what is needed to draw it again',
      params: sampleId,
      responses: { 200: { description: 'UTF-8 with a byte order mark', contentType: 'text/csv' } },
      problems: ['not-found', 'illegal-transition'],
      handler: async (call) => {
        const sample = await seen(call);
        if (!sample.drawnAt)
          throw new DomainError('illegal-transition', 'the sample is not drawn yet');
        if (sample.sweptAt)
          throw new DomainError('illegal-transition', 'what was drawn was destroyed');
        const items = await record.sampleItems(sample.id);
        await noted(call, 'sample-exported', sample, items);
        return {
          status: 200,
          bytes: csvFile(sampleRows(sample, items, await record.settledSeed(sample.id))),
          headers: {
            'Content-Disposition': `attachment; filename="${sample.id}.csv"`,
            'Cache-Control': 'no-store',
          },
        };
      },
    }),
  ];
}

function sampleRows(sample: SampleRow, items: readonly SampleItem[], settled: SettledSeed | null) {
  const { population, populationDigest } = sample;
  const { nonce, definition } = sampleOf(sample);
  const seed = sample.seed!;
  const head = [
    ['sample', sample.id, 'seed', toHex(seed), 'population', population],
    ...(settled
      ? [
          ['by', sample.madeBy, 'at', sample.madeAt.toISOString(), 'nonce', nonce],
          ['entry', settled.leafIndex, 'definition', definition, 'size', settled.size],
          ['head', settled.note],
        ]
      : []),
    ['from', sample.from.toISOString(), 'to', sample.to.toISOString(), 'digest', populationDigest],
    ['ordinal', 'id', 'authorization', 'key', 'finding', 'note', 'by', 'at'],
  ];
  const rows = items.flatMap(({ ordinal, id, authorizationId, findings }) => {
    const drawn = [ordinal, id, authorizationId, drawingKey(seed, id)];
    if (findings.length === 0) return [drawn];
    return findings.map(({ finding, note, staffId, at }) => [
      ...[...drawn, finding, note, staffId, toUtcSeconds(at)],
    ]);
  });
  return [...head, ...rows];
}

const sampleOf = (row: SampleRow) => ({
  ...{ id: row.id, institution: row.institutionId, kind: row.kind, wanted: row.wanted },
  ...{ from: toUtcSeconds(row.from), to: toUtcSeconds(row.to) },
  ...{ nonce: row.nonce && toHex(row.nonce), seed: row.seed && toHex(row.seed) },
  definition: row.nonce && sampleDefinition(row),
  ...{ madeBy: row.madeBy, madeAt: toUtcSeconds(row.madeAt) },
  drawnAt: row.drawnAt && toUtcSeconds(row.drawnAt),
  sweptAt: row.sweptAt && toUtcSeconds(row.sweptAt),
  ...{ population: row.population, populationDigest: row.populationDigest },
});

const settledOf = (it: SettledSeed | null) =>
  it && { entry: it.leafIndex, size: it.size, note: it.note, seed: toHex(it.seed) };

const itemOf = ({ ordinal, id, authorizationId, findings }: SampleItem) => ({
  ...{ ordinal, id, authorization: authorizationId },
  findings: findings.map(({ finding, note, staffId, at }) => ({
    ...{ finding, note, by: staffId, at: toUtcSeconds(at) },
  })),
});
